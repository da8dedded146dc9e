"""Rooms as use cases: access, loading, changes, members, and unread messages."""
