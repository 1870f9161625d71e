"""`python -m veighna_ext.setup.launchers.ready`: exit code 0 when nothing is to be installed."""

from __future__ import annotations

import sys

from veighna_ext.setup import lock
from veighna_ext.setup.environment import PROJECT, Environment

if __name__ == "__main__":
    sys.exit(0 if Environment(PROJECT).ready((lock.DESKTOP,)) else 1)
