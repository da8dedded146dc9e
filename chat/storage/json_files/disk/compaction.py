"""Schedules compactions of the journal."""

import asyncio
from collections.abc import Awaitable, Callable

RETRY_AFTER = 30.0  # seconds


class Compactor:
    """Runs `compact` in the background: after `events` events, or `seconds` after the first; never twice at once.

    `compact` returns whether it worked; if not, it is tried again after 30 seconds.
    """

    def __init__(self, compact: Callable[[], Awaitable[bool]], events: int, seconds: float) -> None:
        self._compact = compact
        self._events = events
        self._seconds = seconds
        self._waiting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def count(self, events: int) -> None:
        """Count events that wait to be compacted."""
        self._waiting += events
        if self._waiting >= self._events:
            self._start()
        elif self._timer is None:
            self._start_in(self._seconds)

    def reset(self) -> None:
        """Start counting anew."""
        self._waiting = 0
        self._stop_timer()

    def retry(self) -> None:
        """Compact in 30 seconds."""
        self.reset()
        self._start_in(RETRY_AFTER)

    async def stop(self) -> None:
        """Start nothing new, and wait for a running compaction."""
        if self._task is not None:
            await self._task
        self.reset()

    def _stop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _start_in(self, seconds: float) -> None:
        self._timer = asyncio.get_running_loop().call_later(seconds, self._start)

    def _start(self) -> None:
        self._stop_timer()
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    async def _run(self) -> None:
        while True:
            self.reset()
            if not await self._compact():
                self.retry()
                return
            if self._waiting < self._events:
                break
        if self._waiting and self._timer is None:
            self._start_in(self._seconds)
