"""Qt widgets that more than one window of the desktop uses."""
