"""`python -m veighna_ext.exchange.journal salvage FOLDER`."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from veighna_ext.exchange.journal.errors import JournalError
from veighna_ext.exchange.journal.salvage import salvage


def main() -> int:
    """Salvage a folder; 0 and one line on what was kept, or 1 and one line on why nothing was done."""
    parser = argparse.ArgumentParser(prog="python -m veighna_ext.exchange.journal")
    commands = parser.add_subparsers(required=True)
    keep = commands.add_parser("salvage", help="keep what comes before the damage, move the rest aside")
    keep.add_argument("folder", type=Path)
    try:
        print(salvage(parser.parse_args().folder))
    except JournalError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


sys.exit(main())
