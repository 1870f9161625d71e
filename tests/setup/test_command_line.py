"""The command line is checked before anything is installed, on any Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from veighna_ext import __version__
from veighna_ext.core.problems import StartupProblem
from veighna_ext.setup.environment import PROJECT
from veighna_ext.setup.install import check_python
from veighna_ext.setup.launchers.files import put, remember
from veighna_ext.setup.options import START, parse, peek_language

RUN = PROJECT / "run.py"


def run(*arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
    """`run.py` of a checkout without environment, with no site packages at all."""
    return subprocess.run(
        [sys.executable, "-I", "-S", "-c", _WITHOUT_PACKAGES, *arguments],
        capture_output=True,
        encoding="utf-8",
        env={**os.environ, **changes},
        timeout=60,
        check=False,
    )


_WITHOUT_PACKAGES = f"""
import runpy, sys
sys.path.insert(0, {str(PROJECT)!r})
sys.argv[0] = {str(RUN)!r}
runpy.run_path(sys.argv[0], run_name="__main__")
"""


def test_the_version_is_told_without_installing_anything() -> None:
    done = run("--version")
    assert (done.returncode, done.stdout, done.stderr) == (0, f"veighna-ext {__version__}\n", "")


def test_help_lists_every_command() -> None:
    done = run("--help")
    assert done.returncode == 0
    for command in (
        "test",
        "check",
        "doctor",
        "install-desktop",
        "add",
        "--demo",
        "--smoke",
        "--data-dir",
        "--lang",
        "--remove",
    ):
        assert command in done.stdout


@pytest.mark.parametrize(
    "arguments",
    [
        ["--bogus"],
        ["nonsense"],
        ["--smoke", "soon"],
        ["--smoke"],
        ["--shots", "x"],
        ["--lang", "de"],
        ["doctor", "--xml"],
        ["add"],
        ["add", "everything"],
        ["check", "more"],
        ["install-desktop", "--uninstall"],
        ["--version", "--bogus"],
    ],
)
def test_a_bad_option_is_one_sentence_and_exit_2(arguments: list[str]) -> None:
    done = run(*arguments)
    assert done.returncode == 2
    assert done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_the_launcher_goes_away_again_without_any_environment(tmp_path: Path) -> None:
    data = tmp_path / "data"
    written = [data / "applications" / "veighna_ext.desktop", data / "veighna_ext" / "open.sh"]
    for path in written:
        put(path, "")
    remember(data / "veighna_ext", written)
    home = {"HOME": str(tmp_path), "XDG_DATA_HOME": str(data)}
    done = run("install-desktop", "--remove", **home)
    assert (done.returncode, done.stdout.split(), done.stderr) == (0, [str(path) for path in written], "")
    assert not any(path.exists() for path in [*written, data / "veighna_ext"])
    for language, words in (("en", "There is no launcher to remove."), ("zh_CN", "没有可删除的启动图标。")):
        done = run("install-desktop", "--remove", **home, LANGUAGE=language)
        assert (done.returncode, done.stdout, done.stderr.strip()) == (0, "", words)


def test_the_desktops_options_are_handed_on_as_given() -> None:
    request = parse(["--demo", "--lang", "zh", "--data-dir=/x"])
    assert request.command == START
    assert request.desktop == ("--demo", "--lang", "zh", "--data-dir=/x")


def test_what_follows_test_belongs_to_pytest() -> None:
    assert parse(["test", "-k", "a b", "--lang", "--version"]).arguments == (
        "-k",
        "a b",
        "--lang",
        "--version",
    )


def test_the_value_of_an_option_is_not_taken_for_a_command() -> None:
    assert parse(["--data-dir", "test"]).command == START
    assert parse(["--data-dir", "doctor", "doctor", "--json"]).data_dir == Path("doctor")


@pytest.mark.parametrize(
    ("arguments", "language"),
    [
        (["--lang", "zh"], "zh"),
        (["--lang=en", "--bogus"], "en"),
        (["--lang", "klingon"], "auto"),
        (["test", "--lang", "zh"], "auto"),
        ([], "auto"),
    ],
)
def test_even_a_wrong_command_line_is_answered_in_the_language_asked_for(
    arguments: list[str], language: str
) -> None:
    assert peek_language(arguments) == language


def test_a_python_our_packages_are_not_made_for_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "version_info", (3, 14, 0, "final", 0))
    with pytest.raises(StartupProblem, match=r"needs Python 3\.10 to 3\.13; this is 3\.14"):
        check_python()


def old_pythons() -> list[str]:
    """Interpreters on this computer that are too old, if there are any."""
    names = ["python2.7", *(f"python3.{minor}" for minor in range(4, 10))]
    roots = [Path(os.environ["PYENV_ROOT"])] if "PYENV_ROOT" in os.environ else []
    installed = [
        str(path) for root in roots for name in names for path in root.glob(f"versions/*/bin/{name}")
    ]
    found = sorted({*installed, *(path for name in names if (path := shutil.which(name)))})
    return [
        path
        for path in found
        if subprocess.run([path, "-c", ""], capture_output=True, check=False).returncode == 0
    ]


@pytest.mark.parametrize("python", old_pythons())
def test_an_old_python_says_so_in_one_sentence(python: str) -> None:
    for language, text in (("en_US.UTF-8", "needs Python 3.10"), ("zh_CN.UTF-8", "需要 Python 3.10")):
        done = subprocess.run(
            [python, str(RUN)],
            capture_output=True,
            env={"PATH": "/usr/bin:/bin", "LANG": language, "PYTHONIOENCODING": "utf-8"},
            timeout=60,
            check=False,
        )
        said = done.stderr.decode("utf-8").strip()
        assert done.returncode == 2
        assert text in said
        assert len(said.splitlines()) == 1


def test_run_py_uses_nothing_that_old_pythons_cannot_read() -> None:
    text = RUN.read_text(encoding="utf-8")
    assert len(text.splitlines()) < 30
    assert 'f"' not in text
    assert "->" not in text
