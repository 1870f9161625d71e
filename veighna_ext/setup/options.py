"""The command line of `run.py`, checked before anything is installed."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from veighna_ext.core.i18n import LANGUAGES, _
from veighna_ext.options import in_columns, option_lines, parse_options
from veighna_ext.setup.failures import BadOption
from veighna_ext.setup.lock import OPTIONAL_PARTS

START = "start"
HELP = "help"
VERSION = "version"
# the words each command takes; the test command hands any on to pytest
ARGUMENTS: dict[str, tuple[str, ...] | None] = {
    "test": None,
    "check": (),
    "doctor": ("--json",),
    "install-desktop": ("--remove",),
    "add": OPTIONAL_PARTS,
}

_WITH_VALUE = ("--lang", "--data-dir", "--smoke", "--shots")


@dataclass(frozen=True)
class Request:
    """What was asked: a command with its own arguments, and the desktop's options as they were given."""

    command: str = START
    arguments: tuple[str, ...] = ()
    desktop: tuple[str, ...] = ()
    data_dir: Path | None = None


def usage() -> str:
    """What `--help` prints."""
    lines = [
        ("python3 run.py", _("open VeighNa Trader (the first start installs what it needs)")),
        *option_lines(),
        ("python3 run.py test [...]", _("run the tests; further arguments go to pytest")),
        ("python3 run.py check", _("check style, types and the direction of imports")),
        ("python3 run.py doctor [--json]", _("say what is installed and what is missing")),
        (
            "python3 run.py install-desktop [--remove]",
            _("make the icon to double-click, or take it away again"),
        ),
        (
            "python3 run.py add NAME",
            _("add an optional part: {names}").format(names=", ".join(OPTIONAL_PARTS)),
        ),
    ]
    return in_columns(lines)


def peek_language(argv: list[str]) -> str:
    """The language asked for, as far as it can be told before the options are checked."""
    for position, word in enumerate(argv):
        if word in ("test", "--"):
            break
        value = word.removeprefix("--lang=") if word.startswith("--lang=") else ""
        if word == "--lang" and position + 1 < len(argv):
            value = argv[position + 1]
        if value in LANGUAGES:
            return value
    return "auto"


def parse(argv: list[str]) -> Request:
    """The request in `argv`; a bad one is a `StartupProblem` in one sentence."""
    position = _command_position(argv)
    desktop, rest = argv[:position], argv[position:]
    if "-h" in desktop or "--help" in desktop:
        return Request(HELP)
    if "--version" in desktop and not rest:
        parse_options([word for word in desktop if word != "--version"])
        return Request(VERSION)
    options = parse_options(desktop)
    if not rest:
        return Request(START, (), tuple(desktop), options.data_dir)
    command, arguments = rest[0], tuple(rest[1:])
    if command not in ARGUMENTS:
        raise BadOption(_("Unknown command {command}; see python3 run.py --help.").format(command=command))
    _check_arguments(command, arguments)
    return Request(command, arguments, tuple(desktop), options.data_dir)


def _command_position(argv: list[str]) -> int:
    """Where the desktop's options end: at the first word that is neither an option nor the value of one."""
    position = 0
    while position < len(argv) and argv[position].startswith("-"):
        position += 2 if argv[position] in _WITH_VALUE else 1
    return min(position, len(argv))


def _check_arguments(command: str, arguments: tuple[str, ...]) -> None:
    allowed = ARGUMENTS[command]
    if command == "add" and len(arguments) != 1:
        raise BadOption(_("add needs one of: {names}.").format(names=", ".join(OPTIONAL_PARTS)))
    for argument in arguments:
        if allowed is not None and argument not in allowed:
            raise BadOption(
                _("{command} does not know {argument}.").format(command=command, argument=argument)
            )
