"""How much one address may ask for. A class behind one address is one visitor, so there is room."""

import math
import time
from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from aiolimiter import AsyncLimiter
from limits import RateLimitItemPerMinute, parse
from limits.storage import MemoryStorage
from limits.strategies import SlidingWindowCounterRateLimiter

# Tokens of a socket and of all sockets of an address: how many at once, and the seconds in which they come back.
SOCKET = (200, 4.0)
ADDRESS = (5000, 5.0)
WITHOUT_SOCKET = 100  # pages of an address; a page has its socket after a moment
REMINDER = 10  # seconds after which whoever has too many pages may ask again


class Limits:
    """Counts by visitor: requests by kind, and open sockets with what they may say."""

    def __init__(self, rate: str, pages: int) -> None:
        self.pages = pages
        self._rate = parse(rate)
        self._limiter = SlidingWindowCounterRateLimiter(MemoryStorage())
        self._sockets: Counter[str] = Counter()
        self._frames: defaultdict[str, AsyncLimiter] = defaultdict(lambda: AsyncLimiter(*ADDRESS))
        self._line = RateLimitItemPerMinute(1)

    def wait(self, kind: str, rate_limit_key: str) -> int | None:
        """Count a request; the seconds after which to try again if there were too many of its kind."""
        if self._limiter.hit(self._rate, kind, rate_limit_key):
            return None
        reset = self._limiter.get_window_stats(self._rate, kind, rate_limit_key).reset_time
        return max(1, math.ceil(reset - time.time()))

    def would_allow(self, kind: str, rate_limit_key: str) -> bool:
        """Whether one more would not be too many, without counting it."""
        return self._limiter.test(self._rate, kind, rate_limit_key)

    def wait_for_page(self, rate_limit_key: str, open_pages: int, without_socket: int) -> int | None:
        """The same for a page, of which there may be only so many at a time."""
        is_full = open_pages >= self.pages or without_socket >= WITHOUT_SOCKET
        return REMINDER if is_full else self.wait("pages", rate_limit_key)

    def wait_for_socket(self, rate_limit_key: str) -> int | None:
        """The same for a socket. A page that reconnects may have two for a while."""
        return REMINDER if self._sockets[rate_limit_key] >= 2 * self.pages else self.wait("sockets", rate_limit_key)

    def is_news(self, reason: str) -> bool:
        """Whether the log has not had a line about this reason in the last minute."""
        return self._limiter.hit(self._line, "line", reason)

    @contextmanager
    def socket(self, rate_limit_key: str) -> Iterator[tuple[AsyncLimiter, AsyncLimiter]]:
        """While a socket is open: its own bucket, and that of its visitor."""
        self._sockets[rate_limit_key] += 1
        try:
            yield AsyncLimiter(*SOCKET), self._frames[rate_limit_key]
        finally:
            self._sockets[rate_limit_key] -= 1
            if not self._sockets[rate_limit_key]:
                del self._sockets[rate_limit_key]
                del self._frames[rate_limit_key]
