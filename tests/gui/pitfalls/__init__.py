"""What ends, freezes or breaks the stock window, done to the desktop with the official apps loaded."""
