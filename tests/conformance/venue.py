"""The exchange as a trader starts it: a process, its ready line, its control API, its end."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import requests

from tests.conformance.clients.base import Place
from tests.support.waiting import wait_until

START_S = 20.0
STOP_S = 10.0
DISTANCE_MS = 100


@dataclass(frozen=True)
class Ready:
    """What the ready line says."""

    rest: str
    ws: str
    control_token: str

    @property
    def port(self) -> int:
        return int(self.rest.rpartition(":")[2])


class Venue:
    """One exchange process; its output is kept in a folder."""

    def __init__(self, folder: Path, *options: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        self._folder = folder
        self._options = options
        self._said = folder / "said.txt"
        self._ready: Ready | None = None
        self._secrets: list[str] = []
        self._process = self._start("--port", "0")

    def _start(self, *options: str) -> subprocess.Popen[bytes]:
        with self._said.open("wb") as out, (self._folder / "complained.txt").open("ab") as err:
            return subprocess.Popen(
                [sys.executable, "-m", "veighna_ext.exchange", *options, *self._options],
                stdout=out,
                stderr=err,
                cwd=self._folder,
                env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
            )

    @property
    def ready(self) -> Ready:
        """Where it is, once it accepts requests."""
        if self._ready is None:
            process, said = self._process, self._said
            wait_until(lambda: said.read_bytes().endswith(b"\n") or process.poll() is not None, START_S)
            assert process.poll() is None, self.complained
            line = json.loads(said.read_text(encoding="utf-8"))
            self._ready = Ready(line["rest"], line["ws"], line["control_token"])
        return self._ready

    @property
    def complained(self) -> str:
        """Its log."""
        return (self._folder / "complained.txt").read_text(encoding="utf-8", errors="replace")

    def stop(self) -> int:
        """Tell it to end, as a service manager does; its exit code."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT if sys.platform == "win32" else signal.SIGTERM)
        return self._process.wait(STOP_S)

    def kill(self) -> None:
        """End it as a lost computer does."""
        self._process.kill()
        self._process.wait(STOP_S)

    def start_again(self) -> None:
        """On the same port and with the same control token; with a data folder it has forgotten nothing."""
        known, self._ready = self.ready, None
        self._process = self._start("--port", str(known.port), "--control-token", known.control_token)
        assert self.ready == known

    def control(self, verb: str, path: str, body: dict[str, Any] | None = None) -> Any:
        """A request to its control API."""
        answer = requests.request(
            verb,
            f"{self.ready.rest}/mock/v1{path}",
            json=body,
            headers={"Authorization": f"Bearer {self.ready.control_token}"},
            timeout=10,
        )
        assert answer.ok, (verb, path, answer.status_code, answer.text)
        return answer.json()

    def open_account(self, balances: dict[str, str], **more: str) -> Place:
        """A new account, and where to use it."""
        opened = self.control("POST", "/accounts", {"balances": balances, **more})
        secret = opened.get("secret") or ""
        self._secrets += [secret, self.ready.control_token]
        return Place(self.ready.rest, self.ready.ws, opened["apiKey"], secret)

    def problems(self) -> list[str]:
        """What its log should not hold: errors, and secrets."""
        log = self.complained
        found = [line for line in log.splitlines() if "Traceback" in line or " ERROR " in line]
        if any(secret and secret in log for secret in self._secrets):
            found.append("a secret is in the log")
        return found

    def open_distant_account(self, balances: dict[str, str]) -> Place:
        """
        A new account that is as far away as real venues are.

        VeighNa's gateway loses its user data where REST answers before the other connection is open.
        """
        place = self.open_account(balances)
        self.control("POST", "/faults", {"account": place.key, "latency_ms": DISTANCE_MS})
        return place


def told(place: Place) -> dict[str, str]:
    """A place as a client's process is told of it."""
    return asdict(place)
