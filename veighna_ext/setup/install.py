"""Makes the environment, step by step; an interrupted step is taken up again by the next start."""

from __future__ import annotations

import contextlib
import importlib.util
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Iterator
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.setup import compiler, lock, system_libraries, system_packages
from veighna_ext.setup.environment import Environment, Stamp, python_version
from veighna_ext.setup.failures import (
    SetupFailure,
    SystemPackageMissing,
    UnsupportedPython,
    disk_full,
    from_os_error,
)
from veighna_ext.setup.pip_run import NEEDED_MB, Pip
from veighna_ext.setup.progress import Progress
from veighna_ext.setup.turn import turn

NEWEST_PYTHON = (3, 13)


def part_title(part: str) -> str:
    """What `part` is called in front of people."""
    return {
        lock.PIP: _("Installer"),
        lock.BUILD: _("Build tools"),
        lock.DESKTOP: _("VeighNa and its apps"),
        lock.TEST: _("Test tools"),
        lock.DEV: _("Development tools"),
        lock.RISKMANAGER_BUILD: _("Compiler for the risk manager"),
        lock.RISKMANAGER: _("Risk manager"),
        lock.QT_ADDONS: _("Qt add-ons"),
        lock.PARQUET: _("Parquet files"),
    }[part]


def ensure(environment: Environment, parts: tuple[str, ...], progress: Progress) -> None:
    """Leave an environment that holds `parts`; returns at once when it does already."""
    if environment.ready(parts):
        return
    check_python()
    with _writing(environment):
        waiting = _("Another start is setting up this folder; waiting for it to finish.")
        with turn(environment.turn_file, lambda: progress.say(waiting)) as handle:
            if not environment.ready(parts):
                Making(environment, progress, handle).make(parts)


def add(environment: Environment, part: str, progress: Progress) -> None:
    """Bring the optional `part` into the environment."""
    ensure(environment, lock.DESKTOP_PARTS, progress)
    if not environment.outdated((part,)):
        progress.say(_("{part} is installed already.").format(part=part_title(part)))
        return
    if part == lock.RISKMANAGER and (lacking := compiler.why_not()):
        raise SystemPackageMissing(
            _("The risk manager cannot be built here ({reason}): {advice}").format(
                reason=lacking, advice=compiler.advice()
            )
        )
    with _writing(environment):
        waiting = _("Another start is setting up this folder; waiting for it to finish.")
        with turn(environment.turn_file, lambda: progress.say(waiting)) as handle:
            Making(environment, progress, handle).add(part)
    progress.say(_("{part} is installed.").format(part=part_title(part)))


def check_python() -> None:
    """Our packages are published for some Pythons only."""
    if sys.version_info[:2] > NEWEST_PYTHON:
        names = [f"python3.{minor}" for minor in (13, 12, 11, 10)]
        other = next((name for name in names if shutil.which(name)), names[0])
        raise UnsupportedPython(
            _("VeighNa needs Python 3.10 to 3.13; this is {version}. Start it with: {python} run.py").format(
                version=python_version(), python=other
            )
        )


@contextlib.contextmanager
def _writing(environment: Environment) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise from_os_error(error, environment.project, NEEDED_MB) from error


class Making:
    """One turn at the environment."""

    def __init__(self, environment: Environment, progress: Progress, turn_handle: int) -> None:
        self._environment = environment
        self._progress = progress
        self._pip = Pip(environment, progress, turn_handle)

    def make(self, parts: tuple[str, ...]) -> None:
        """Everything from nothing, or what is missing from `parts`."""
        self._environment.log_file.unlink(missing_ok=True)
        held = self._make_folder()
        first = held is None
        stamp = held or Stamp(python_version(), "", {}, {}, False)
        installed, left_out = dict(stamp.parts), dict(stamp.left_out)
        for part in parts:
            if installed.get(part) != lock.digest(self._environment.project, part):
                self._install(part)
                installed[part] = lock.digest(self._environment.project, part)
        if stamp.project != self._environment.project_state():
            self._pip.install_project(_("This project"), self._environment.project)
        if first:
            self._try_risk_manager(installed, left_out)
        lacking = system_libraries.missing(system_libraries.FOR_THE_WINDOW)
        complete = system_packages.bring(lacking, self._progress)
        if not complete:
            self._progress.say(
                _("The window needs more from the system; this line brings it:\n  {line}").format(
                    line=system_packages.line_to_copy(lacking)
                )
            )
        self._finish(installed, left_out, complete)
        if first:
            self._progress.say(_("Everything is installed."))

    def add(self, part: str) -> None:
        """One optional part more, in a finished environment."""
        stamp = self._environment.stamp()
        assert stamp is not None
        installed, left_out = dict(stamp.parts), dict(stamp.left_out)
        self._install_optional(part)
        installed[part] = lock.digest(self._environment.project, part)
        left_out.pop(part, None)
        self._finish(installed, left_out, stamp.libraries_complete)

    def _finish(self, installed: dict[str, str], left_out: dict[str, str], libraries_complete: bool) -> None:
        state = self._environment.project_state()
        self._environment.write_stamp(Stamp(python_version(), state, installed, left_out, libraries_complete))

    def _make_folder(self) -> Stamp | None:
        """A working virtual environment; returns the stamp of what it holds already."""
        environment = self._environment
        if environment.works():
            stamp = environment.stamp()
            if stamp is None:
                self._progress.say(_("Going on with a set-up that was interrupted."))
            return stamp
        if environment.folder.exists():
            self._progress.say(
                _(
                    "The environment is broken, moved or of another Python: making it again with {version}."
                ).format(version=python_version())
            )
            shutil.rmtree(environment.folder)
        else:
            self._progress.say(
                _(
                    "First start, once only: about 160 MB are downloaded and {size} MB used in {folder}."
                ).format(size=NEEDED_MB, folder=environment.folder)
            )
        free = shutil.disk_usage(environment.project).free // 1_000_000
        if free < NEEDED_MB:
            raise disk_full(environment.project, NEEDED_MB)
        self._make_virtual_environment()
        return None

    def _make_virtual_environment(self) -> None:
        _bring_venv(self._progress)
        self._progress.update(_("Making the environment"))
        environment = self._environment
        # from inside an environment, its base is what a new one should build on
        base = getattr(sys, "_base_executable", "") or sys.executable
        made = subprocess.run(
            [base, "-I", "-m", "venv", str(environment.folder)], capture_output=True, text=True, check=False
        )
        self._progress.done()
        if made.returncode:
            said = (made.stderr.strip() or made.stdout.strip()).splitlines()
            raise SetupFailure(
                _("Python could not make an environment in {folder}: {reason}").format(
                    folder=environment.folder, reason=said[-1] if said else made.returncode
                )
            )
        environment.origin_file.write_text(str(environment.folder), encoding="utf-8")

    def _install(self, part: str) -> None:
        pins = lock.pins_of(self._environment.project, part)
        if part == lock.PIP:
            # the pip that Python brought may be too old to report numbers
            self._pip.install_pins(part_title(part), pins, "--progress-bar", "off")
            return
        wheels = ("--progress-bar", "raw", "--only-binary", ":all:")
        self._pip.install_pins(part_title(part), self._pip.for_this_python(pins), *wheels)

    def _install_optional(self, part: str) -> None:
        if part != lock.RISKMANAGER:
            self._install(part)
            return
        self._install(lock.RISKMANAGER_BUILD)
        self._progress.say(_("Building the risk manager; this takes about a minute."))
        source = ("--progress-bar", "raw", "--no-binary", ":all:", "--no-build-isolation")
        self._pip.install_pins(part_title(part), lock.pins_of(self._environment.project, part), *source)

    def _try_risk_manager(self, installed: dict[str, str], left_out: dict[str, str]) -> None:
        """It is published as source only: a computer that cannot build it does without."""
        reason = compiler.why_not()
        if not reason:
            try:
                self._install_optional(lock.RISKMANAGER)
            except SetupFailure as failure:
                reason = str(failure)
        if reason:
            left_out[lock.RISKMANAGER] = reason
            self._progress.say(
                _("The risk manager is left out ({reason}). To add it: {advice}").format(
                    reason=reason, advice=compiler.advice()
                )
            )
        else:
            installed[lock.RISKMANAGER] = lock.digest(self._environment.project, lock.RISKMANAGER)


def _bring_venv(progress: Progress) -> None:
    """Debian ships Python without what makes environments."""
    if importlib.util.find_spec("ensurepip") and importlib.util.find_spec("venv"):
        return
    package = f"python{python_version()}-venv"
    if system_packages.may_install() and system_packages.install([package], progress):
        importlib.invalidate_caches()
        return
    folder = Path(sysconfig.get_paths()["stdlib"], "ensurepip")
    raise SystemPackageMissing(
        _("Python's ensurepip is missing ({folder}); this line brings it: {line}").format(
            folder=folder, line=f"sudo apt-get install -y {package}"
        )
    )
