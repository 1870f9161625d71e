"""The control API: accounts, markets, faults and replays of a running exchange, and its pages."""
# nothing is imported here: the desktop's client needs the messages alone
