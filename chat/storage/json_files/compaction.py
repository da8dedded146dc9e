"""When to fold: work that is put off until there is enough of it, or it has waited long enough."""

import asyncio
from collections.abc import Awaitable, Callable

RETRY_AFTER = 30.0


class Compactor:
    """Runs `fold` in the background: after `events` facts, or `seconds` after the first of them; never twice at once.

    `fold` returns whether it worked; if not, it is tried again half a minute later.
    """

    def __init__(self, fold: Callable[[], Awaitable[bool]], events: int, seconds: float) -> None:
        self._fold = fold
        self._facts = events
        self._seconds = seconds
        self._waiting = 0
        self._timer: asyncio.TimerHandle | None = None
        self._task: asyncio.Task[None] | None = None

    def note(self, events: int) -> None:
        """So many facts more wait to be folded."""
        self._waiting += events
        if self._waiting >= self._facts:
            self._start()
        elif self._timer is None:
            self._start_in(self._seconds)

    def forget(self) -> None:
        """Nothing waits any more."""
        self._waiting = 0
        self._stop_timer()

    def retry(self) -> None:
        """Fold in half a minute."""
        self.forget()
        self._start_in(RETRY_AFTER)

    async def stop(self) -> None:
        """Start no more, and wait for what is under way."""
        if self._task is not None:
            await self._task
        self.forget()

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
            self.forget()
            if not await self._fold():
                self.retry()
                return
            if self._waiting < self._facts:
                break
        if self._waiting and self._timer is None:
            self._start_in(self._seconds)
