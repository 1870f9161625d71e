"""The doctor answers in every state a computer can be in, and never with a traceback."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.setup.mini import Mini, make
from veighna_ext.setup import doctor, examinations
from veighna_ext.setup.environment import PROJECT, Environment
from veighna_ext.setup.examinations import Patient
from veighna_ext.setup.findings import MISSING, NOTE, Finding


def by_key(findings: list[Finding]) -> dict[str, Finding]:
    return {finding.key: finding for finding in findings}


def examined(examination: Any, trader: Path, versions: dict[str, str] | None = None) -> dict[str, Finding]:
    patient = Patient(Environment(PROJECT), Path(sys.executable), trader, versions or {})
    return by_key(list(examination(patient)))


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A checkout that was never started."""
    return make(tmp_path_factory.mktemp("mini"))


def test_before_anything_is_installed_it_says_so_and_how_to_install(mini: Mini) -> None:
    done = mini.start("doctor")
    assert done.returncode == 1
    assert "Traceback" not in done.stdout + done.stderr
    assert "not installed yet" in done.stdout
    assert done.stdout.splitlines()[-1].startswith("Needed and missing: Environment")


def test_its_json_can_be_read_by_machines(mini: Mini) -> None:
    done = mini.start("doctor", "--json")
    answer = json.loads(done.stdout)
    assert answer["ok"] is False
    assert {"key", "name", "value", "status", "advice"} == set(answer["findings"][0])
    assert "environment" in {finding["key"] for finding in answer["findings"]}


def test_it_does_not_make_what_it_looks_for(mini: Mini, tmp_path: Path) -> None:
    mini.start("--data-dir", str(tmp_path / "none"), "doctor")
    assert not (tmp_path / "none").exists()
    assert not mini.environment.folder.exists()


def test_a_terminal_that_cannot_show_chinese_gets_an_answer_too(mini: Mini) -> None:
    done = mini.start("--lang", "zh", "doctor", PYTHONIOENCODING="ascii", LC_ALL="C")
    assert done.returncode == 1
    assert "Traceback" not in done.stderr


def test_inside_an_environment_it_names_versions_and_apps(tmp_path: Path) -> None:
    found = examined(examinations.packages, tmp_path)
    assert found["vnpy"].value == "4.5.0"
    assert found["pyside6"].value == "6.8.2.1"
    assert "ctastrategy" in found["apps"].value
    assert found["gateways"].value.startswith("binance")


def test_without_a_display_it_says_so_and_still_reads_the_fonts(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("DISPLAY", "WAYLAND_DISPLAY", "QT_QPA_PLATFORM"):
        monkeypatch.delenv(name, raising=False)
    found = examined(examinations.screens, tmp_path, {"vnpy": "4.5.0"})
    assert found["display"].status == (NOTE if sys.platform.startswith("linux") else "ok")
    assert found["qt"].value.startswith("6.8")
    assert found["ui-font"].value


def test_a_platform_that_qt_cannot_start_is_missing_with_qts_own_words(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "nonsense")
    found = examined(examinations.screens, tmp_path, {"vnpy": "4.5.0"})
    assert found["platform"].status == MISSING
    assert "nonsense" in found["platform"].value


def test_the_screen_is_described_with_its_size_and_scale(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("QT_QPA_PLATFORM", "minimal")
    found = examined(examinations.screens, tmp_path, {"vnpy": "4.5.0"})
    assert "minimal" in found["platform"].value
    assert "DPI" in found["screen-0"].value
    assert found["screen-0"].value.endswith("%")


def test_the_risk_manager_left_out_comes_with_the_line_that_adds_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", "/nonexistent")
    monkeypatch.delenv("CC", raising=False)
    found = examined(examinations.optional_parts, tmp_path, {"vnpy": "4.5.0"})
    assert found["riskmanager"].status == NOTE
    assert found["riskmanager"].advice.endswith("python3 run.py add riskmanager")
    assert "400 MB" in found["qt-addons"].value


def test_a_folder_that_cannot_be_written_is_missing_with_advice(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    found = examined(examinations.folders, tmp_path / "file")
    assert found["folder-data"].status == MISSING
    assert "--data-dir" in found["folder-data"].advice


def test_an_examination_that_breaks_is_a_finding(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(patient: Patient) -> Iterator[Finding]:
        raise OSError("the disk is on fire")

    monkeypatch.setattr(doctor, "EXAMINATIONS", (("broken", broken),))
    (finding,) = doctor.collect(tmp_path, tmp_path)
    assert finding.status == MISSING
    assert "the disk is on fire" in finding.value


def test_the_report_lines_up_in_chinese_too() -> None:
    lines = doctor.report([Finding("a", "系统", "x"), Finding("b", "Python", "y", NOTE, "z")]).splitlines()
    assert lines[0] == "  系统    x"
    assert lines[1] == "- Python  y"
    assert lines[2] == "          -> z"


def test_the_verdict_names_what_is_missing_once() -> None:
    findings = [
        Finding("a", "Font", "", MISSING),
        Finding("b", "Font", "", MISSING),
        Finding("c", "Other", ""),
    ]
    assert doctor.verdict(findings) == "Needed and missing: Font."
    assert doctor.verdict(findings[2:]) == "Everything that is needed is there."


def test_the_set_up_runs_where_nothing_is_installed() -> None:
    names = [path.stem for path in (PROJECT / "veighna_ext" / "setup").glob("*.py")]
    code = "import sys, importlib; sys.path.insert(0, sys.argv[1])\n" + "\n".join(
        f"importlib.import_module('veighna_ext.setup.{name}')" for name in names if name != "__init__"
    )
    done = subprocess.run(
        [os.path.realpath(sys.executable), "-I", "-S", "-c", code, str(PROJECT)],
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_installed_program_has_the_doctor_too() -> None:
    code = "from veighna_ext.launch import console; console()"
    done = subprocess.run(
        [sys.executable, "-c", code, "doctor", "--json"],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        timeout=60,
        check=False,
    )
    found = {finding["key"] for finding in json.loads(done.stdout)["findings"]}
    assert {"version", "python", "system"} <= found
