"""Rate limits for members' actions, and for login attempts."""

import math
from collections.abc import Set

from cachetools import FIFOCache
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter

from chat.domain.client_identity import personal_identifiers, shared_identifiers
from chat.domain.errors import AccountRefused, TextRefused
from chat.domain.people.people import People
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.state.steady_limits import seconds_until, steady_storage

RENAMES = "10 per minute"
UPLOADS = "60 per minute"
SWITCHES = "20 per 5 seconds"  # of the shown room
CHARACTERS_PER_MESSAGE = 1000  # on average: long messages are as much work as many short ones
CHARACTERS_PER_UNIT = 100
SHARED_ADDRESS_FACTOR = 20  # times the rate of one member: a whole class may share an address

PER_NAME_AND_CLIENT = "5 per minute"
PER_CLIENT = "100 per 10 minutes"  # a whole class may share an address
PER_NAME = "100 per hour"
RESETS_PER_ADMIN = "100 per hour"  # password reset links; a teacher may need them for a whole class
SIGN_UPS_PER_CLIENT = "200 per hour"  # two classes, with some retries
MAX_REMEMBERED = 10_000


class ActionRateLimiter:
    """Counts actions by every identifier of a member: id, session and, more generously, address.

    `rate` limits how often a member may write, and a guest join; and how much they may write.
    """

    def __init__(self, rate: str) -> None:
        self._limiter = MovingWindowRateLimiter(steady_storage())
        self._rates = {"write": parse(rate), "join": parse(rate), "rename": parse(RENAMES)}
        self._rates |= {"switch": parse(SWITCHES), "upload": parse(UPLOADS)}
        write, longest = self._rates["write"], _units("x" * TEXT_LIMIT)
        units = max(longest, write.amount * CHARACTERS_PER_MESSAGE // CHARACTERS_PER_UNIT)
        self._characters = type(write)(units, write.multiples)

    def hit(self, action: str, identifiers: Set[str], text: object = "") -> int:
        """Count an action that writes `text`. Return 0, or the seconds to wait if there were too many."""
        left = self._count(action, self._rates[action], identifiers)
        if left or not isinstance(text, str) or not text:
            return left
        return self._count("characters", self._characters, identifiers, _units(text))

    def _count(self, action: str, rate: RateLimitItem, identifiers: Set[str], cost: int = 1) -> int:
        shared = type(rate)(rate.amount * SHARED_ADDRESS_FACTOR, rate.multiples)
        limits = [(rate, key) for key in sorted(personal_identifiers(identifiers))]
        limits += [(shared, key) for key in shared_identifiers(identifiers)]
        for limit, key in limits:
            if not self._limiter.hit(limit, action, key, cost=cost):
                return seconds_until(self._limiter.get_window_stats(limit, action, key).reset_time)
        return 0


class WriteLimit:
    """Limits how often a member may write, or change what others see."""

    def __init__(self, people: People, limiter: ActionRateLimiter) -> None:
        self._people = people
        self._limiter = limiter

    def count(self, member_id: str, text: object = "") -> None:
        """Count an action that writes `text`; raises `TextRefused` if there were too many."""
        if left := self._limiter.hit("write", self._people.moderation.identifiers_of(member_id), text):
            raise TextRefused("too-fast", left=left)


def _units(text: str) -> int:
    return math.ceil(min(len(text), TEXT_LIMIT) / CHARACTERS_PER_UNIT)


class LoginThrottle:
    """Counts login attempts by name and client together, by client, and by name.

    A successful login makes up for the failures of its pair, and does not count for the client. The limit by name does
    not apply to clients that knew the password before, so that strangers can't lock a member out. Attempts count before
    the password is verified, so simultaneous attempts count too.
    """

    def __init__(self) -> None:
        self._limiter = MovingWindowRateLimiter(steady_storage())
        self._pair, self._client, self._name = map(parse, (PER_NAME_AND_CLIENT, PER_CLIENT, PER_NAME))
        # Attempts and successes are counted separately; the limit is on their difference.
        self._all = type(self._client)(10 * self._client.amount, self._client.multiples)
        self._sign_ups = parse(SIGN_UPS_PER_CLIENT)
        self._resets = parse(RESETS_PER_ADMIN)
        self._known: FIFOCache[tuple[str, str], None] = FIFOCache(MAX_REMEMBERED)

    def check(self, name: str, client: str, *, is_signed_in: bool = False) -> None:
        """Count an attempt; raises `AccountRefused` if there were too many."""
        is_known = is_signed_in or (name, client) in self._known
        failures = self._count("tried", client) - self._count("right", client)
        limits: list[tuple[RateLimitItem, tuple[str, ...]]] = [
            (self._pair, ("pair", name, client)),
            (self._all, ("tried", client)),
        ]
        if not is_known:
            limits.append((self._name, ("name", name)))
        if failures >= self._client.amount or not all(self._limiter.hit(limit, *key) for limit, key in limits):
            raise AccountRefused("sign-in-paused")

    def check_sign_up(self, client: str) -> None:
        """Count a sign-up; raises `AccountRefused` if there were too many."""
        if not self._limiter.hit(self._sign_ups, "new", client):
            raise AccountRefused("sign-in-paused")

    def check_reset(self, admin_id: str) -> None:
        """Count a new password reset link; raises `AccountRefused` if there were too many."""
        if not self._limiter.hit(self._resets, "reset", admin_id):
            raise AccountRefused("sign-in-paused")

    def record_success(self, name: str, client: str) -> None:
        self._limiter.clear(self._pair, "pair", name, client)
        self._limiter.hit(self._all, "right", client)
        self._known[name, client] = None

    def _count(self, kind: str, client: str) -> int:
        return self._all.amount - self._limiter.get_window_stats(self._all, kind, client).remaining
