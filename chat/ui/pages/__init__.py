"""The three pages."""
