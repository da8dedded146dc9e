"""The lifetime of a session's data after its last change."""

from collections.abc import Collection
from datetime import timedelta

LEFT_AFTER = timedelta(days=30)  # someone who left that long ago isn't offered to come back
EXPIRED_AFTER = timedelta(days=365)  # the age at which browsers drop the cookie
NEEDED = {"member", "mark"}  # `mark`, of version 0.1.0, is what sanctions go by


def session_lifetime(keys: Collection[str]) -> timedelta:
    """Return the lifetime of a session with these keys."""
    return EXPIRED_AFTER if NEEDED.intersection(keys) else LEFT_AFTER
