"""Rate limits for login attempts, sign-ups and password resets."""

import orjson
from cachetools import FIFOCache
from limits import RateLimitItem, parse
from limits.strategies import MovingWindowRateLimiter

from chat.domain.errors import AccountRefused
from chat.state.steady_limits import steady_storage
from chat.storage.peers import Peer, Peers

PER_NAME_AND_CLIENT = "5 per minute"
PER_CLIENT = "100 per 10 minutes"  # a whole class may share an address
PER_NAME = "100 per hour"
RESETS_PER_ADMIN = "100 per hour"  # password reset links; a teacher may need them for a whole class
SIGN_UPS_PER_CLIENT = "200 per hour"  # two classes, with some retries
MAX_REMEMBERED = 10_000
TOPIC = "logins"
SUCCESS = "success"  # a kind of note, beside the kinds of attempts


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
            peers.add(TOPIC, self)

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
            self._peers.broadcast(TOPIC, orjson.dumps([kind, *key]))

    def _count(self, kind: str, client: str) -> int:
        limit = self._limits[kind]
        return limit.amount - self._limiter.get_window_stats(limit, kind, client).remaining
