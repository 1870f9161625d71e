"""A venue killed at any moment: everything acknowledged is there, and nothing that was never sent."""

from __future__ import annotations

import random
from pathlib import Path

from tests.exchange.journal.journals import IDENTITY, child, payload, write
from veighna_ext.exchange.journal import Journal

KILLS = 10

VENUE = """
import random, sys
from veighna_ext.exchange.journal import Journal
from tests.exchange.journal.journals import IDENTITY, payload
chance = random.Random(int(sys.argv[2]))
journal, _ = Journal.open(sys.argv[1], IDENTITY)
while True:
    for _ in range(chance.randint(1, 40)):
        journal.append(payload(journal.last_sequence + 1))
    print(journal.commit(), flush=True)
    if chance.random() < 0.1:
        journal.snapshot([str(journal.last_sequence).encode()])
"""


def test_killed_at_random_moments_a_venue_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    chance = random.Random(3)
    before = 0
    for number in range(KILLS):
        with child(VENUE, tmp_path, str(number)) as venue:
            assert venue.stdout is not None
            for _ in range(chance.randint(1, 60)):
                venue.stdout.readline()
            venue.kill()
            acknowledged = [int(line) for line in venue.stdout if line.endswith("\n")]
        journal, recovered = Journal.open(tmp_path, IDENTITY)
        with journal:
            assert recovered.last_sequence >= max([before, *acknowledged])
            if recovered.has_snapshot:
                assert list(recovered.snapshot_chunks()) == [str(recovered.first_sequence - 1).encode()]
            for sequence, record in enumerate(recovered.records(), recovered.first_sequence):
                assert record == payload(sequence)
            write(journal, 1)
            before = journal.last_sequence
    assert before > KILLS * 20
