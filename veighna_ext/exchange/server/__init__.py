"""The exchange's outside: REST, streams, WebSocket API and control, in one process on one port."""
