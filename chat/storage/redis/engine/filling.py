"""Fills an engine that is empty, or was emptied, with everything that this process knows."""

import asyncio
from collections.abc import Callable

import structlog

from chat.storage.ending import end
from chat.storage.redis.engine.append import Refused
from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.content import BlockingAccess, Contents

EMPTIED = "it was emptied, and is being filled"
OTHERS_FILL_WITHIN = 1.0  # seconds, in which other processes write what they know into an engine that was emptied

log = structlog.get_logger()


class Health:
    """Why the engine can't be written, if so; the log says when that changes."""

    def __init__(self) -> None:
        self.problem: str | None = None

    def refuse(self, problem: str) -> Refused:
        """Note a problem, and return it as an error."""
        if self.problem != problem:
            log.error("engine can't be written", problem=problem)
        self.problem = problem
        return Refused(problem)

    def recover(self) -> None:
        if self.problem:
            log.info("engine can be written again")
        self.problem = None


class Filling:
    """Fills an engine, and goes on with what another process filled it with. `epoch` is that of the known content.

    `is_alone` tells whether no other process uses the engine; `on_other_content` is called when it was filled.
    """

    def __init__(self, blocking: BlockingAccess, process: str, health: Health) -> None:
        self.epoch = ""
        self.is_alone: Callable[[], bool] = lambda: True
        self.on_other_content: Callable[[], None] = lambda: None
        self._blocking = blocking
        self._process = process
        self._health = health
        self._parts: list[Contents] = []
        self._task: asyncio.Task[None] | None = None

    def add(self, part: Contents) -> None:
        """Fill the engine with this part, too."""
        self._parts.append(part)

    def fill(self) -> None:
        """Write all parts, before the event loop runs. Raises what is in `FAILURES`."""
        self.epoch = self._blocking.fill([part.contents() for part in self._parts], self._process)

    async def settle(self) -> None:
        """Return when the engine is filled. Raises `Refused`."""
        await asyncio.shield(self.start())
        if self._health.problem:
            raise Refused(self._health.problem)

    def start(self) -> asyncio.Task[None]:
        """Begin to fill the engine, unless that has begun."""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._fill_again())
        return self._task

    async def close(self) -> None:
        await end(self._task)

    async def _fill_again(self) -> None:
        log.warning("engine was emptied; it gets everything that this process knows")
        contents = [part.contents() for part in self._parts]
        pause = 0 if self.is_alone() else OTHERS_FILL_WITHIN
        try:
            self.epoch = await asyncio.to_thread(self._blocking.fill, contents, self._process, pause)
        except FAILURES as problem:
            self._health.refuse(describe(problem))
        else:
            self._health.recover()
            log.info("engine is filled")
            self.on_other_content()
