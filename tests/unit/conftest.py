"""Hypothesis settings for the unit tests."""

from hypothesis import settings

# Deadlines measure wall-clock time, which is meaningless on a busy machine.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
