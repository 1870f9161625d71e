"""The WebSocket API: requests and answers as JSON messages, sessions and user data on one connection."""
