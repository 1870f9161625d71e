"""The command line of `run.py`, checked before anything is installed."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

from veighna_ext.core.i18n import LANGUAGES, _
from veighna_ext.setup.failures import BadOption
from veighna_ext.setup.lock import OPTIONAL_PARTS

START = "start"
COMMANDS = ("test", "check", "doctor", "install-desktop", "add")

_FLAGS = ("--demo", "--version", "--help")
_WITH_VALUE = ("--lang", "--data-dir", "--smoke", "--shots")


@dataclass(frozen=True)
class Request:
    """What was asked: a command with its own arguments, and the desktop's options as they were given."""

    command: str = START
    arguments: tuple[str, ...] = ()
    desktop: tuple[str, ...] = ()
    flags: frozenset[str] = frozenset()
    values: dict[str, str] = field(default_factory=dict)

    @property
    def language(self) -> str:
        """`zh`, `en` or `auto`."""
        return self.values.get("--lang", "auto")

    @property
    def data_dir(self) -> Path | None:
        """The trader folder asked for, if one was."""
        given = self.values.get("--data-dir")
        return Path(given).expanduser() if given else None


def usage() -> str:
    """What `--help` prints."""
    lines = [
        ("python3 run.py", _("open VeighNa Trader (the first start installs what it needs)")),
        ("  --demo", _("start the mock exchange, connect to it, subscribe a watch list and open a chart")),
        ("  --lang zh|en|auto", _("language of the texts")),
        ("  --data-dir DIR", _("keep settings and data in DIR")),
        ("  --smoke SECONDS --shots DIR", _("open everything, save a picture of each window in DIR, then leave")),
        ("  --version", _("print the version")),
        ("python3 run.py test [...]", _("run the tests; further arguments go to pytest")),
        ("python3 run.py check", _("check style, types and the direction of imports")),
        ("python3 run.py doctor [--json]", _("say what is installed and what is missing")),
        ("python3 run.py install-desktop", _("make the icon to double-click")),
        ("python3 run.py add NAME", _("add an optional part: {names}").format(names=", ".join(OPTIONAL_PARTS))),
    ]
    column = max(len(left) for left, _meaning in lines) + 2
    return "\n".join(left.ljust(column) + meaning for left, meaning in lines)


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
    """The request in `argv`; raises `BadOption` with one sentence."""
    desktop: list[str] = []
    flags: set[str] = set()
    values: dict[str, str] = {}
    rest = list(argv)
    while rest:
        word = rest.pop(0)
        name, equals, inline = word.partition("=")
        if word in ("-h", "--help"):
            flags.add("--help")
        elif word in _FLAGS:
            flags.add(word)
            desktop.append(word)
        elif name in _WITH_VALUE:
            if not equals:
                if not rest or rest[0].startswith("--"):
                    raise BadOption(_("{option} needs a value.").format(option=name))
                inline = rest.pop(0)
            values[name] = inline
            desktop += [name, inline]
        elif word in COMMANDS:
            return _command(word, tuple(rest), Request(word, tuple(rest), (), frozenset(flags), values))
        elif word.startswith("-"):
            raise BadOption(_("Unknown option {option}; see python3 run.py --help.").format(option=name))
        else:
            raise BadOption(_("Unknown command {command}; see python3 run.py --help.").format(command=word))
    _check_values(values)
    return Request(START, (), tuple(desktop), frozenset(flags), values)


def _command(name: str, arguments: tuple[str, ...], request: Request) -> Request:
    _check_values(request.values)
    allowed: dict[str, tuple[str, ...]] = {"doctor": ("--json",), "add": OPTIONAL_PARTS}
    if name == "add" and len(arguments) != 1:
        raise BadOption(_("add needs one of: {names}.").format(names=", ".join(OPTIONAL_PARTS)))
    if name != "test":
        for argument in arguments:
            if argument not in allowed.get(name, ()):
                raise BadOption(_("{command} does not know {argument}.").format(command=name, argument=argument))
    return request


def _check_values(values: dict[str, str]) -> None:
    language = values.get("--lang", "auto")
    if language not in LANGUAGES:
        raise BadOption(_("--lang is zh, en or auto, not {value}.").format(value=language))
    if "--smoke" in values:
        try:
            seconds = float(values["--smoke"])
        except ValueError:
            seconds = 0.0
        if not 0 < seconds < float("inf"):
            raise BadOption(_("--smoke needs a number of seconds above 0, not {value}.").format(value=values["--smoke"]))
    if "--shots" in values and "--smoke" not in values:
        raise BadOption(_("--shots is only used with --smoke."))
    if values.get("--data-dir") == "":
        raise BadOption(_("--data-dir needs a folder."))
