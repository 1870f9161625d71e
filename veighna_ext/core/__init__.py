"""Qt-free plumbing that every part of the desktop shares."""
