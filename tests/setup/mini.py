"""A checkout small enough to be set up for real in seconds, from wheels made here, without any network."""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import zipfile
from dataclasses import dataclass
from importlib.metadata import distribution, version
from pathlib import Path

from veighna_ext.setup import lock
from veighna_ext.setup.environment import PROJECT, Environment

DESKTOP = "import json, os, sys\nprint(json.dumps({'arguments': sys.argv[1:], 'python': sys.executable}))\n"
# stands for pytest: shows its surroundings, then ends as it is told
PYTEST = """
import json, os, sys, time
seen = {"arguments": sys.argv[1:], "environment": dict(os.environ), "folder": os.getcwd()}
print(json.dumps(seen), flush=True)
if "wait" in sys.argv:
    time.sleep(60)
sys.exit(int(sys.argv[1]))
"""
BACKEND = """
import zipfile
from pathlib import Path

INFO = "veighna_ext-0.1.0.dist-info"


def build_editable(wheel_directory, config_settings=None, metadata_directory=None):
    name = "veighna_ext-0.1.0-py3-none-any.whl"
    with zipfile.ZipFile(Path(wheel_directory, name), "w") as wheel:
        wheel.writestr("veighna_ext.pth", str(Path.cwd()))
        wheel.writestr(f"{INFO}/METADATA", "Metadata-Version: 2.1\\nName: veighna-ext\\nVersion: 0.1.0\\n")
        wheel.writestr(f"{INFO}/WHEEL", "Wheel-Version: 1.0\\nRoot-Is-Purelib: true\\nTag: py3-none-any\\n")
        wheel.writestr(f"{INFO}/RECORD", "")
    return name
"""
METADATA = """
[build-system]
requires = []
build-backend = "backend"
backend-path = ["."]
[project]
name = "veighna-ext"
version = "0.1.0"
"""


@dataclass(frozen=True)
class Mini:
    """The small checkout and the folder with its wheels."""

    project: Path
    wheels: Path

    @property
    def environment(self) -> Environment:
        return Environment(self.project)

    def surroundings(self, **changes: str) -> dict[str, str]:
        """No package index, no compiler, no package manager, English."""
        given = {name: value for name, value in os.environ.items() if not name.startswith(("PIP_", "PYTHON"))}
        own = {
            "PATH": "/nonexistent",
            "LANGUAGE": "en",
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_NO_INDEX": "1",
            "PIP_FIND_LINKS": self.wheels.as_uri(),
            "PIP_CACHE_DIR": str(self.wheels / "cache"),
        }
        return given | own | changes

    def start(self, *arguments: str, **changes: str) -> subprocess.CompletedProcess[str]:
        """`python run.py` to its end."""
        return subprocess.run(
            self.command(*arguments),
            env=self.surroundings(**changes),
            capture_output=True,
            encoding="utf-8",
            timeout=100,
            check=False,
        )

    def begin(self, *arguments: str, **changes: str) -> subprocess.Popen[str]:
        """`python run.py` left running."""
        return subprocess.Popen(
            self.command(*arguments),
            env=self.surroundings(**changes),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
        )

    def command(self, *arguments: str) -> list[str]:
        return [os.path.realpath(sys.executable), str(self.project / "run.py"), *arguments]

    def provide(self, part: str, name: str, version: str, files: dict[str, str]) -> None:
        """Publish a wheel and make it the one pin of `part`."""
        wheel = self.wheels / f"{name}-{version}-py3-none-any.whl"
        info = f"{name}-{version}.dist-info"
        with zipfile.ZipFile(wheel, "w") as archive:
            for path, text in files.items():
                archive.writestr(path, text)
            archive.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n")
            archive.writestr(
                f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
            )
            archive.writestr(f"{info}/RECORD", "")
        self.pin(part, name, version, wheel)

    def pin(self, part: str, name: str, version: str, file: Path) -> None:
        digest = hashlib.sha256(file.read_bytes()).hexdigest()
        text = lock.write_pins([lock.Pin(name, version, "", (digest,))], "test")
        lock.lock_file(self.project, part).write_text(text, encoding="utf-8")


def own_pip(wheels: Path) -> Path:
    """The pip that runs with these tests, as the wheel it came from."""
    installed = distribution("pip")
    wheel = wheels / f"pip-{installed.version}-py3-none-any.whl"
    with zipfile.ZipFile(wheel, "w") as archive:
        for file in installed.files or ():
            if file.suffix != ".pyc" and ".." not in file.parts and file.name not in ("RECORD", "INSTALLER"):
                archive.write(str(file.locate()), str(file))
        archive.writestr(f"pip-{installed.version}.dist-info/RECORD", "")
    return wheel


def make(folder: Path) -> Mini:
    """A small checkout in `folder` with everything it installs."""
    mini = Mini(folder / "盘 a", folder / "wheels")
    mini.wheels.mkdir(parents=True)
    lock.lock_file(mini.project, lock.PIP).parent.mkdir(parents=True)
    shutil.copy(PROJECT / "run.py", mini.project)
    for source in (
        "veighna_ext/__init__.py",
        "veighna_ext/options.py",
        "veighna_ext/core",
        "veighna_ext/setup",
    ):
        target = mini.project / source
        target.parent.mkdir(exist_ok=True)
        if (PROJECT / source).is_dir():
            shutil.copytree(PROJECT / source, target, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(PROJECT / source, target)
    (mini.project / "veighna_ext" / "__main__.py").write_text(DESKTOP, encoding="utf-8")
    (mini.project / "backend.py").write_text(BACKEND, encoding="utf-8")
    (mini.project / "pyproject.toml").write_text(METADATA, encoding="utf-8")
    mini.pin(lock.PIP, "pip", version("pip"), own_pip(mini.wheels))
    mini.provide(lock.BUILD, "tool", "1.0", {"tool.py": ""})
    mini.provide(lock.DESKTOP, "vnpy", "4.5.0", {"vnpy.py": ""})
    mini.provide(lock.TEST, "pytest", "9.0", {"pytest/__init__.py": "", "pytest/__main__.py": PYTEST})
    mini.provide(lock.RISKMANAGER, "vnpy_riskmanager", "2.0.0", {"vnpy_riskmanager.py": ""})
    return mini
