"""How often people may do what everybody notices."""

from collections.abc import Set

from limits import parse
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from chat.domain.moderation.sanctions import personal_identifiers, shared_identifiers

NAMES = "10 per minute"
SHARED_ADDRESS_FACTOR = 20  # so many times as much may come from one address: a class is behind it


class ActionRateLimiter:
    """Counts by all that somebody is known by: who they are, their browser, and (with more room) their address.

    `own` is how much one person may write, and how often join.
    """

    def __init__(self, own: str) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._rates = {"write": parse(own), "join": parse(own), "rename": parse(NAMES)}

    def allow(self, what: str, known: Set[str]) -> bool:
        """Count it; returns whether it was not too often."""
        rate = self._rates[what]
        crowd = type(rate)(rate.amount * SHARED_ADDRESS_FACTOR, rate.multiples)
        limits = [(rate, mark) for mark in sorted(personal_identifiers(known))] + [
            (crowd, mark) for mark in shared_identifiers(known)
        ]
        return all(self._limiter.hit(limit, what, mark) for limit, mark in limits)
