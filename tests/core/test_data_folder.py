"""The trader folder: entered, checked, ours alone, and never emptied."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from veighna_ext.core import data_folder
from veighna_ext.core.data_folder import InstanceLock
from veighna_ext.core.problems import StartupProblem


def test_a_named_folder_is_made_and_entered(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    folder = data_folder.choose(tmp_path / "交易 data")
    assert folder == tmp_path / "交易 data"
    assert Path.cwd() == folder
    assert (folder / ".vntrader").is_dir()


def test_without_a_name_vnpys_own_rule_holds(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", str(tmp_path / "home"))
    (tmp_path / "home").mkdir()
    (tmp_path / "here").mkdir()
    monkeypatch.chdir(tmp_path / "here")
    assert data_folder.choose(None) == tmp_path / "home"
    (tmp_path / "here" / ".vntrader").mkdir()
    assert data_folder.choose(None) == tmp_path / "here"


def test_a_folder_that_cannot_be_made_is_named_in_one_sentence(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(StartupProblem, match="cannot be written") as problem:
        data_folder.choose(tmp_path / "file")
    assert str(tmp_path / "file") in str(problem.value)
    assert "\n" not in str(problem.value)


def test_a_full_disk_is_called_a_full_disk(tmp_path: Path) -> None:
    limited = (
        "import resource, signal, sys; signal.signal(signal.SIGXFSZ, signal.SIG_IGN);"
        "resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000));"
        "from pathlib import Path; from veighna_ext.core import data_folder\n"
        "try: data_folder.choose(Path(sys.argv[1]))\n"
        "except Exception as problem: print(type(problem).__name__, problem)"
    )
    root = Path(__file__).parents[2]
    answer = subprocess.run(
        [sys.executable, "-c", limited, str(tmp_path / "d")],
        capture_output=True,
        text=True,
        check=True,
        cwd=root,
        env={**os.environ, "PYTHONPATH": str(root)},
    )
    assert answer.stdout.startswith("StartupProblem The disk that holds")
    assert list((tmp_path / "d" / ".vntrader" / "veighna_ext").iterdir()) == []


def test_a_second_desktop_on_one_folder_is_refused_until_the_first_ends(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    data_folder.choose(tmp_path)
    first = InstanceLock(tmp_path)
    with pytest.raises(StartupProblem, match="already running") as problem:
        InstanceLock(tmp_path)
    assert problem.value.exit_code == 3
    first.release()
    InstanceLock(tmp_path).release()


def test_a_killed_desktop_leaves_no_lock_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    data_folder.choose(tmp_path)
    holder = (
        "import sys; from pathlib import Path; from veighna_ext.core.data_folder import InstanceLock;"
        "lock = InstanceLock(Path(sys.argv[1])); print('held', flush=True); sys.stdin.read()"
    )
    root = Path(__file__).parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", holder, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(root)},
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "held\n"
        with pytest.raises(StartupProblem):
            InstanceLock(tmp_path)
        process.kill()
        process.wait()
        InstanceLock(tmp_path).release()


def test_vnpys_unreadable_files_are_kept_aside_and_the_good_ones_stay(tmp_path: Path) -> None:
    folder = tmp_path / ".vntrader"
    folder.mkdir()
    (folder / "vt_setting.json").write_text('{"font.size": 12')
    (folder / "cta_strategy_data.json").write_text("")
    (folder / "connect_ctp.json").write_text('{"用户名": "me"}')
    (folder / "numbers.json").write_text("3")

    sentences = data_folder.set_aside_unreadable(tmp_path)

    assert [sentence.split(" ")[0] for sentence in sentences] == [
        "cta_strategy_data.json",
        "numbers.json",
        "vt_setting.json",
    ]
    assert sorted(path.name for path in folder.glob("*.json")) == ["connect_ctp.json"]
    kept = {path.read_text() for path in folder.glob("*.unreadable-*")}
    assert kept == {'{"font.size": 12', "", "3"}
