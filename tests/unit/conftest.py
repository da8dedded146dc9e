"""Settings of the unit tests."""

from hypothesis import settings

# Hypothesis measures wall-clock time, which says nothing on a busy machine.
settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
