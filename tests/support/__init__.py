"""What the test suite stands on: a world of its own to run in, and detectors of what a test leaves behind."""
