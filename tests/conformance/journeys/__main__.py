"""
Plays journeys one after another, as standard input asks: a line of JSON for each.

    python -m tests.conformance.journeys CLIENT_MODULE

What each saw goes to standard output, a line of JSON for each step; the last one says how it ended.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import sys
import traceback
from typing import Any

from tests.conformance.clients.base import Client, Place
from tests.conformance.clients.table import JOURNEYS
from tests.conformance.journeys.trip import Trip, client_class


async def play(asked: dict[str, Any], client: Client) -> None:
    """Make one journey from beginning to end."""
    module = importlib.import_module(f"tests.conformance.journeys.{JOURNEYS[asked['journey']].module}")
    trip = Trip(
        client,
        client.place,
        Place(**asked["other_place"]),
        asked["symbol"],
        asked["control_token"],
        asked["seconds"],
        asked["data"],
        make=type(client),
    )
    await client.open()
    try:
        await getattr(module, asked["journey"])(trip)
    finally:
        try:
            await client.close()
        finally:
            for place in (client.place, trip.other_place):
                await trip.control("POST", f"/accounts/{place.key}/reset")


def main(module: str) -> None:
    """Until there is no more to do."""
    make = client_class(module)
    for line in iter(sys.stdin.readline, ""):
        asked = json.loads(line)
        client = make(Place(**asked["place"]))
        try:
            asyncio.run(play(asked, client))
        except Exception:  # noqa: BLE001 - whatever it was, the test tells
            ended: dict[str, Any] = {"failure": traceback.format_exc()}
        else:
            ended = {"complaints": client.complaints}
        print(json.dumps({"step": "end", **ended}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1])
