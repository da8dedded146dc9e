"""Messages: their events, permissions, history, search and unread counts."""
