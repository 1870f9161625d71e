"""`run.py check`: style, types and the direction of imports."""

from __future__ import annotations

import subprocess

from veighna_ext.setup import lock
from veighna_ext.setup.environment import Environment
from veighna_ext.setup.install import ensure
from veighna_ext.setup.progress import Progress
from veighna_ext.setup.testing import PARTS as TEST_PARTS

PARTS = (*TEST_PARTS, lock.DEV)

CHECKS = (
    ("-m", "ruff", "check", "."),
    ("-m", "mypy"),
    ("-c", "from importlinter.cli import lint_imports_command; lint_imports_command()"),
)


def run(environment: Environment, progress: Progress) -> int:
    """All of them, also after one has failed."""
    ensure(environment, PARTS, progress)
    failed = 0
    for check in CHECKS:
        done = subprocess.run(environment.run_arguments(*check), cwd=environment.project, check=False)
        failed |= done.returncode
    return 1 if failed else 0
