"""Moderation actions as data, and the decisions about them."""
