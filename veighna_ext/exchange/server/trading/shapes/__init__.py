"""How orders, fills and order lists look in answers: the fields of Binance's samples, in their order."""
