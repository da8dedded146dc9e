"""The rules of a chat, without clock and I/O; imports only the standard library and cachetools."""
