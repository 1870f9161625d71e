"""Why a file cannot be played."""

from __future__ import annotations


class NotATape(ValueError):
    """A file or folder that holds no tape, with the sentence for its owner."""

    def __init__(self, file: str, problem: str, *, line: int = 0) -> None:
        super().__init__(f"{file}, line {line}: {problem}" if line else f"{file}: {problem}")
        self.file = file
        self.line = line
        """0 where the whole file is meant."""
        self.problem = problem


class MissingReader(NotATape):
    """A format that needs a package which is not installed."""

    def __init__(self, file: str, package: str) -> None:
        super().__init__(
            file, f"Parquet files are read with the package {package}; install it or give CSV or zip"
        )
        self.package = package


class BadRow(ValueError):
    """A row that cannot be read; it is reported and skipped."""
