"""How often somebody may try a password, and pauses after that."""

from limits import RateLimitItem
from limits import parse as parse_rate
from limits.storage import MemoryStorage
from limits.strategies import MovingWindowRateLimiter

from chat.domain.errors import AccountRefused

PER_NAME_AND_CALLER = "5 per minute"
PER_CALLER = "100 per 10 minutes"  # a whole class may sit behind one address
PER_NAME = "100 per hour"
NEW_PER_CALLER = "200 per hour"  # two classes, and who had to try twice
MAX_REMEMBERED = 10_000


class LoginThrottle:
    """Counts tries by name and caller together, by caller, and by name. A right one makes up for the wrong ones of its
    pair, and does not count for the caller.

    Names are not counted for callers who knew the password before, so that strangers can't keep somebody out. They
    count before the password is verified: a hundred at once are a hundred.
    """

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(MemoryStorage())
        self._pair, self._caller, self._name = map(parse_rate, (PER_NAME_AND_CALLER, PER_CALLER, PER_NAME))
        # Counted are all tries, and those that were right; the difference is what is limited.
        self._all = type(self._caller)(10 * self._caller.amount, self._caller.multiples)
        self._new = parse_rate(NEW_PER_CALLER)
        self._known: dict[tuple[str, str], None] = {}

    def check(self, name: str, caller: str, *, is_known: bool = False) -> None:
        """Count a try; raises `AccountRefused` if there were too many. `is_known` is who is signed in as that name."""
        is_free = is_known or (name, caller) in self._known
        wrong = self._count("tried", caller) - self._count("right", caller)
        limits: list[tuple[RateLimitItem, tuple[str, ...]]] = [
            (self._pair, ("pair", name, caller)),
            (self._all, ("tried", caller)),
            *([] if is_free else [(self._name, ("name", name))]),
        ]
        if wrong >= self._caller.amount or not all(self._limiter.hit(limit, *what) for limit, what in limits):
            raise AccountRefused("sign-in-paused")

    def check_new(self, caller: str) -> None:
        """Count a new account; raises `AccountRefused` if there were too many."""
        if not self._limiter.hit(self._new, "new", caller):
            raise AccountRefused("sign-in-paused")

    def forget(self, name: str, caller: str) -> None:
        """The password was right."""
        self._limiter.clear(self._pair, "pair", name, caller)
        self._limiter.hit(self._all, "right", caller)
        self._known.pop((name, caller), None)
        self._known[name, caller] = None
        if len(self._known) > MAX_REMEMBERED:
            del self._known[next(iter(self._known))]

    def _count(self, kind: str, caller: str) -> int:
        return self._all.amount - self._limiter.get_window_stats(self._all, kind, caller).remaining
