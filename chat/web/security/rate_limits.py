"""Rate limits for each address. A class behind one router is one address, so the limits are generous."""

from collections import Counter, defaultdict
from collections.abc import Iterator
from contextlib import contextmanager

from aiolimiter import AsyncLimiter
from limits import RateLimitItemPerMinute, parse
from limits.strategies import SlidingWindowCounterRateLimiter

from chat.state.steady_limits import seconds_until, steady_storage

# Tokens of one WebSocket and of all of an address: capacity, and the seconds in which it refills.
SOCKET = (200, 4.0)
ADDRESS = (5000, 5.0)
WITHOUT_SOCKET = 100  # pages of an address; a page opens its WebSocket after a moment
RETRY_AFTER = 10  # seconds, with too many pages or WebSockets


class RateLimits:
    """Count requests by kind, open WebSockets and their frames, each by `rate_limit_key`."""

    def __init__(self, rate: str, pages: int) -> None:
        self.pages = pages
        self._rate = parse(rate)
        self._limiter = SlidingWindowCounterRateLimiter(steady_storage())
        self._sockets: Counter[str] = Counter()
        self._frames: defaultdict[str, AsyncLimiter] = defaultdict(lambda: AsyncLimiter(*ADDRESS))
        self._line = RateLimitItemPerMinute(1)

    def hit(self, kind: str, rate_limit_key: str) -> int | None:
        """Count a request of a kind; return the seconds to wait if there were too many."""
        if self._limiter.hit(self._rate, kind, rate_limit_key):
            return None
        return seconds_until(self._limiter.get_window_stats(self._rate, kind, rate_limit_key).reset_time)

    def hit_page(self, rate_limit_key: str, open_pages: int, without_socket: int) -> int | None:
        """Like `hit`, for page loads; also limits how many pages are open at a time."""
        is_full = open_pages >= self.pages or without_socket >= WITHOUT_SOCKET
        return RETRY_AFTER if is_full else self.hit("pages", rate_limit_key)

    def hit_socket(self, rate_limit_key: str) -> int | None:
        """Like `hit`, for WebSockets; a page that reconnects may have two for a while."""
        return RETRY_AFTER if self._sockets[rate_limit_key] >= 2 * self.pages else self.hit("sockets", rate_limit_key)

    def should_log(self, reason: str) -> bool:
        """Whether the log has had no line about this reason in the last minute."""
        return self._limiter.hit(self._line, "line", reason)

    @contextmanager
    def socket(self, rate_limit_key: str) -> Iterator[tuple[AsyncLimiter, AsyncLimiter]]:
        """Count an open WebSocket; yields its own bucket and the one of its address."""
        self._sockets[rate_limit_key] += 1
        try:
            yield AsyncLimiter(*SOCKET), self._frames[rate_limit_key]
        finally:
            self._sockets[rate_limit_key] -= 1
            if not self._sockets[rate_limit_key]:
                del self._sockets[rate_limit_key]
                del self._frames[rate_limit_key]
