"""Rate limits for members' actions."""

import math
from collections.abc import Set

import orjson
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter

from chat.domain.client_identity import personal_identifiers, shared_identifiers
from chat.domain.errors import TextRefused
from chat.domain.people.people import People
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.state.steady_limits import seconds_until, steady_storage
from chat.storage.peers import Peer, Peers

RATES = {
    "rename": "10 per minute",
    "upload": "60 per minute",
    "preview": "30 per minute",  # links that the server follows
    "picture": "10 per 10 minutes",  # of oneself
    "switch": "20 per 5 seconds",  # of the shown room
}
CHARACTERS_PER_MESSAGE = 1000  # on average: long messages are as much work as many short ones
CHARACTERS_PER_UNIT = 100
SHARED_ADDRESS_FACTOR = 20  # times the rate of one member: a whole class may share an address
TOPIC = "actions"
LOCAL = {"switch", "upload"}  # these cost this process alone, and aren't counted by others


class ActionRateLimiter(Peer):
    """Counts actions by every identifier of a member: id, session and, more generously, address.

    `rate` limits how often a member may write, and a guest join; and how much they may write. The processes of a chat
    count together.
    """

    def __init__(self, rate: str, peers: Peers | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(steady_storage())
        self._rates = {action: parse(limit) for action, limit in {"write": rate, "join": rate, **RATES}.items()}
        write, longest = self._rates["write"], _units("x" * TEXT_LIMIT)
        units = max(longest, write.amount * CHARACTERS_PER_MESSAGE // CHARACTERS_PER_UNIT)
        self._characters = type(write)(units, write.multiples)
        self._peers = peers
        if peers:
            peers.add(TOPIC, self)

    def hit(self, action: str, identifiers: Set[str], text: object = "", *, is_elsewhere: bool = True) -> int:
        """Count an action that writes `text`. Return 0, or the seconds to wait if there were too many.

        With `is_elsewhere`, other processes count it, too: the member may be there.
        """
        units = _units(text) if isinstance(text, str) else 0
        left = self._hit(action, identifiers, units)
        if self._peers and is_elsewhere and not left and action not in LOCAL:
            self._peers.broadcast(TOPIC, orjson.dumps([action, units, *identifiers]))
        return left

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Count an action at another process."""
        action, units, *identifiers = orjson.loads(note)
        self._hit(action, frozenset(identifiers), units)

    def _hit(self, action: str, identifiers: Set[str], units: int) -> int:
        left = self._count(action, self._rates[action], identifiers)
        return left or (self._count("characters", self._characters, identifiers, units) if units else 0)

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
        known = self._people.moderation.identifiers_of(member_id)
        is_elsewhere = self._people.presence.has_several_connections(member_id)
        if left := self._limiter.hit("write", known, text, is_elsewhere=is_elsewhere):
            raise TextRefused("too-fast", left=left)


def _units(text: str) -> int:
    return math.ceil(min(len(text), TEXT_LIMIT) / CHARACTERS_PER_UNIT)
