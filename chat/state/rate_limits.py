"""Rate limits for members' actions, and for login attempts."""

import math
from collections.abc import Set

import orjson
from cachetools import FIFOCache
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter

from chat.domain.client_identity import personal_identifiers, shared_identifiers
from chat.domain.errors import AccountRefused, TextRefused
from chat.domain.people.people import People
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.state.steady_limits import seconds_until, steady_storage
from chat.storage.peers import Peer, Peers

RENAMES = "10 per minute"
UPLOADS = "60 per minute"
PREVIEWS = "30 per minute"  # links that the server follows
PICTURES = "10 per 10 minutes"  # of oneself
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
ACTIONS, LOGINS, SUCCESS = "actions", "logins", "success"  # topics, and a kind of attempt
OWN = {"switch", "upload"}  # what costs this process alone


class ActionRateLimiter(Peer):
    """Counts actions by every identifier of a member: id, session and, more generously, address.

    `rate` limits how often a member may write, and a guest join; and how much they may write. The processes of a chat
    count together.
    """

    def __init__(self, rate: str, peers: Peers | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(steady_storage())
        self._rates = {"write": parse(rate), "join": parse(rate), "rename": parse(RENAMES)}
        self._rates |= {"switch": parse(SWITCHES), "upload": parse(UPLOADS)}
        self._rates |= {"preview": parse(PREVIEWS), "picture": parse(PICTURES)}
        write, longest = self._rates["write"], _units("x" * TEXT_LIMIT)
        units = max(longest, write.amount * CHARACTERS_PER_MESSAGE // CHARACTERS_PER_UNIT)
        self._characters = type(write)(units, write.multiples)
        self._peers = peers
        if peers:
            peers.add(ACTIONS, self)

    def hit(self, action: str, identifiers: Set[str], text: object = "", *, is_elsewhere: bool = True) -> int:
        """Count an action that writes `text`. Return 0, or the seconds to wait if there were too many.

        With `is_elsewhere`, other processes count it, too: the member may be there.
        """
        units = _units(text) if isinstance(text, str) else 0
        left = self._hit(action, identifiers, units)
        if self._peers and is_elsewhere and not left and action not in OWN:
            self._peers.broadcast(ACTIONS, orjson.dumps([action, units, *identifiers]))
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


class LoginThrottle(Peer):
    """Counts login attempts by name and client together, by client, and by name; those at other processes, too.

    A successful login makes up for the failures of its pair, and does not count for the client. The limit by name does
    not apply to clients that knew the password before, so that strangers can't lock a member out. Attempts count before
    the password is verified, so simultaneous attempts count too.
    """

    def __init__(self, peers: Peers | None = None) -> None:
        self._limiter = MovingWindowRateLimiter(steady_storage())
        self._client = parse(PER_CLIENT)
        # Attempts and successes are counted separately; the limit is on their difference.
        all_attempts = type(self._client)(10 * self._client.amount, self._client.multiples)
        self._limits: dict[str, RateLimitItem] = {
            "pair": parse(PER_NAME_AND_CLIENT),
            "tried": all_attempts,
            "right": all_attempts,
            "name": parse(PER_NAME),
            "new": parse(SIGN_UPS_PER_CLIENT),
            "reset": parse(RESETS_PER_ADMIN),
        }
        self._known: FIFOCache[tuple[str, str], None] = FIFOCache(MAX_REMEMBERED)
        self._peers = peers
        if peers:
            peers.add(LOGINS, self)

    def check(self, name: str, client: str, *, is_signed_in: bool = False) -> None:
        """Count an attempt; raises `AccountRefused` if there were too many."""
        is_known = is_signed_in or (name, client) in self._known
        failures = self._count("tried", client) - self._count("right", client)
        hits = [("pair", name, client), ("tried", client)]
        if not is_known:
            hits.append(("name", name))
        if failures >= self._client.amount or not all(self._hit(*hit) for hit in hits):
            raise AccountRefused("sign-in-paused")

    def check_sign_up(self, client: str) -> None:
        """Count a sign-up; raises `AccountRefused` if there were too many."""
        if not self._hit("new", client):
            raise AccountRefused("sign-in-paused")

    def check_reset(self, admin_id: str) -> None:
        """Count a new password reset link; raises `AccountRefused` if there were too many."""
        if not self._hit("reset", admin_id):
            raise AccountRefused("sign-in-paused")

    def record_success(self, name: str, client: str) -> None:
        self._note_success(name, client)
        self._tell(SUCCESS, name, client)

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Count an attempt, or a success, at another process."""
        kind, *key = orjson.loads(note)
        if kind == SUCCESS:
            self._note_success(*key)
        else:
            self._limiter.hit(self._limits[kind], kind, *key)

    def _hit(self, kind: str, *key: str) -> bool:
        self._tell(kind, *key)
        return self._limiter.hit(self._limits[kind], kind, *key)

    def _note_success(self, name: str, client: str) -> None:
        self._limiter.clear(self._limits["pair"], "pair", name, client)
        self._limiter.hit(self._limits["right"], "right", client)
        self._known[name, client] = None

    def _tell(self, kind: str, *key: str) -> None:
        if self._peers:
            self._peers.broadcast(LOGINS, orjson.dumps([kind, *key]))

    def _count(self, kind: str, client: str) -> int:
        limit = self._limits[kind]
        return limit.amount - self._limiter.get_window_stats(limit, kind, client).remaining
