"""A reason not to start, in one sentence for the person who reads it."""

from __future__ import annotations


class StartupProblem(Exception):
    """Its text is the sentence to show; `exit_code` is the process's."""

    def __init__(self, sentence: str, exit_code: int = 1) -> None:
        super().__init__(sentence)
        self.exit_code = exit_code
