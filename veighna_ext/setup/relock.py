"""`python -m veighna_ext.setup.relock` writes `resources/lock` anew from pyproject.toml; needs `uv`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path

from veighna_ext.setup import lock

PROJECT = Path(__file__).resolve().parents[2]
HEADING = "made by `python -m veighna_ext.setup.relock`; do not edit"

# A part holds what its sources need and no part named in `beyond` holds already.
SOURCES: dict[str, list[str]] = {
    lock.PIP: ["--group", "pip"],
    lock.BUILD: ["--group", "build"],
    lock.DESKTOP: ["pyproject.toml"],
    lock.TEST: ["pyproject.toml", "--extra", "test"],
    lock.DEV: ["pyproject.toml", "--extra", "dev"],
    lock.RISKMANAGER_BUILD: ["--group", "riskmanager-build"],
    lock.RISKMANAGER: ["pyproject.toml", "--extra", "riskmanager"],
    lock.QT_ADDONS: ["pyproject.toml", "--extra", "qt-addons"],
    lock.PARQUET: ["pyproject.toml", "--extra", "parquet"],
}
BEYOND: dict[str, tuple[str, ...]] = {
    lock.TEST: (lock.DESKTOP,),
    lock.DEV: (lock.DESKTOP, lock.TEST),
    lock.RISKMANAGER: (lock.DESKTOP,),
    lock.QT_ADDONS: (lock.DESKTOP,),
    lock.PARQUET: (lock.DESKTOP,),
}
# 400 MB that neither vnpy nor we import: the desktop goes without, `run.py add qt-addons` brings it
LEFT_OUT = ["--no-emit-package", "pyside6-addons"]


def resolve(sources: list[str], *options: str) -> list[lock.Pin]:
    """What uv resolves `sources` to, for every supported Python and system at once."""
    command = [
        "uv",
        "pip",
        "compile",
        "--quiet",
        "--universal",
        "--python-version",
        "3.10",
        "--generate-hashes",
        "--no-header",
        "--no-annotate",
        *options,
        *sources,
    ]
    done = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)
    if done.returncode:
        raise SystemExit(done.stderr.strip())
    return lock.read_pins(done.stdout)


def main() -> int:
    """Resolve everything together once, so that parts agree, then each part within that."""
    every_source = ["pyproject.toml", "--all-extras"]
    for group in (
        source for sources in SOURCES.values() for source in sources if source.endswith(("pip", "build"))
    ):
        every_source += ["--group", group]
    with tempfile.TemporaryDirectory() as folder:
        constraints = Path(folder) / "all.txt"
        constraints.write_text(lock.write_pins(resolve(every_source), HEADING), encoding="utf-8")
        held: dict[str, set[tuple[str, str, str]]] = {}
        for part, sources in SOURCES.items():
            leave_out = [] if part == lock.QT_ADDONS else LEFT_OUT
            pins = resolve(sources, "--constraint", str(constraints), *leave_out)
            known = set().union(*(held[other] for other in BEYOND.get(part, ())))
            pins = [pin for pin in pins if (pin.name, pin.version, pin.marker) not in known]
            held[part] = {(pin.name, pin.version, pin.marker) for pin in pins}
            lock.lock_file(PROJECT, part).write_text(
                lock.write_pins(pins, HEADING), encoding="utf-8", newline="\n"
            )
            print(f"{part}: {len(pins)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
