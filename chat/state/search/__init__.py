"""The search as a use case."""
