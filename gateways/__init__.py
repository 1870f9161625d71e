"""vnpy gateways of our own, one folder each, every one importable without the rest of the desktop."""
