"""The clients' own processes, and what they wrote down."""

from __future__ import annotations

import json
import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.conformance.clients.table import named
from tests.conformance.environments import ClientEnvironment
from tests.support.waiting import wait_until

ROOT = Path(__file__).parents[2]
PATIENCE_S = 60.0
"""How long a journey may take beyond what it means to stay."""

Step = dict[str, Any]


class Played:
    """One journey of one client: the steps it wrote down."""

    def __init__(self, player: Player, journey: str) -> None:
        self._player = player
        self.journey = journey
        self.steps: list[Step] = []

    @property
    def ended(self) -> bool:
        return bool(self.steps) and self.steps[-1]["step"] == "end"

    def wait(self, step: str, seconds: float = PATIENCE_S) -> None:
        """Until it has written down a step, or has ended."""
        self._player.read_until(
            lambda: self.ended or any(each["step"] == step for each in self.steps), seconds
        )

    def go_on(self) -> None:
        """It paused; the test has done its part."""
        self._player.tell("")

    def finish(self, seconds: float = PATIENCE_S) -> Played:
        """Until its end, which must be a good one."""
        self.wait("end", seconds)
        failure = self.steps[-1].get("failure")
        assert not failure, (
            f"{self._player.name} could not finish {self.journey}:\n{failure}\n{self._summary()}"
        )
        return self

    def all(self, step: str) -> list[Step]:
        """Every time it wrote down a step."""
        return [each for each in self.steps if each["step"] == step]

    def one(self, step: str, **where: Any) -> Step:
        """The step it wrote down once, or once for a kind."""
        found = [each for each in self.all(step) if where.items() <= each.items()]
        assert len(found) == 1, f"{len(found)} × {step} {where} in: {self._summary()}"
        return found[0]

    @property
    def complaints(self) -> list[str]:
        """What the client itself found wrong with the venue's answers."""
        return list(self.steps[-1]["complaints"])

    def _summary(self) -> str:
        return "\n".join(json.dumps(step)[:300] for step in self.steps[-40:])


class Player:
    """A client's process: it plays the journeys it is asked for, one after another."""

    def __init__(self, name: str, folder: Path) -> None:
        self.name = name
        self._said = folder / f"{name}.out"
        self._complained = folder / f"{name}.err"
        self._journeys: list[Played] = []
        self._offset = 0
        with self._said.open("wb") as out, self._complained.open("wb") as err:
            self._process = subprocess.Popen(
                [
                    str(ClientEnvironment(named(name)).python),
                    "-m",
                    "tests.conformance.journeys",
                    named(name).module,
                ],
                cwd=ROOT,
                env=_surroundings(),
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=err,
            )

    def begin(self, journey: str, asked: dict[str, Any]) -> Played:
        """Ask for a journey; it begins when those before it have ended."""
        played = Played(self, journey)
        self._journeys.append(played)
        self.tell(json.dumps({"journey": journey, **asked}))
        return played

    def tell(self, line: str) -> None:
        assert self._process.stdin is not None
        self._process.stdin.write(line.encode() + b"\n")
        self._process.stdin.flush()

    def read_until(self, condition: Callable[[], bool], seconds: float) -> None:
        """Hand what is written to the journeys until a condition holds."""

        def holds() -> bool:
            self._read()
            return condition() or self._process.poll() is not None

        try:
            wait_until(holds, seconds)
        except AssertionError as error:
            raise AssertionError(
                f"{self.name} did not come to it in {seconds:.0f} s\n{self._last()}"
            ) from error
        self._read()
        assert condition(), f"{self.name} ended with {self._process.poll()}\n{self._last()}"

    def stop(self) -> None:
        """End it."""
        assert self._process.stdin is not None
        self._process.kill()
        self._process.stdin.close()
        self._process.wait()

    def _read(self) -> None:
        with self._said.open("rb") as said:
            said.seek(self._offset)
            for line in said:
                if not line.endswith(b"\n"):
                    break
                self._offset += len(line)
                playing = next(each for each in self._journeys if not each.ended)
                playing.steps.append(json.loads(line))

    def _last(self) -> str:
        playing = next((each for each in self._journeys if not each.ended), None)
        said = playing._summary() if playing else ""
        return f"{said}\n{self._complained.read_text(encoding='utf-8', errors='replace')[-3000:]}"


Play = Callable[[str, str], Played]
"""Gives what a client saw on a journey."""


def _surroundings() -> dict[str, str]:
    ours = {name: value for name, value in os.environ.items() if not name.startswith("PYTHON")}
    return ours | {"PYTHONPATH": str(ROOT), "NO_PROXY": "127.0.0.1,localhost", "PYTHONUNBUFFERED": "1"}
