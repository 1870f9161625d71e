"""The desktop's command line: what is understood, and one sentence for what is not."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from veighna_ext.core.i18n import language, set_language
from veighna_ext.core.problems import StartupProblem
from veighna_ext.options import Options, parse_options


@pytest.fixture
def in_language(request: pytest.FixtureRequest) -> Iterator[None]:
    before = language()
    set_language(request.param)
    yield
    set_language(before)


def test_nothing_asked_is_the_plain_desktop() -> None:
    assert parse_options([]) == Options()


def test_everything_asked_is_understood() -> None:
    found = parse_options(
        ["--demo", "--lang", "zh", "--data-dir", "books", "--smoke", "2.5", "--shots", "/p"]
    )
    assert found == Options(True, "zh", Path("books"), 2.5, Path("/p"))


@pytest.mark.parametrize(
    ("in_language", "argv", "sentence"),
    [
        ("en", ["--lang", "fr"], "--lang is zh, en or auto, not “fr”; see --help."),
        ("en", ["--colour"], "Unknown option --colour; see --help."),
        ("en", ["--data-dir"], "--data-dir needs a value; see --help."),
        ("en", ["--smoke", "soon"], "--smoke needs a number of seconds above zero, not “soon”; see --help."),
        ("en", ["--smoke", "nan"], "--smoke needs a number of seconds above zero, not “nan”; see --help."),
        ("en", ["--shots", "p"], "--shots needs --smoke SECONDS; see --help."),
        ("zh", ["--lang", "fr"], "--lang 只能是 zh、en 或 auto，而不是“fr”；用法见 --help。"),
        ("zh", ["--colour"], "未知选项 --colour；用法见 --help。"),
    ],
    indirect=["in_language"],
)
@pytest.mark.usefixtures("in_language")
def test_what_is_not_understood_is_named_in_one_sentence(argv: list[str], sentence: str) -> None:
    with pytest.raises(StartupProblem) as problem:
        parse_options(argv)
    assert (str(problem.value), problem.value.exit_code) == (sentence, 2)


@pytest.mark.parametrize("in_language", ["en", "zh"], indirect=True)
@pytest.mark.usefixtures("in_language")
def test_help_names_the_program_and_explains_every_option_in_the_users_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        parse_options(["--help"])
    assert ended.value.code == 0
    lines = capsys.readouterr().out.splitlines()
    assert lines[0].startswith("veighna-ext ")
    assert "run.py" not in "".join(lines)
    for option in ("--demo", "--lang", "--data-dir", "--smoke", "--version", "doctor"):
        assert any(option in line for line in lines)
    for line in lines:
        assert re.search("[一-鿿]", line) is not None or language() == "en"
