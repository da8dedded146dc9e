"""Slow mode: how long somebody has to wait before they write again."""

from collections.abc import Set
from datetime import datetime, timedelta

MAX_REMEMBERED = 10_000


class SlowMode:
    """Who wrote when, by what they are known by. `seconds` must be between two messages; 0 is no slow mode."""

    def __init__(self) -> None:
        self.seconds = 0
        self._last: dict[str, datetime] = {}

    def left(self, known: Set[str], now: datetime) -> int:
        """How many seconds somebody has to wait yet, rounded up."""
        last = max((self._last[mark] for mark in known if mark in self._last), default=None)
        if last is None:
            return 0
        return max(0, -int((now - last - timedelta(seconds=self.seconds)).total_seconds() // 1))

    def record(self, known: Set[str], at: datetime) -> None:
        """Somebody wrote."""
        for mark in known:
            self._last.pop(mark, None)
            self._last[mark] = at
        while len(self._last) > MAX_REMEMBERED:
            del self._last[next(iter(self._last))]

    def undo(self, known: Set[str]) -> None:
        """What somebody wrote did not reach anybody."""
        for mark in known:
            self._last.pop(mark, None)
