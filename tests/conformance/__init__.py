"""
Real clients of Binance, unmodified but for the URL, against the real exchange process over real sockets.

`clients.table` says which clients there are and which journeys each can make. A journey is played by the
client's own Python in an environment of its own (`journeys`, `clients`) and only writes down what it saw; the
tests here judge.
"""
