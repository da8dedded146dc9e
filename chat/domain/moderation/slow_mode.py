"""Slow mode: the time members must wait between two messages."""

from collections.abc import Iterator, Set
from contextlib import contextmanager
from datetime import datetime, timedelta

from cachetools import FIFOCache

from chat.domain.users import UserRef

MAX_REMEMBERED = 10_000
MAX_SLOW_MODE = 3600  # seconds


class SlowMode:
    """Times of the last posts by identifier. `seconds` is the pause between two messages, set by `actor`; 0 is off."""

    def __init__(self) -> None:
        self.seconds = 0
        self.actor: UserRef | None = None
        self._last_post: FIFOCache[str, datetime] = FIFOCache(MAX_REMEMBERED)
        self._being_stored: dict[str, datetime] = {}

    def seconds_left(self, known: Set[str], now: datetime) -> int:
        """Return the seconds until the member with these identifiers may post again, rounded up."""
        pause = timedelta(seconds=self.seconds)
        times = (found[key] for found in (self._last_post, self._being_stored) for key in known if key in found)
        last = max((at for at in times if at <= now + pause), default=None)  # later: the clock was wrong at that time
        if last is None:
            return 0
        return max(0, -int((now - last - pause).total_seconds() // 1))

    def adjust_clock(self, change: timedelta) -> None:
        """Preserve the remaining pauses after the clock was set."""
        for key in list(self._last_post):
            self._last_post[key] += change

    def record_post(self, known: Set[str], at: datetime) -> None:
        for key in known:
            self._last_post[key] = at

    @contextmanager
    def storing_post(self, known: Set[str], at: datetime) -> Iterator[None]:
        """Count a post while it is being stored."""
        self._being_stored |= dict.fromkeys(known, at)
        try:
            yield
        finally:
            for key in known:
                self._being_stored.pop(key, None)
