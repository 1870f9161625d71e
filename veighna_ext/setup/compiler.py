"""Whether this computer can build the one official app that is published as source only, the risk manager."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import sysconfig
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.core.paths import adding


def why_not() -> str:
    """What is missing to build a C extension; empty when nothing is."""
    if not has_compiler():
        return _("no C compiler")
    if sys.platform != "win32" and not has_headers():
        return _("no Python headers")
    return ""


def has_compiler() -> bool:
    """A C compiler that setuptools would find."""
    if sys.platform == "win32":
        installer = Path(os.environ.get("PROGRAMFILES(X86)", ""), "Microsoft Visual Studio", "Installer")
        return shutil.which("cl") is not None or (installer / "vswhere.exe").exists()
    if sys.platform == "darwin":
        # /usr/bin/cc is always there and opens a dialog when the developer tools are not
        return subprocess.run(["xcode-select", "-p"], capture_output=True, check=False).returncode == 0
    named = os.environ.get("CC", "").split()
    return any(shutil.which(name) for name in [*named[:1], "cc", "gcc", "clang"])


def has_headers() -> bool:
    """`Python.h` of the Python we run on."""
    return Path(sysconfig.get_paths()["include"], "Python.h").exists()


def advice() -> str:
    """The line that brings a compiler, and the command to run after it."""
    if sys.platform == "win32":
        bring = _("install the Visual Studio Build Tools (C++)")
    elif sys.platform == "darwin":
        bring = "xcode-select --install"
    elif shutil.which("apt-get"):
        bring = "sudo apt-get install -y gcc python3-dev"
    elif shutil.which("dnf"):
        bring = "sudo dnf install -y gcc python3-devel"
    elif shutil.which("pacman"):
        bring = "sudo pacman -S --needed gcc"
    elif shutil.which("zypper"):
        bring = "sudo zypper install -y gcc python3-devel"
    else:
        bring = _("install a C compiler and the Python headers")
    command = adding("riskmanager", "vnpy_riskmanager")
    return _("{bring}; then: {command}").format(bring=bring, command=command)
