"""From a bare machine to a running desktop: the commands of `run.py`. Standard library only."""
