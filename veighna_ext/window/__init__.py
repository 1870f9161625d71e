"""The main window and the parts only it uses: banner, docks, panels, palette, notifications, status bar."""
