"""The mock exchange: a venue that behaves like Binance Spot; knows neither Qt nor vnpy."""
