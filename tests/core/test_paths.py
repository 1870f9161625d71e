"""What the user is told to type is what exists where the program was installed."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from veighna_ext.core import paths


def test_in_a_checkout_everything_is_asked_of_run_py() -> None:
    assert paths.own_command("doctor") == "python3 run.py doctor"
    assert paths.adding("riskmanager", "vnpy_riskmanager") == "python3 run.py add riskmanager"


def test_an_installed_program_names_itself_and_pip(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(paths, "_PACKAGE", tmp_path / "site-packages" / "veighna_ext")
    assert paths.own_command("doctor") == "veighna-ext doctor"
    added = paths.adding("riskmanager", "vnpy_riskmanager")
    assert added == paths.install_command("vnpy_riskmanager")
    assert sys.executable in added
