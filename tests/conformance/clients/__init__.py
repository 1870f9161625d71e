"""How each client is spoken to, so that one journey can be made with any; run by the client's own Python."""
