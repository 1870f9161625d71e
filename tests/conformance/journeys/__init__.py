"""
The journeys, each written once for any client. They write down what happened and judge nothing.

Run by the client's own Python: only the standard library and the client are there.
"""
