"""Pushes to browsers as a use case."""
