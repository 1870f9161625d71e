"""What `run.py` does with its command line."""

from __future__ import annotations

import os
import subprocess
import sys

from veighna_ext import __version__
from veighna_ext.core.i18n import _, set_language
from veighna_ext.core.problems import StartupProblem
from veighna_ext.setup.environment import PROJECT, Environment
from veighna_ext.setup.lock import DESKTOP_PARTS
from veighna_ext.setup.options import HELP, START, VERSION, Request, parse, peek_language, usage


def main(argv: list[str]) -> int:
    """Answer `argv`; every failure is one sentence and an exit code."""
    set_language(peek_language(argv))
    try:
        request = parse(argv)
        if request.command == HELP:
            print(usage())
            return 0
        if request.command == VERSION:
            print(f"veighna-ext {__version__}")
            return 0
        return obey(request, Environment(PROJECT))
    except StartupProblem as problem:
        say(str(problem))
        return problem.exit_code
    except KeyboardInterrupt:
        say(_("Stopped. Start again to go on where it was."))
        return 130


def obey(request: Request, environment: Environment) -> int:
    """Each command's own module is imported when it is asked for: the second start must be quick."""
    if request.command == START:
        return start(request, environment)
    if request.command == "doctor":
        from veighna_ext.setup import doctor

        return doctor.run(environment.project, request.data_dir, "--json" in request.arguments)

    if request.command == "install-desktop" and "--remove" in request.arguments:
        return remove_desktop()

    from veighna_ext.setup.progress import Progress

    progress = Progress()
    if request.command == "test":
        from veighna_ext.setup import testing

        return testing.run(environment, request.arguments, progress)
    if request.command == "check":
        from veighna_ext.setup import checking

        return checking.run(environment, progress)

    from veighna_ext.setup import install

    if request.command == "add":
        install.add(environment, request.arguments[0], progress)
        return 0
    from veighna_ext.setup.desktop_entry import install_desktop

    install.ensure(environment, DESKTOP_PARTS, progress)
    for path in install_desktop(environment.project, environment.python):
        print(path)
    return 0


def remove_desktop() -> int:
    """Take the launcher away; it needs no environment, which may be gone already."""
    from veighna_ext.setup.desktop_entry import uninstall_desktop

    removed = uninstall_desktop()
    for path in removed:
        print(path)
    if not removed:
        say(_("There is no launcher to remove."))
    return 0


def start(request: Request, environment: Environment) -> int:
    """Open the desktop in the environment, after making it if needed."""
    if not environment.ready(DESKTOP_PARTS):
        from veighna_ext.setup.install import ensure
        from veighna_ext.setup.progress import Progress

        ensure(environment, DESKTOP_PARTS, Progress())
    command = environment.run_arguments("-m", "veighna_ext", *request.desktop)
    sys.stdout.flush()
    sys.stderr.flush()
    if os.name != "nt":
        os.execv(command[0], command)
    return subprocess.call(command)


def say(sentence: str) -> None:
    """One sentence on standard error, readable in whatever encoding the terminal has."""
    encoding = sys.stderr.encoding or "ascii"
    sys.stderr.write(sentence.encode(encoding, "backslashreplace").decode(encoding) + "\n")
