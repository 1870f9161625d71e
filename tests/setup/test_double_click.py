"""A double click on Linux: it opens the desktop, or says why it did not to someone who has no terminal."""

from __future__ import annotations

import shutil
import subprocess
from pathlib import Path

import pytest

from tests.setup.launchers import environment_that, home, linux_only, project, script
from veighna_ext.setup.launchers import linux

__all__ = ["home", "project"]

pytestmark = linux_only


class DoubleClick:
    """Runs the launcher's script where only the programs a test names exist."""

    def __init__(self, folder: Path, project: Path) -> None:
        self.folder = folder
        self.project = project
        self.shown = folder / "shown"
        self.programs = folder / "bin"
        self.programs.mkdir()
        for name in ("sh", "mkdir", "grep", "tail", "fold"):
            found = shutil.which(name)
            assert found is not None
            (self.programs / name).symlink_to(found)

    def has(self, name: str, body: str) -> None:
        script(self.programs / name, body)

    def __call__(self, python: Path) -> int:
        opener = script(self.folder / "open.sh", linux.open_script(self.project, python).partition("\n")[2])
        environment = {"PATH": str(self.programs), "HOME": str(self.folder), "SHOWN": str(self.shown)}
        return subprocess.run(
            ["/bin/sh", str(opener)], env=environment, capture_output=True, timeout=30, check=False
        ).returncode

    def text(self) -> str:
        return self.shown.read_text(encoding="utf-8") if self.shown.exists() else ""


@pytest.fixture
def double_click(tmp_path: Path, project: Path) -> DoubleClick:
    """A desktop with nothing but zenity to show a message."""
    click = DoubleClick(tmp_path, project)
    click.has("zenity", 'printf "%s\\n" "$@" >"$SHOWN"')
    return click


def test_a_double_click_opens_the_desktop_in_the_project_folder(
    tmp_path: Path, project: Path, double_click: DoubleClick
) -> None:
    python = environment_that(tmp_path, 'printf "%s|" "$PWD" "$@" >"$SHOWN"')
    assert double_click(python) == 0
    assert double_click.text() == f"{project}|-m|veighna_ext|"


def test_a_desktop_that_cannot_start_shows_its_own_sentence_and_the_log(
    tmp_path: Path, double_click: DoubleClick
) -> None:
    python = environment_that(tmp_path, 'printf "Traceback\\nthe data folder is read-only\\n\\n" >&2; exit 3')
    assert double_click(python) == 3
    log = tmp_path / ".cache" / "veighna_ext" / "last-start.log"
    assert "the data folder is read-only" in double_click.text()
    assert "Traceback" not in double_click.text()
    assert str(log) in double_click.text()
    assert "Traceback" in log.read_text(encoding="utf-8")


@pytest.mark.parametrize("signal_number", [1, 2, 9, 15])
def test_a_desktop_ended_by_the_user_or_the_session_shows_nothing(
    tmp_path: Path, double_click: DoubleClick, signal_number: int
) -> None:
    assert double_click(environment_that(tmp_path, f"kill -{signal_number} $$")) == 128 + signal_number
    assert double_click.text() == ""


def test_a_crash_is_shown(tmp_path: Path, double_click: DoubleClick) -> None:
    assert double_click(environment_that(tmp_path, "kill -6 $$")) == 134
    assert "error" in double_click.text()


@pytest.mark.parametrize("terminal", ["xterm", "x-terminal-emulator", "konsole", "gnome-terminal"])
def test_a_vanished_environment_is_set_up_again_in_a_terminal(
    project: Path, double_click: DoubleClick, terminal: str
) -> None:
    double_click.has(terminal, 'while [ "$1" != -e ] && [ "$1" != -- ]; do shift; done; shift; exec "$@"')
    double_click.has("python3", 'printf "%s|" "$PWD" "$@" >"$SHOWN"')
    assert double_click(project / "no" / "python") == 0
    assert double_click.text() == f"{project}|run.py|"


def test_a_vanished_environment_without_a_terminal_says_what_to_type(
    project: Path, double_click: DoubleClick
) -> None:
    assert double_click(project / "no" / "python") == 1
    assert "python3 run.py" in double_click.text()
    assert str(project) in double_click.text()


def test_a_moved_project_says_what_to_do(tmp_path: Path, project: Path, double_click: DoubleClick) -> None:
    project.rename(tmp_path / "elsewhere")
    assert double_click(Path("/bin/true")) == 1
    assert "install-desktop" in double_click.text()


@pytest.mark.parametrize("program", ["kdialog", "notify-send", "xterm", "xmessage"])
def test_a_message_finds_whatever_can_show_it(
    tmp_path: Path, double_click: DoubleClick, program: str
) -> None:
    (tmp_path / "bin" / "zenity").unlink()
    double_click.has(program, 'printf "%s\\n" "$@" >"$SHOWN"')
    assert double_click(environment_that(tmp_path, "echo no display >&2; exit 1")) == 1
    assert "no display" in double_click.text()
