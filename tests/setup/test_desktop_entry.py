"""The double-click launcher: written for every system, quoted for any path, and never failing unseen."""

from __future__ import annotations

import base64
import os
import shutil
import struct
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.setup.launchers import environment_that, home, linux_only, project, script
from veighna_ext.setup.desktop_entry import LauncherError, install_desktop, uninstall_desktop
from veighna_ext.setup.launchers import linux, macos, windows
from veighna_ext.setup.launchers.ico import ico_file
from veighna_ext.setup.launchers.quoting import (
    batch_text,
    desktop_value,
    exec_argument,
    fill,
    powershell_literal,
)

__all__ = ["home", "project"]

PNG = b"\x89PNG\r\n\x1a\n"
SIZES = {16, 20, 24, 32, 48, 64, 128, 256}



def files_under(folder: Path) -> dict[Path, bytes]:
    return {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def line_of(entry: str, key: str) -> str:
    return next(line.partition("=")[2] for line in entry.splitlines() if line.startswith(f"{key}="))


def read_value(written: str) -> str:
    """A .desktop file's string value, read as the specification says."""
    meanings, text, rest = {"s": " ", "n": "\n", "t": "\t", "r": "\r", "\\": "\\"}, "", iter(written)
    for char in rest:
        text += meanings[next(rest)] if char == "\\" else char
    return text


def read_command(written: str) -> list[str]:
    """The arguments of an `Exec` value, read as the specification says."""
    arguments, word, quoted, rest = [], "", False, iter(read_value(written))
    for char in rest:
        if char == '"':
            quoted = not quoted
        elif char == "\\" and quoted:
            word += next(rest)
        elif char == "%":
            assert next(rest) == "%", "a field code that nobody meant"
            word += "%"
        elif char == " " and not quoted:
            arguments.append(word)
            word = ""
        else:
            assert quoted or char not in "\t\n'><~|&;$*?#()`", "a reserved character outside quotes"
            word += char
    return [*arguments, word]


@pytest.mark.skipif(shutil.which("desktop-file-validate") is None, reason="no desktop-file-validate here")
def test_the_menu_entry_passes_the_freedesktop_validator(home: Path, project: Path) -> None:
    install_desktop(project, Path(sys.executable), platform="linux", home=home)
    entry = home / ".local" / "share" / "applications" / "veighna_ext.desktop"
    done = subprocess.run(["desktop-file-validate", str(entry)], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout + done.stderr) == (0, "")


@given(st.text(st.characters(exclude_characters="\0", exclude_categories=["Cs"]), min_size=1))
def test_any_path_comes_back_unchanged_from_exec_and_path(text: str) -> None:
    assert read_command(desktop_value(f"/bin/sh {exec_argument(text)}")) == ["/bin/sh", text]
    assert read_value(desktop_value(text)) == text
    assert "\n" not in desktop_value(exec_argument(text))


def test_the_entry_names_the_icon_the_window_and_both_languages(home: Path, project: Path) -> None:
    entry = linux.desktop_file(home / "open.sh", project)
    assert read_command(line_of(entry, "Exec")) == ["/bin/sh", str(home / "open.sh")]
    assert read_value(line_of(entry, "Path")) == str(project)
    assert line_of(entry, "Icon") == line_of(entry, "StartupWMClass") == linux.APP_ID
    assert line_of(entry, "Terminal") == "false"
    for key in ("Name", "GenericName", "Comment", "Keywords"):
        assert line_of(entry, key)
        assert line_of(entry, f"{key}[zh_CN]")


def test_installing_twice_gives_the_same_files_and_uninstalling_takes_them_all_away(
    home: Path, project: Path
) -> None:
    foreign = home / ".local" / "share" / "applications" / "other.desktop"
    foreign.parent.mkdir(parents=True)
    foreign.touch()
    python = Path(sys.executable)
    written = install_desktop(project, python, platform="linux", home=home)
    first = files_under(home)
    assert set(written) <= set(first)
    assert home / "桌面" / "veighna_ext.desktop" in written
    icons = home / ".local" / "share" / "icons" / "hicolor"
    for size in SIZES:
        png = (icons / f"{size}x{size}" / "apps" / "veighna_ext.png").read_bytes()
        assert png.startswith(PNG)
        assert struct.unpack(">II", png[16:24]) == (size, size)
    assert (icons / "scalable" / "apps" / "veighna_ext.svg").is_file()
    assert all(os.access(path, os.X_OK) for path in written if path.suffix in (".desktop", ".sh"))

    assert install_desktop(project, python, platform="linux", home=home) == written
    assert files_under(home) == first

    assert set(uninstall_desktop(platform="linux", home=home)) == set(written)
    assert not any("veighna_ext" in path.name or "launcher" in path.name for path in files_under(home))
    assert foreign.exists()
    assert uninstall_desktop(platform="linux", home=home) == []


@pytest.mark.parametrize(
    ("listed", "there", "expected"),
    [
        ('XDG_DESKTOP_DIR="$HOME/Schreibtisch"', "Schreibtisch", "Schreibtisch"),
        ('XDG_DESKTOP_DIR="$HOME/a\\$b"', "a$b", "a$b"),
        ('XDG_DESKTOP_DIR="$HOME/"', "Desktop", None),
        ('XDG_DESKTOP_DIR="$HOME/gone"', "Desktop", None),
        (None, "Desktop", "Desktop"),
        (None, "Documents", None),
    ],
)
def test_the_desktop_is_the_folder_the_user_has_under_its_own_name(
    tmp_path: Path, listed: str | None, there: str, expected: str | None
) -> None:
    (tmp_path / there).mkdir()
    (tmp_path / ".config").mkdir()
    if listed is not None:
        (tmp_path / ".config" / "user-dirs.dirs").write_text(listed, encoding="utf-8")
    assert linux.places(tmp_path).desktop == (tmp_path / expected if expected else None)


def test_the_users_own_folders_are_those_of_the_environment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_DATA_HOME", str(tmp_path / "data"))
    assert linux.places().data == tmp_path / "data"
    monkeypatch.setenv("XDG_DATA_HOME", "relative")
    assert linux.places().data == Path.home() / ".local" / "share"


def test_a_home_that_cannot_be_written_is_one_sentence(tmp_path: Path) -> None:
    (tmp_path / ".local").write_text("a file where a folder should be", encoding="utf-8")
    with pytest.raises(LauncherError, match=r"could not be written.*\.local"):
        install_desktop(tmp_path, Path(sys.executable), platform="linux", home=tmp_path)


def test_an_environment_that_cannot_draw_is_one_sentence_that_names_the_doctor(tmp_path: Path) -> None:
    python = script(tmp_path / "python", 'echo "libEGL.so.1: cannot open" >&2; exit 1')
    with pytest.raises(LauncherError, match=r"libEGL\.so\.1.*doctor"):
        install_desktop(tmp_path, python, platform="darwin" if os.name == "nt" else "linux", home=tmp_path)


@linux_only
@pytest.mark.skipif(shutil.which("gio") is None, reason="gio is not installed")
def test_the_desktop_itself_starts_the_launcher_from_an_awkward_path(home: Path, project: Path) -> None:
    opened = home / "opened"
    starter = f'[ "$2" = veighna_ext ] || exec "{sys.executable}" "$@"; pwd >"$HOME/opened"'
    install_desktop(project, environment_that(home, starter), platform="linux", home=home)
    entry = home / ".local" / "share" / "applications" / "veighna_ext.desktop"
    # the launched program inherits the pipe, so the end of the output is the end of the program
    subprocess.run(
        ["gio", "launch", str(entry)], env={**os.environ, "HOME": str(home)},
        stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=30, check=True,
    )
    assert opened.read_text(encoding="utf-8") == f"{project}\n"


def test_an_icon_file_lists_every_picture_and_where_it_lies() -> None:
    pictures = {size: PNG + bytes([size % 251]) * size for size in SIZES}
    written = ico_file(pictures)
    assert struct.unpack_from("<HHH", written) == (0, 1, len(SIZES))
    found = {}
    for index in range(len(SIZES)):
        width, height, palette, reserved, planes, depth, length, offset = struct.unpack_from(
            "<BBBBHHII", written, 6 + 16 * index
        )
        assert (width, palette, reserved, planes, depth) == (height, 0, 0, 1, 32)
        found[width or 256] = written[offset:offset + length]
    assert found == pictures
    assert len(written) == 6 + 16 * len(SIZES) + sum(map(len, pictures.values()))


def test_the_batch_file_opens_the_desktop_and_shows_a_failure() -> None:
    checkout = r"C:\交易 100%\vn & co"
    text = windows.batch_file(Path(checkout), Path(checkout + r"\.venv\Scripts\python.exe"))
    assert text.isascii() is False
    assert text.count("\n") == text.count("\r\n")
    assert text.startswith("@echo off\r\nchcp 65001 >nul\r\n")
    assert r'cd /d "C:\交易 100%%\vn & co"' in text
    assert r'"C:\交易 100%%\vn & co\.venv\Scripts\python.exe" -m veighna_ext' in text
    assert "Popup($text, 0, 'VeighNa Trader', 16)" in text
    for label in ("setup", "moved", "show", "visible_setup"):
        assert f"\r\n:{label}\r\n" in text
        assert f"goto {label}\r\n" in text


def test_a_shortcut_runs_the_batch_file_minimised_with_our_icon() -> None:
    text = windows.shortcut_script(Path("C:/it's/open.bat"), Path("C:/项目"), Path("C:/a.ico"))
    assert "$link.Arguments = '/c \"\"' + 'C:/it''s/open.bat' + '\"\"'" in text
    assert "$link.WorkingDirectory = 'C:/项目'" in text
    assert "$link.IconLocation = 'C:/a.ico'" in text
    assert "$link.WindowStyle = 7" in text
    command = windows.powershell_command("powershell", text)
    assert base64.b64decode(command[-1]).decode("utf-16-le") == text


@linux_only
def test_windows_answers_the_shortcuts_that_windows_made(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    link = tmp_path / "桌面" / "VeighNa Trader.lnk"
    script(tmp_path / "bin" / "powershell", f'mkdir -p "{link.parent}"; : >"{link}"; echo "{link}"')
    monkeypatch.setenv("PATH", str(tmp_path / "bin"), prepend=os.pathsep)
    written = install_desktop(project, Path(sys.executable), platform="win32", home=tmp_path)
    own = tmp_path / "AppData" / "Local" / "veighna_ext"
    assert written == [own / "open.bat", own / "veighna_ext.ico", link]
    assert (own / "veighna_ext.ico").read_bytes()[:4] == b"\0\0\1\0"
    assert set(uninstall_desktop(platform="win32", home=tmp_path)) == set(written)
    assert not link.exists()
    assert not own.exists()


@linux_only
def test_windows_without_powershell_gets_a_batch_file_on_the_desktop(
    tmp_path: Path, project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "Desktop").mkdir()
    monkeypatch.setenv("PATH", str(tmp_path))
    written = install_desktop(project, Path(sys.executable), platform="win32", home=tmp_path)
    assert written[-1] == tmp_path / "Desktop" / "VeighNa Trader.bat"
    assert written[-1].read_bytes() == written[0].read_bytes()


@linux_only
def test_the_mac_file_opens_the_desktop_and_falls_back_to_the_set_up(tmp_path: Path, project: Path) -> None:
    (written,) = install_desktop(project, tmp_path / "gone", platform="darwin", home=tmp_path)
    assert written == tmp_path / "Desktop" / "VeighNa Trader.command"
    python = environment_that(tmp_path, 'printf "%s|" "$PWD" "$@"')
    system = script(tmp_path / "bin" / "python3", 'printf "set-up %s|" "$@"').parent

    def open_with(interpreter: Path) -> str:
        install_desktop(project, interpreter, platform="darwin", home=tmp_path)
        environment = {"PATH": str(system)}
        done = subprocess.run([str(written)], env=environment, capture_output=True, text=True, check=True)
        return done.stdout

    assert open_with(python) == f"{project}|-m|veighna_ext|"
    assert open_with(tmp_path / "gone") == "set-up run.py|"
    assert shutil.which("VeighNa Trader.command", path=str(written.parent)) is not None
    assert uninstall_desktop(platform="darwin", home=tmp_path) == [written]


@pytest.mark.parametrize(
    ("quote", "text", "expected"),
    [
        (batch_text, '50% of "it"', "50%% of 'it'"),
        (powershell_literal, "it's ‘$x’", "'it''s ‘‘$x’’'"),
        (desktop_value, " a\nb\\", "\\sa\\nb\\\\"),
    ],
)
def test_each_language_of_a_launcher_has_its_own_quotes(
    quote: Callable[[str], str], text: str, expected: str
) -> None:
    assert quote(text) == expected


def test_a_value_that_looks_like_a_place_is_left_alone() -> None:
    assert fill("@A@ @B@", {"A": "@B@", "B": "b"}) == "@B@ b"
    assert macos.command_file(Path("/p/@PYTHON@"), Path("/x")).count("/p/@PYTHON@") == 2
