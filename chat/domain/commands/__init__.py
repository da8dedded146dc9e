"""Slash commands: parsing, the tables, completion."""
