"""Moderation in force: sanctions, slow mode, the word filter, reports."""
