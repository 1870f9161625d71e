"""Asks the environment's own Python what it holds, from whatever Python we run on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
from dataclasses import dataclass, field
from pathlib import Path

TIMEOUT_S = 60

_VERSIONS = """
import importlib.metadata as m, json
print(json.dumps({d.name.lower().replace("_", "-"): d.version for d in m.distributions() if d.name}))
"""


@dataclass(frozen=True)
class QtAnswer:
    """What Qt said when started on a platform plugin, or why it could not be."""

    facts: dict[str, object] = field(default_factory=dict)
    error: str = ""


def versions(python: Path) -> dict[str, str]:
    """Every installed package and its version."""
    done = _ask(python, ["-c", _VERSIONS], {})
    return {str(name): str(version) for name, version in json.loads(done.stdout).items()}


def download_cache(python: Path) -> str:
    """Where pip keeps what it has downloaded."""
    return _ask(python, ["-m", "pip", "cache", "dir", "--disable-pip-version-check"], {}).stdout.strip()


def qt(python: Path, platform: str) -> QtAnswer:
    """Start Qt on `platform` (Qt's own choice when empty) in a process that may die of it."""
    surroundings = {"QT_QPA_PLATFORM": platform} if platform else {}
    try:
        done = _ask(python, ["-m", "veighna_ext.setup.qt_probe"], surroundings)
    except subprocess.TimeoutExpired:
        return QtAnswer(error=f"no answer in {TIMEOUT_S} s")
    if done.returncode == 0:
        return QtAnswer(json.loads(done.stdout.strip().splitlines()[-1]))
    said = [line for line in done.stderr.strip().splitlines() if line.strip()]
    if done.returncode == -signal.SIGABRT and len(said) > 1:
        said = [line for line in said if "could not" in line.lower() or "needed" in line.lower()] or said
        return QtAnswer(error=said[0])
    return QtAnswer(error=said[-1] if said else f"exit code {done.returncode}")


def _ask(
    python: Path, arguments: list[str], surroundings: dict[str, str]
) -> subprocess.CompletedProcess[str]:
    project = str(Path(__file__).resolve().parents[2])
    return subprocess.run(
        [str(python), *arguments],
        capture_output=True,
        encoding="utf-8",
        errors="replace",
        timeout=TIMEOUT_S,
        check=False,
        env={**os.environ, "PYTHONUTF8": "1", "PYTHONPATH": project, **surroundings},
    )
