"""The lock agrees with pyproject.toml, is complete and hashed, and holds for every supported Python."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest
from packaging.markers import Marker
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from veighna_ext.setup import lock
from veighna_ext.setup.environment import PROJECT

if sys.version_info >= (3, 11):
    import tomllib
else:
    import tomli as tomllib

PYTHONS = ("3.10", "3.11", "3.12", "3.13")
SYSTEMS = {"linux": "Linux", "win32": "Windows", "darwin": "Darwin"}
FROM_SOURCE = {"vnpy-riskmanager"}


def metadata() -> dict[str, list[str]]:
    """What pyproject.toml asks for, by the part of the lock that brings it."""
    with (PROJECT / "pyproject.toml").open("rb") as file:
        written = tomllib.load(file)
    project, groups = written["project"], written["dependency-groups"]
    return {
        lock.DESKTOP: project["dependencies"],
        **project["optional-dependencies"],
        **groups,
        "build": [*groups["build"], *written["build-system"]["requires"]],
    }


def pins_for(part: str, python: str, system: str) -> dict[str, str]:
    """The versions `part` installs on one machine."""
    machine = {
        "python_version": python,
        "python_full_version": f"{python}.5",
        "sys_platform": system,
        "platform_system": SYSTEMS[system],
        "implementation_name": "cpython",
        "platform_python_implementation": "CPython",
    }
    pins = lock.pins_of(PROJECT, part)
    chosen = [pin for pin in pins if not pin.marker or Marker(pin.marker).evaluate(machine)]
    versions = {pin.name: pin.version for pin in chosen}
    assert len(versions) == len(chosen), "one version of each package"
    return versions


def test_every_part_has_its_file_and_every_file_is_a_part() -> None:
    assert {path.stem for path in (PROJECT / "resources" / "lock").iterdir()} == set(lock.PARTS)
    assert set(metadata()) == set(lock.PARTS)


@pytest.mark.parametrize("system", SYSTEMS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("part", lock.PARTS)
def test_every_direct_dependency_is_pinned_to_a_version_it_allows(
    part: str, python: str, system: str
) -> None:
    held = {**pins_for(lock.DESKTOP, python, system), **pins_for(lock.TEST, python, system)}
    pins = {**held, **pins_for(part, python, system)}
    for text in metadata()[part]:
        requirement = Requirement(text)
        if requirement.marker and not requirement.marker.evaluate(
            {"python_version": python, "sys_platform": system}
        ):
            continue
        name = canonicalize_name(requirement.name)
        assert name in pins
        assert requirement.specifier.contains(pins[name], prereleases=True), f"{text} but {pins[name]}"


@pytest.mark.parametrize("part", lock.PARTS)
def test_every_pin_is_hashed_and_no_index_is_named(part: str) -> None:
    text = lock.lock_file(PROJECT, part).read_text(encoding="utf-8")
    assert not re.search(r"https?:|file:|--(?:extra-)?index|--find-links|@", text)
    for pin in lock.read_pins(text):
        assert pin.hashes
        assert len(set(pin.hashes)) == len(pin.hashes)


@pytest.mark.parametrize("python", PYTHONS)
def test_the_desktop_goes_without_qts_add_ons_and_pandas_3(python: str) -> None:
    pins = pins_for(lock.DESKTOP, python, "linux")
    assert "pyside6-addons" not in pins
    assert pins["pyside6"] == pins["pyside6-essentials"] == pins["shiboken6"] == "6.8.2.1"
    assert pins["pandas"].startswith("2.")


def test_only_the_risk_manager_is_built_from_source() -> None:
    assert {pin.name for pin in lock.pins_of(PROJECT, lock.RISKMANAGER)} == FROM_SOURCE


def test_a_pin_survives_being_written_and_read() -> None:
    pins = lock.pins_of(PROJECT, lock.DESKTOP)
    assert lock.read_pins(lock.write_pins(pins, "heading")) == pins


@pytest.mark.parametrize(
    "line", ["numpy>=2", "numpy==2.0", "-e .", "numpy @ https://x/y.whl --hash=sha256:" + "0" * 64]
)
def test_a_requirement_that_is_not_pinned_and_hashed_is_refused(line: str) -> None:
    with pytest.raises(lock.LockError, match="not a pinned and hashed requirement"):
        lock.read_pins(line)


def test_the_import_contracts_name_every_package_that_must_stay_free_of_qt() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        contracts = tomllib.load(file)["tool"]["importlinter"]["contracts"]
    (without_qt,) = [contract for contract in contracts if contract["name"].startswith("Qt stays out")]
    for name in ("core", "setup", "exchange", "strategy", "paper"):
        if (PROJECT / "veighna_ext" / name / "__init__.py").exists():
            assert f"veighna_ext.{name}" in without_qt["source_modules"]


def test_the_version_of_the_wheel_is_the_packages_own() -> None:
    with (PROJECT / "pyproject.toml").open("rb") as file:
        written = tomllib.load(file)
    assert written["project"]["dynamic"] == ["version"]
    assert Path(written["tool"]["hatch"]["version"]["path"]) == Path("veighna_ext/__init__.py")
