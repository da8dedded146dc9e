"""One chat in one engine: appends that are carried out once or never, and what becomes of an engine that was emptied.

An append that may have been carried out, although it was refused, doesn't matter: the next one finds another number
than it expects, and is sent again with a snapshot of what this process knows.
"""

import asyncio
import time
from collections.abc import Callable
from contextlib import suppress
from typing import TypeVar
from uuid import uuid4

import structlog

from chat.domain.errors import StartupError
from chat.storage.redis.append import Append, OtherNumber, Refused
from chat.storage.redis.connection import FAILURES, describe, is_temporary, open_reader, open_writer, script
from chat.storage.redis.content import Contents, Reader
from chat.storage.redis.keys import Keys

REFUSED_AFTER = 2.8  # seconds
CARRIED_OUT_WITHIN = 1.8  # seconds, by the engine's clock: the answer has a second to arrive
RETRY_INTERVAL = 0.05  # seconds
CHECK_INTERVAL, CHECK_TIMEOUT = 2.0, 1.0  # seconds
REPLACED = "another process writes now"
START_TIMEOUT = 25.0  # seconds; longer than another process may be filling the engine

T = TypeVar("T")

log = structlog.get_logger()


class Engine:
    """The connection of one process, which alone may write until another one starts. Raises `StartupError`."""

    def __init__(self, url: str, prefix: str) -> None:
        self.keys = Keys(prefix)
        self.reader = Reader(open_reader(url), self.keys)
        self.problem: str | None = None
        self._writer = open_writer(url)
        self._append, self._check = (self._writer.register_script(script(name)) for name in ("append", "check"))
        self._parts: list[Contents] = []
        self._epoch = ""
        self._token = uuid4().hex
        self._clock = 0.0  # how far the engine's clock is ahead of ours, in seconds; rather too little
        self._checked_at = -CHECK_INTERVAL
        self._filling: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    @property
    def is_replaced(self) -> bool:
        """Whether another process has started, which alone writes now."""
        return self.problem == REPLACED

    def take_over(self) -> bool:
        """Become the only process that writes; return whether the engine has a chat. Raises `StartupError`."""
        self._epoch, now = _patiently(lambda: self.reader.take_over(self._token))
        self._clock = now - time.monotonic()
        return bool(self._epoch)

    def add(self, part: Contents) -> None:
        """Fill an emptied engine with this part, too."""
        self._parts.append(part)

    def fill(self) -> None:
        """Write all parts into an empty engine. Raises `StartupError`."""
        parts = [part.contents() for part in self._parts]
        self._epoch = _patiently(lambda: self.reader.fill(parts, uuid4().hex, self._token))

    async def append(self, request: Append) -> None:
        """Store events. Raises `Refused` within three seconds, or `OtherNumber`."""
        nonce, started = uuid4().hex, time.monotonic()
        is_patient = self.problem is None
        while True:
            try:
                async with asyncio.timeout(started + REFUSED_AFTER - time.monotonic()):
                    status = await self._try_append(request, nonce, started + CARRIED_OUT_WITHIN)
                    if status == "empty":
                        await asyncio.shield(self._start_filling())
                        if self.problem:
                            raise self._refused(self.problem)
                        continue
            except FAILURES as problem:
                is_late = time.monotonic() > started + CARRIED_OUT_WITHIN
                if is_late or not is_patient or not is_temporary(problem):
                    raise self._refused(describe(problem)) from None
                await asyncio.sleep(RETRY_INTERVAL)
                continue
            if status == "done":
                self._note_health()
                return
            if status == "other":
                raise OtherNumber
            if status == "replaced" or time.monotonic() > started + CARRIED_OUT_WITHIN:
                raise self._refused(REPLACED if status == "replaced" else "it doesn't answer")

    async def check(self) -> bool:
        """Find out whether events could be stored; at most every second, and without waiting longer than one."""
        if time.monotonic() - self._checked_at >= CHECK_TIMEOUT:
            try:
                async with asyncio.timeout(CHECK_TIMEOUT):
                    keys = [self.keys.epoch, self.keys.writer, self.keys.probe]
                    status = self._learn(await self._check(keys, [self._epoch, self._token]))
            except FAILURES as problem:
                self._refused(describe(problem))
            else:
                if status == "empty":
                    self._refused("it was emptied, and is being filled")
                    self._start_filling()
                elif status == "replaced":
                    self._refused(REPLACED)
                else:
                    self._note_health()
            self._checked_at = time.monotonic()
        return self.problem is None

    async def watch(self) -> None:
        """Check from now on, so that an engine that was emptied is filled although nobody writes."""

        async def watch() -> None:
            while True:
                await asyncio.sleep(CHECK_INTERVAL)
                await self.check()

        self._watching = asyncio.create_task(watch())

    async def run(self, *command: str | bytes | int) -> object:
        """Run another command. Raises what is in `FAILURES`."""
        async with asyncio.timeout(REFUSED_AFTER):
            return await self._writer.execute_command(*command)  # type: ignore[no-untyped-call]

    async def close(self) -> None:
        """End the connections. Called again, it does nothing."""
        for task in (self._watching, self._filling):
            if task:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self._writer.aclose()
        self.reader.close()

    async def _try_append(self, request: Append, nonce: str, until: float) -> str:
        deadline = int((until + self._clock) * 1000)
        arguments = [self._epoch, self._token, *request.arguments(deadline)]
        return self._learn(await self._append(request.keys(self.keys, nonce), arguments))

    def _learn(self, answer: tuple[bytes, int]) -> str:
        status, now = answer
        self._clock = now / 1000 - time.monotonic()
        return status.decode()

    def _start_filling(self) -> asyncio.Task[None]:
        if self._filling is None or self._filling.done():
            self._filling = asyncio.create_task(self._fill_again())
        return self._filling

    async def _fill_again(self) -> None:
        log.warning("engine was emptied; it gets everything that this process knows")
        contents = [part.contents() for part in self._parts]
        try:
            self._epoch = await asyncio.to_thread(self.reader.fill, contents, uuid4().hex, self._token)
        except FAILURES as problem:
            self._refused(describe(problem))
        else:
            self._note_health()
            log.info("engine is filled")

    def _refused(self, problem: str) -> Refused:
        if self.problem != problem:
            log.error("engine can't be written", problem=problem)
        self.problem = problem
        return Refused(problem)

    def _note_health(self) -> None:
        if self.problem:
            log.info("engine can be written again")
        self.problem = None


def _patiently(work: Callable[[], T]) -> T:
    """Return the result of `work`; an engine that starts together with the chat isn't there yet."""
    deadline, is_waiting = time.monotonic() + START_TIMEOUT, False
    while True:
        try:
            return work()
        except FAILURES as problem:
            if not is_temporary(problem) or time.monotonic() > deadline:
                raise StartupError(f"CHAT_REDIS_URL: the engine can't be used: {describe(problem)}") from None
            if not is_waiting:
                log.warning("waiting for the engine", problem=describe(problem))
            is_waiting = True
            time.sleep(RETRY_INTERVAL)
