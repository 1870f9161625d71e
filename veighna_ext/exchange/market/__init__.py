"""Where prices come from when nobody else trades: a synthetic market, or a tape."""
