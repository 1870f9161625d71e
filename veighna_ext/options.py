"""The desktop's command line. Standard library only: the set-up checks it before anything is installed."""

from __future__ import annotations

import argparse
from dataclasses import dataclass
from pathlib import Path

from veighna_ext import __version__
from veighna_ext.core.i18n import LANGUAGES, _
from veighna_ext.core.problems import StartupProblem

USAGE_ERROR = 2


@dataclass(frozen=True)
class Options:
    """What the user asked for on the command line."""

    demo: bool = False
    language: str = ""
    data_dir: Path | None = None
    smoke_seconds: float = 0.0
    shots: Path | None = None


def option_lines() -> list[tuple[str, str]]:
    """Each option of the desktop and what it does, for `--help`."""
    return [
        ("  --demo", _("start the mock exchange, connect to it, subscribe a watch list and open a chart")),
        ("  --lang zh|en|auto", _("language of the texts")),
        ("  --data-dir DIR", _("keep settings and data in DIR")),
        (
            "  --smoke SECONDS --shots DIR",
            _("open everything, save a picture of each window in DIR, then leave"),
        ),
        ("  --version", _("print the version")),
    ]


def in_columns(lines: list[tuple[str, str]]) -> str:
    """What to type at the left, what it does at the right."""
    column = max(len(left) for left, _meaning in lines) + 2
    return "\n".join(left.ljust(column) + meaning for left, meaning in lines)


class _Parser(argparse.ArgumentParser):
    def format_help(self) -> str:
        doctor = ("veighna-ext doctor [--json]", _("say what is installed and what is missing"))
        return in_columns([("veighna-ext", _("open VeighNa Trader")), *option_lines(), doctor]) + "\n"

    def error(self, message: str) -> None:  # type: ignore[override]
        raise StartupProblem(_("{message}; see --help.").format(message=_in_our_words(message)), USAGE_ERROR)


def _in_our_words(message: str) -> str:
    """argparse speaks English only: its three sentences that a user can meet, in the user's language."""
    if message.startswith("unrecognized arguments: "):
        return _("Unknown option {option}").format(option=message.partition(": ")[2])
    option, colon, complaint = message.removeprefix("argument ").partition(": ")
    if complaint.startswith("expected "):
        return _("{option} needs a value").format(option=option)
    return complaint if colon and message.startswith("argument ") else message


def parse_options(argv: list[str]) -> Options:
    """Read the command line; a bad one is a `StartupProblem` in one sentence."""
    parser = _Parser()
    parser.add_argument("--demo", action="store_true")
    parser.add_argument("--lang", type=_language)
    parser.add_argument("--data-dir", type=Path)
    parser.add_argument("--smoke", type=_seconds, default=0.0)
    parser.add_argument("--shots", type=Path)
    parser.add_argument("--version", action="version", version=f"veighna-ext {__version__}")
    found = parser.parse_args(argv)
    if found.shots and not found.smoke:
        parser.error(_("--shots needs --smoke SECONDS"))
    # absolute, because the start enters the data folder
    shots = found.shots and found.shots.expanduser().absolute()
    return Options(found.demo, found.lang or "", found.data_dir, found.smoke, shots)


def _language(text: str) -> str:
    if text not in LANGUAGES:
        raise argparse.ArgumentTypeError(_("--lang is zh, en or auto, not “{text}”").format(text=text))
    return text


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 86_400:
        raise argparse.ArgumentTypeError(
            _("--smoke needs a number of seconds above zero, not “{text}”").format(text=text)
        )
    return seconds
