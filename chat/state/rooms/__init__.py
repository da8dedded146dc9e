"""Rooms as use cases: their door, changes, members, and what is unread."""
