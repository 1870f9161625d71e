"""Brings what the system lacks: installs it where we may, otherwise names it in one line to copy."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.setup.progress import Progress
from veighna_ext.setup.system_libraries import Need

PACKAGE_LISTS = Path("/var/lib/apt/lists")


def unique(names: Iterable[str]) -> list[str]:
    """`names` once each, in order."""
    return list(dict.fromkeys(names))


def known_to_apt(name: str) -> bool:
    """apt has an installable package of exactly this name."""
    shown = subprocess.run(
        ["apt-cache", "show", "--no-all-versions", name], capture_output=True, timeout=120, check=False
    )
    return shown.returncode == 0


def debian_names(needs: Iterable[Need], known: Callable[[str], bool] = known_to_apt) -> list[str]:
    """The packages that bring `needs` on this Debian or Ubuntu, by the names this release has for them."""
    chosen = []
    for need in needs:
        alternatives = need.debian
        chosen.append(
            alternatives[0]
            if len(alternatives) == 1
            else next((name for name in alternatives if known(name)), alternatives[-1])
        )
    return unique(chosen)


def line_to_copy(needs: Sequence[Need], which: Callable[[str], str | None] = shutil.which) -> str:
    """One line that installs `needs` with this system's package manager, or their bare names."""
    if which("apt-get"):
        return "sudo apt-get install -y --no-install-recommends " + " ".join(debian_names(needs))
    provided = " ".join(f"'{name}'" for name in unique(need.rpm for need in needs))
    if which("dnf"):
        return f"sudo dnf install -y {provided}"
    if which("zypper"):
        return f"sudo zypper install -y {provided}"
    if which("pacman"):
        return "sudo pacman -S --needed " + " ".join(unique(need.arch for need in needs))
    return " ".join(need.name for need in needs)


def may_install() -> bool:
    """Root on a Debian or an Ubuntu."""
    return hasattr(os, "geteuid") and os.geteuid() == 0 and shutil.which("apt-get") is not None


def bring(needs: Sequence[Need], progress: Progress) -> bool:
    """Install `needs` if we may; True when nothing is left to do."""
    if not needs:
        return True
    if not may_install():
        return False
    if not any(PACKAGE_LISTS.glob("*_Packages*")):
        _apt(["apt-get", "update", "-q"], progress)
    return install(debian_names(needs), progress)


def install(packages: Sequence[str], progress: Progress) -> bool:
    """`apt-get install`, refreshing the package lists when the first try fails on old ones."""
    progress.say(_("Installing system packages: {names}").format(names=" ".join(packages)))
    command = [
        "apt-get",
        "install",
        "-y",
        "-q",
        "-o",
        "DPkg::Lock::Timeout=60",
        "--no-install-recommends",
        *packages,
    ]
    if _apt(command, progress):
        return True
    return _apt(["apt-get", "update", "-q"], progress) and _apt(command, progress)


def _apt(command: Sequence[str], progress: Progress) -> bool:
    surroundings = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "LC_ALL": "C.UTF-8"}
    process = subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        env=surroundings,
    )
    assert process.stdout is not None
    with process:
        for line in process.stdout:
            if line.startswith(("Get:", "Unpacking ", "Setting up ")):
                words = line.split()
                shown = " ".join(words[:3]) if words[0] == "Setting" else " ".join(words[:2])
                progress.update(_("system packages"), shown)
    progress.done()
    return process.returncode == 0
