"""``python -m veighna_ext.exchange``: the mock exchange as a process of its own."""

from veighna_ext.exchange.server.process import main

raise SystemExit(main())
