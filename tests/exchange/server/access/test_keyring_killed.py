"""A venue killed at any moment has every key that it acknowledged."""

from __future__ import annotations

import random
from pathlib import Path

from tests.exchange.journal.journals import child
from veighna_ext.exchange.server.access import HmacCredential, KeyRing

KILLS = 4

VENUE = """
import sys
from pathlib import Path
from veighna_ext.exchange.server.access import HmacCredential, KeyRing
keys = KeyRing(Path(sys.argv[1]))
number = len(keys)
while True:
    number += 1
    keys.add(HmacCredential(f"key-{number}", f"secret-{number}"))
    print(number, flush=True)
"""


def test_killed_at_random_moments_a_venue_loses_no_key_it_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(5)
    before = 0
    for _ in range(KILLS):
        with child(VENUE, tmp_path) as venue:
            assert venue.stdout is not None
            for _ in range(chance.randint(1, 40)):
                venue.stdout.readline()
            venue.kill()
            acknowledged = [int(line) for line in venue.stdout if line.endswith("\n")]
        keys = KeyRing(tmp_path)
        assert len(keys) >= max([before, *acknowledged])
        for number in range(1, len(keys) + 1):
            credential = keys.get(f"key-{number}")
            assert isinstance(credential, HmacCredential)
            assert credential.material == f"secret-{number}"
        before = len(keys)
    assert before > KILLS
