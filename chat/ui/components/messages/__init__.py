"""The message list, and what members do with messages."""
