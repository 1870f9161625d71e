"""VeighNa Trader as a packaged desktop, with three apps of its own beside the official ones."""

__version__ = "0.1.0"
