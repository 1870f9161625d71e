"""The first start, its interruptions and the second start, with real environments of a small checkout."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.setup.mini import Mini, make
from veighna_ext.setup import lock
from veighna_ext.setup.environment import Environment
from veighna_ext.setup.turn import turn

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="the small checkout is a POSIX one")

NO_INDEX = {
    "PIP_NO_INDEX": "0",
    "PIP_FIND_LINKS": "",
    "PIP_INDEX_URL": "http://127.0.0.1:9/simple",
    "PIP_RETRIES": "0",
}


@pytest.fixture(scope="module")
def mini(tmp_path_factory: pytest.TempPathFactory) -> Mini:
    """A small checkout, started once without network and once with; what they said is kept beside it."""
    made = make(tmp_path_factory.mktemp("mini"))
    (made.wheels / "offline.json").write_text(json.dumps(said(made.start(**NO_INDEX))), encoding="utf-8")
    (made.wheels / "first.json").write_text(json.dumps(said(made.start("--demo"))), encoding="utf-8")
    return made


def said(done: subprocess.CompletedProcess[str]) -> dict[str, str]:
    return {"code": str(done.returncode), "out": done.stdout, "err": done.stderr}


def recorded(mini: Mini, name: str) -> dict[str, str]:
    answer: dict[str, str] = json.loads((mini.wheels / f"{name}.json").read_text(encoding="utf-8"))
    return answer


def test_without_network_it_says_so_in_one_sentence(mini: Mini) -> None:
    answer = recorded(mini, "offline")
    assert answer["code"] == "4"
    assert answer["err"].splitlines()[-1].startswith("The package index cannot be reached.")
    assert "Traceback" not in answer["err"]
    assert answer["out"] == ""


def test_the_next_start_goes_on_and_opens_the_desktop(mini: Mini) -> None:
    answer = recorded(mini, "first")
    assert answer["err"].startswith("Going on with a set-up that was interrupted.")
    assert answer["code"] == "0"
    desktop = json.loads(answer["out"])
    assert desktop == {"arguments": ["--demo"], "python": str(mini.environment.python)}


def test_progress_names_each_step_and_package(mini: Mini) -> None:
    lines = recorded(mini, "first")["err"].splitlines()
    assert "  Build tools: 1 of 1, tool" in lines
    assert "  VeighNa and its apps: 1 of 1, vnpy" in lines
    assert not [line for line in lines if "Collecting" in line or "Successfully" in line]


def test_a_computer_without_compiler_goes_without_the_risk_manager(mini: Mini) -> None:
    assert "The risk manager is left out (no C compiler)." in recorded(mini, "first")["err"]
    stamp = mini.environment.stamp()
    assert stamp is not None
    assert stamp.left_out == {"riskmanager": "no C compiler"}


def test_the_second_start_installs_nothing(mini: Mini) -> None:
    log = mini.environment.log_file.stat().st_mtime_ns
    done = mini.start(**NO_INDEX)
    assert (done.returncode, done.stderr) == (0, "")
    assert mini.environment.log_file.stat().st_mtime_ns == log


def test_a_changed_lock_installs_only_what_changed(mini: Mini) -> None:
    mini.provide(lock.DESKTOP, "vnpy", "4.5.1", {"vnpy.py": "NEW = 1"})
    done = mini.start()
    assert done.returncode == 0, done.stderr
    assert "  VeighNa and its apps: 1 of 1, vnpy" in done.stderr.splitlines()
    assert "Build tools" not in done.stderr
    assert (mini.environment.site_packages / "vnpy-4.5.1.dist-info").is_dir()


def test_a_file_that_is_not_the_one_checked_is_not_installed(mini: Mini) -> None:
    pins = lock.lock_file(mini.project, lock.DESKTOP)
    good = pins.read_text(encoding="utf-8")
    forged = [lock.Pin("vnpy", "4.5.0", "", ("0" * 64,))]
    pins.write_text(lock.write_pins(forged, "test"), encoding="utf-8")
    done = mini.start()
    pins.write_text(good, encoding="utf-8")
    assert done.returncode == 1
    assert "A downloaded file is not the one that was checked" in done.stderr
    assert mini.start().returncode == 0


def test_two_starts_at_once_take_turns(mini: Mini) -> None:
    mini.provide(lock.BUILD, "tool", "1.1", {"tool.py": ""})
    with turn(mini.environment.turn_file, pytest.fail):
        second = mini.begin()
        assert second.stderr is not None
        waiting = second.stderr.readline()
    out, _err = second.communicate(timeout=60)
    assert waiting.startswith("Another start is setting up this folder")
    assert second.returncode == 0
    assert "arguments" in out


def test_an_environment_whose_python_is_gone_is_made_again(mini: Mini) -> None:
    mini.environment.python.unlink()
    mini.environment.python.symlink_to("/nonexistent/python3")
    done = mini.start()
    assert "making it again" in done.stderr
    assert done.returncode == 0


def test_what_the_user_set_for_pip_does_not_lead_the_packages_astray(mini: Mini, tmp_path: Path) -> None:
    mini.provide(lock.BUILD, "tool", "1.2", {"tool.py": ""})
    done = mini.start(PIP_TARGET=str(tmp_path / "elsewhere"), PIP_USER="1", PYTHONPATH=str(tmp_path))
    assert done.returncode == 0, done.stderr
    assert (mini.environment.site_packages / "tool-1.2.dist-info").is_dir()
    assert not (tmp_path / "elsewhere").exists()


def test_adding_the_risk_manager_without_compiler_names_what_to_install(mini: Mini) -> None:
    done = mini.start("add", "riskmanager")
    assert done.returncode == 8
    assert "no C compiler" in done.stderr
    assert "run.py add riskmanager" in done.stderr


def test_the_test_command_ends_as_pytest_does(mini: Mini) -> None:
    for code in (0, 1, 5):
        done = mini.start("test", str(code), "-x")
        assert done.returncode == code, done.stderr
    ran = json.loads(done.stdout)
    assert ran["arguments"] == ["5", "-x", "tests"]
    assert ran["folder"] == str(mini.project)


def test_the_tests_see_nothing_of_the_users_settings(mini: Mini) -> None:
    done = mini.start(
        "test", "0", LANG="zh_CN.UTF-8", QT_SCALE_FACTOR="2", XDG_CONFIG_HOME="/users", PYTHONPATH="/x"
    )
    seen = json.loads(done.stdout)["environment"]
    assert seen["HOME"] != os.environ["HOME"]
    assert not Path(seen["HOME"]).exists(), "the temporary home is removed"
    assert (seen["LANG"], seen["QT_SCALE_FACTOR"]) == ("C.UTF-8", "1")
    assert seen["XDG_CONFIG_HOME"].startswith(seen["HOME"])
    assert "PYTHONPATH" not in seen


def test_without_xvfb_the_windows_are_tested_in_memory(mini: Mini) -> None:
    done = mini.start("test", "0", DISPLAY=":99")
    seen = json.loads(done.stdout)["environment"]
    assert seen["QT_QPA_PLATFORM"] == "offscreen"
    assert "DISPLAY" not in seen
    assert "There is no virtual screen" in done.stderr


def test_stopping_the_test_command_stops_pytest_too(mini: Mini) -> None:
    running = mini.begin("test", "0", "wait")
    assert running.stdout is not None
    home = Path(json.loads(running.stdout.readline())["environment"]["HOME"])
    running.terminate()
    running.communicate(timeout=8)
    assert running.returncode == 143
    assert not home.exists()


def test_a_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    if os.geteuid() == 0:
        pytest.skip("root can write everywhere")
    mini = make(tmp_path)
    mini.project.chmod(0o555)
    done = mini.start()
    mini.project.chmod(0o755)
    assert done.returncode == 7
    assert done.stderr.strip() == (
        f"{mini.project} cannot be written. Move the project to a folder of your own and start again."
    )


@pytest.mark.nightly
@pytest.mark.skipif(not os.environ.get("VEIGHNA_NIGHTLY"), reason="downloads and installs everything")
@pytest.mark.timeout(1200)
def test_a_real_first_start_installs_everything_and_the_doctor_agrees(tmp_path: Path) -> None:
    project = Path(__file__).resolve().parents[2]
    subprocess.run(["git", "clone", "-q", str(project), str(tmp_path / "clone")], check=True)
    command = [os.path.realpath(sys.executable), str(tmp_path / "clone" / "run.py")]
    subprocess.run([*command, "add", "qt-addons"], check=True, timeout=1000)
    doctor = subprocess.run(
        [*command, "doctor", "--json"], capture_output=True, encoding="utf-8", check=False
    )
    answer = json.loads(doctor.stdout)
    assert answer["ok"], answer
    assert Environment(tmp_path / "clone").ready(lock.DESKTOP_PARTS)
