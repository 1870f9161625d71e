"""A screen that is not the user's: `python -m veighna_ext.setup.virtual_screen COMMAND` uses one."""

from __future__ import annotations

import contextlib
import ctypes
import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator

START_S = 30
SIZE = "1920x1080x24"
_DIE_WITH_PARENT = 1  # PR_SET_PDEATHSIG


@contextlib.contextmanager
def virtual_screen() -> Iterator[str | None]:
    """The name of a fresh display, or nothing where there is no Xvfb; the server ends with the block."""
    program = shutil.which("Xvfb")
    if program is None:
        yield None
        return
    told, tell = os.pipe()
    server = subprocess.Popen(
        [program, "-displayfd", str(tell), "-screen", "0", SIZE, "-nolisten", "tcp", "-noreset"],
        pass_fds=(tell,),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
        start_new_session=True,
        preexec_fn=_end_with_parent,  # noqa: PLW1509 - no thread runs yet
    )
    os.close(tell)
    try:
        with os.fdopen(told) as answer:
            number = answer.readline().strip()
        yield f":{number}" if number else None
    finally:
        server.terminate()
        server.wait()


def _end_with_parent() -> None:
    if sys.platform.startswith("linux"):
        ctypes.CDLL(None).prctl(_DIE_WITH_PARENT, signal.SIGTERM)


def run_child(command: list[str], **options: object) -> int:
    """Run `command` to its end; being told to stop is passed on to it, so that cleaning up follows."""
    child = subprocess.Popen(command, **options)  # type: ignore[call-overload]

    def stop(signum: int, _frame: object) -> None:
        child.terminate()
        raise SystemExit(128 + signum)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        code = int(child.wait())
        return code if code >= 0 else 128 - code
    except KeyboardInterrupt:
        child.wait()
        return 130
    finally:
        signal.signal(signal.SIGTERM, before)
        if child.poll() is None:
            try:
                child.wait(timeout=10)
            except subprocess.TimeoutExpired:
                child.kill()


def main(command: list[str]) -> int:
    """Exit code of `command` run on a screen of its own."""
    with virtual_screen() as display:
        surroundings = dict(os.environ)
        if display:
            surroundings["DISPLAY"] = display
            surroundings.pop("WAYLAND_DISPLAY", None)
        else:
            surroundings["QT_QPA_PLATFORM"] = "offscreen"
        return run_child(command, env=surroundings)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
