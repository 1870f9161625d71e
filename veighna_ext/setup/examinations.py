"""The doctor's examinations: each looks at one thing and yields findings."""

from __future__ import annotations

import os
import platform
import shutil
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import veighna_ext
from veighna_ext.core.i18n import _
from veighna_ext.core.paths import adding, own_command, own_dir
from veighna_ext.setup import compiler, inside, lock, system_libraries, system_packages
from veighna_ext.setup.environment import Environment
from veighna_ext.setup.findings import MISSING, NOTE, OK, Finding

APPS = (
    "vnpy-ctastrategy", "vnpy-ctabacktester", "vnpy-algotrading", "vnpy-chartwizard",
    "vnpy-spreadtrading", "vnpy-datamanager", "vnpy-datarecorder", "vnpy-portfoliostrategy",
    "vnpy-scripttrader", "vnpy-riskmanager",
)  # fmt: skip
NOT_GATEWAYS = ("vnpy-rest", "vnpy-websocket", "vnpy-sqlite")


@dataclass
class Patient:
    """What the examinations share."""

    environment: Environment
    python: Path
    trader: Path
    versions: dict[str, str] = field(default_factory=dict)

    @property
    def installed(self) -> bool:
        return bool(self.versions)


Examination = Callable[[Patient], Iterator[Finding]]


def ourselves(patient: Patient) -> Iterator[Finding]:
    yield Finding("version", _("This project"), veighna_ext.__version__)
    yield Finding("python", "Python", f"{platform.python_version()} ({sys.executable})")
    yield Finding("system", _("System"), f"{_system_name()} ({platform.machine()})")


def _system_name() -> str:
    if not sys.platform.startswith("linux"):
        return platform.platform()
    try:
        return platform.freedesktop_os_release().get("PRETTY_NAME", platform.platform())
    except OSError:
        return platform.platform()


def packages(patient: Patient) -> Iterator[Finding]:
    if patient.python.exists():
        patient.versions = inside.versions(patient.python)
    if "vnpy" not in patient.versions:
        patient.versions = {}
        yield Finding(
            "environment", _("Environment"), _("not installed yet"), MISSING, _("python3 run.py installs it")
        )
        return
    yield Finding("environment", _("Environment"), str(patient.python.parent.parent))
    for key, name in (("vnpy", "VeighNa"), ("pyside6", "PySide6")):
        version = patient.versions.get(key)
        yield Finding(key, name, version) if version else _not_installed(key, name)
    yield Finding("apps", _("Official apps"), _listed(patient, APPS))
    gateways = [
        name
        for name in sorted(patient.versions)
        if name.startswith("vnpy-") and name not in APPS and name not in NOT_GATEWAYS
    ]
    yield Finding("gateways", _("Gateways"), _listed(patient, gateways))


def _not_installed(key: str, name: str) -> Finding:
    return Finding(key, name, _("not installed"), MISSING, _("python3 run.py installs it"))


def _listed(patient: Patient, names: list[str] | tuple[str, ...]) -> str:
    here = [name for name in names if name in patient.versions]
    found = [f"{name.removeprefix('vnpy-')} {patient.versions[name]}" for name in here]
    return ", ".join(found) or _("none")


def optional_parts(patient: Patient) -> Iterator[Finding]:
    if not patient.installed:
        return
    name = _("Risk manager")
    if "vnpy-riskmanager" in patient.versions:
        yield Finding("riskmanager", name, patient.versions["vnpy-riskmanager"])
    else:
        reason = compiler.why_not() or _("not added yet")
        todo = compiler.advice() if compiler.why_not() else adding("riskmanager", "vnpy_riskmanager")
        yield Finding("riskmanager", name, _("left out: {reason}").format(reason=reason), NOTE, todo)
    addons = patient.versions.get("pyside6-addons")
    unused = _("left out, as nothing here uses their 400 MB; {command} brings them").format(
        command=adding("qt-addons", "pyside6-addons")
    )
    yield Finding("qt-addons", _("Qt add-ons"), addons or unused)


def compiler_found(patient: Patient) -> Iterator[Finding]:
    reason = compiler.why_not()
    if reason:
        yield Finding("compiler", _("C compiler"), reason, NOTE, compiler.advice())
    else:
        yield Finding("compiler", _("C compiler"), shutil.which("cc") or shutil.which("gcc") or _("found"))


def display_server() -> tuple[str, str]:
    """The display there is to show windows on, and the platform plugin Qt takes for it with the reason."""
    if chosen := os.environ.get("QT_QPA_PLATFORM"):
        return chosen.split(":")[0], _("chosen by QT_QPA_PLATFORM={value}").format(value=chosen)
    if sys.platform == "win32":
        return "windows", _("this is Windows")
    if sys.platform == "darwin":
        return "cocoa", _("this is macOS")
    if os.environ.get("XDG_SESSION_TYPE") == "wayland" and os.environ.get("WAYLAND_DISPLAY"):
        return "wayland", _("a Wayland session ({value})").format(value=os.environ["WAYLAND_DISPLAY"])
    if os.environ.get("DISPLAY"):
        return system_libraries.XCB, _("the X display {value}").format(value=os.environ["DISPLAY"])
    if os.environ.get("WAYLAND_DISPLAY"):
        return "wayland", _("a Wayland session ({value})").format(value=os.environ["WAYLAND_DISPLAY"])
    return "", _("no display: DISPLAY and WAYLAND_DISPLAY are not set")


def screens(patient: Patient) -> Iterator[Finding]:
    plugin, reason = display_server()
    name = _("Display")
    if not plugin:
        advice = _("start it from a desktop session; the tests make a screen of their own")
        yield Finding("display", name, reason, NOTE, advice)
    else:
        yield Finding("display", name, reason)
    if not patient.installed:
        return
    answer = inside.qt(patient.python, "" if plugin else system_libraries.OFFSCREEN)
    if answer.error:
        value = _("Qt does not start: {error}").format(error=answer.error)
        yield Finding("platform", _("Qt platform"), value, MISSING)
        answer = inside.qt(patient.python, system_libraries.OFFSCREEN)
    if not answer.facts:
        return
    facts = answer.facts
    if plugin and facts["platform"] != system_libraries.OFFSCREEN:
        yield Finding("platform", _("Qt platform"), f"{facts['platform']} (Qt {facts['qt']})")
        found = facts["screens"]
        for position, screen in enumerate(found if isinstance(found, list) else []):
            text = "{name} {width}x{height}, {dpi} DPI, {scale:.0%}".format(**screen)
            yield Finding(f"screen-{position}", _("Screen"), text)
    else:
        yield Finding("qt", "Qt", str(facts["qt"]))
    yield Finding("ui-font", _("Interface font"), str(facts["ui_font"]))


def chinese_font(patient: Patient) -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    font = system_libraries.chinese_font()
    if font:
        yield Finding("chinese-font", _("Chinese font"), font)
    else:
        line = system_packages.line_to_copy([system_libraries.CHINESE_FONT])
        yield Finding("chinese-font", _("Chinese font"), _("none: Chinese shows as boxes"), MISSING, line)


def libraries(patient: Patient) -> Iterator[Finding]:
    if not sys.platform.startswith("linux"):
        return
    name = _("System libraries")
    lacking = system_libraries.missing((system_libraries.OFFSCREEN, system_libraries.XCB))
    if lacking:
        value = _("missing: {names}").format(names=", ".join(need.name for need in lacking))
        yield Finding("libraries", name, value, MISSING, system_packages.line_to_copy(lacking))
    else:
        yield Finding("libraries", name, _("all there"))
    virtual = shutil.which("Xvfb")
    todo = "" if virtual else system_packages.line_to_copy([system_libraries.XVFB])
    yield Finding("xvfb", _("Virtual screen (tests)"), virtual or _("none"), OK if virtual else NOTE, todo)


def folders(patient: Patient) -> Iterator[Finding]:
    data = patient.trader / ".vntrader"
    places = [
        ("data", _("Data folder"), data),
        ("settings", _("Settings folder"), own_dir(patient.trader)),
        ("logs", _("Log folder"), data / "log"),
    ]
    if patient.installed and (cache := inside.download_cache(patient.python)):
        places.append(("cache", _("Download cache"), Path(cache)))
    for key, name, folder in places:
        if writable(folder):
            yield Finding(f"folder-{key}", name, str(folder))
        else:
            another = _("choose another one: {command}").format(command=own_command("--data-dir DIR"))
            advice = another if key != "cache" else ""
            value = _("{folder} (cannot be written)").format(folder=folder)
            yield Finding(f"folder-{key}", name, value, NOTE if key == "cache" else MISSING, advice)


def writable(folder: Path) -> bool:
    """Whether `folder` can be written, or made if it is not there yet."""
    place = folder
    while not place.exists() and place != place.parent:
        place = place.parent
    return place.is_dir() and os.access(place, os.W_OK | os.X_OK)


def left_over(patient: Patient) -> Iterator[Finding]:
    stamp = patient.environment.stamp()
    if patient.installed and stamp is None and (patient.environment.project / "run.py").exists():
        yield Finding("stamp", _("Set-up"), _("not finished"), NOTE, _("python3 run.py completes it"))
    elif stamp is not None:
        parts = ", ".join(part for part in lock.PARTS if part in stamp.parts)
        yield Finding("stamp", _("Set-up"), parts)


EXAMINATIONS: tuple[tuple[str, Examination], ...] = (
    ("ourselves", ourselves),
    ("packages", packages),
    ("optional-parts", optional_parts),
    ("set-up", left_over),
    ("screens", screens),
    ("chinese-font", chinese_font),
    ("libraries", libraries),
    ("compiler", compiler_found),
    ("folders", folders),
)
