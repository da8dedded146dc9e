"""The message list, and actions on messages."""
