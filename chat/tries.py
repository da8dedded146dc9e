"""How often somebody may try a password, and pauses after that."""

from limits import RateLimitItem
from limits import parse as parse_rate
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from chat.errors import AccountRefused

PER_NAME_AND_CALLER = "5 per minute"
PER_CALLER = "50 per 10 minutes"  # a whole class may sit behind one address
PER_NAME = "100 per hour"
NEW_PER_CALLER = "30 per hour"


class Tries:
    """Counts tries by name and caller together (a right one makes up for the wrong ones), by caller, and by name.

    They count before the password is verified: a hundred at once are a hundred.
    """

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._pair, self._caller, self._name = map(parse_rate, (PER_NAME_AND_CALLER, PER_CALLER, PER_NAME))
        self._new = parse_rate(NEW_PER_CALLER)

    def check(self, name: str, caller: str) -> None:
        """Count a try; raises `AccountRefused` if there were too many."""
        limits: list[tuple[RateLimitItem, tuple[str, ...]]] = [
            (self._pair, ("pair", name, caller)),
            (self._caller, ("caller", caller)),
            (self._name, ("name", name)),
        ]
        if not all(self._limiter.hit(limit, *what) for limit, what in limits):
            raise AccountRefused("sign-in-paused")

    def check_new(self, caller: str) -> None:
        """Count a new account; raises `AccountRefused` if there were too many."""
        if not self._limiter.hit(self._new, "new", caller):
            raise AccountRefused("sign-in-paused")

    def forget(self, name: str, caller: str) -> None:
        """The password was right."""
        self._limiter.clear(self._pair, "pair", name, caller)
