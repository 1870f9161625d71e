"""The matching engine: orders, books, accounts, and the one venue that writes them."""
