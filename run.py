# -*- coding: utf-8 -*-
"""Starts VeighNa Trader, making its environment first if needed; `python3 run.py --help` lists the rest."""

import os
import sys

if sys.version_info < (3, 10):
    sys.stderr.write(
        "VeighNa 需要 Python 3.10 至 3.13, 当前是 %d.%d\n" % sys.version_info[:2]
        if os.environ.get("LC_ALL", os.environ.get("LANG", "")).startswith("zh")
        else "VeighNa needs Python 3.10 to 3.13; this is %d.%d.\n" % sys.version_info[:2]
    )
    sys.exit(2)

from veighna_ext.setup.commands import main

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
