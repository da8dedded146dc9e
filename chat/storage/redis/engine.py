"""One chat in one engine: appends that are carried out once or never, and what becomes of an engine that was emptied.

Several processes may share it: an append names the number of the event before it, and is refused if another process was
faster.
"""

import asyncio
import time
from collections.abc import Callable, Iterable
from typing import Any, TypeVar
from uuid import uuid4

import structlog

from chat.domain.errors import StartupError
from chat.storage.redis.append import Append, Appended, OtherNumber, Refused
from chat.storage.redis.connection import FAILURES, describe, is_temporary, open_reader, open_writer, script
from chat.storage.redis.content import Contents, Reader, numbered_lines
from chat.storage.redis.ending import end
from chat.storage.redis.keys import Keys

EMPTIED = "it was emptied, and is being filled"
REFUSED_AFTER = 2.8  # seconds
CARRIED_OUT_WITHIN = 1.8  # seconds, by the engine's clock: the answer has a second to arrive
RETRY_INTERVAL = 0.05  # seconds
CHECK_INTERVAL, CHECK_TIMEOUT = 2.0, 1.0  # seconds
OTHERS_FILL_WITHIN = 1.0  # seconds, in which other processes write what they know into an engine that was emptied
START_TIMEOUT = 25.0  # seconds; longer than another process may be filling the engine

T = TypeVar("T")

log = structlog.get_logger()


class Engine:
    """The connections of one process. Raises `StartupError`.

    `is_alone` tells whether no other process uses the engine; `on_other_content` is called when another process has
    filled it.
    """

    def __init__(self, url: str, prefix: str) -> None:
        self.keys = Keys(prefix)
        self.reader = Reader(open_reader(url), self.keys)
        self.problem: str | None = None
        self.is_alone: Callable[[], bool] = lambda: True
        self.on_other_content: Callable[[], None] = lambda: None
        self._writer = open_writer(url)
        self._append, self._check = (self._writer.register_script(script(name)) for name in ("append", "check"))
        self._parts: list[Contents] = []
        self._epoch = ""
        self._id = uuid4().hex
        self._clock = 0.0  # how far the engine's clock is ahead of ours, in seconds; rather too little
        self._checked_at = -CHECK_INTERVAL
        self._filling: asyncio.Task[None] | None = None
        self._watching: asyncio.Task[None] | None = None

    def enter(self) -> bool:
        """Return whether the engine has a chat, which is this one's from now on. Raises `StartupError`."""
        self._epoch, now = _patiently(self.reader.epoch_and_time)
        self._clock = now - time.monotonic()
        return bool(self._epoch)

    def add(self, part: Contents) -> None:
        """Fill an emptied engine with this part, too."""
        self._parts.append(part)

    def fill(self) -> None:
        """Write all parts into an empty engine. Raises `StartupError`."""
        parts = [part.contents() for part in self._parts]
        self._epoch = _patiently(lambda: self.reader.fill(parts, self._id))

    async def append(self, request: Append) -> Appended:
        """Store events. Raises `Refused` within three seconds, or `OtherNumber`."""
        nonce, started = uuid4().hex, time.monotonic()
        is_patient = self.problem is None
        while True:
            try:
                async with asyncio.timeout(started + REFUSED_AFTER - time.monotonic()):
                    status, answer = await self._try_append(request, nonce, started + CARRIED_OUT_WITHIN)
                    if status in {"empty", "foreign"}:
                        await self._settle()
                        continue
            except FAILURES as problem:
                is_late = time.monotonic() > started + CARRIED_OUT_WITHIN
                if is_late or not is_patient or not is_temporary(problem):
                    raise self._refused(describe(problem)) from None
                await asyncio.sleep(RETRY_INTERVAL)
                continue
            if status == "done":
                self._note_health()
                return answer
            if status == "other":
                raise OtherNumber(answer.number)
            if time.monotonic() > started + CARRIED_OUT_WITHIN:
                raise self._refused("it doesn't answer")

    async def check(self) -> bool:
        """Find out whether events could be stored; at most every second, and without waiting longer than one."""
        if time.monotonic() - self._checked_at >= CHECK_TIMEOUT:
            try:
                async with asyncio.timeout(CHECK_TIMEOUT):
                    status, _ = self._learn(await self._check([self.keys.epoch, self.keys.probe], [self._epoch]))
            except FAILURES as problem:
                self._refused(describe(problem))
            else:
                if status == "done":
                    self._note_health()
                else:
                    self._refused(EMPTIED)
                    self._start_filling()
            self._checked_at = time.monotonic()
        return self.problem is None

    async def compare_content(self) -> None:
        """Fill the engine if it was emptied, unless another process has. Raises what is in `FAILURES`, or `Refused`."""
        async with asyncio.timeout(REFUSED_AFTER):
            found: Any = await self._writer.get(self.keys.epoch) or b""
        if found.decode() != self._epoch:
            await self._settle()

    async def read_since(self, name: str, number: int) -> tuple[int, list[tuple[int, bytes]]]:
        """Return the number of the last event under a name, and the lines after `number` that are kept.

        Raises what is in `FAILURES`.
        """
        async with asyncio.timeout(REFUSED_AFTER), self._writer.pipeline(transaction=True) as commands:
            commands.hget(self.keys.last, name)
            commands.xrange(self.keys.events(name), min=f"{number + 1}-0")
            last, entries = await commands.execute()
        return int(last or 0), numbered_lines(entries)

    async def numbers(self) -> dict[str, int]:
        """Return the number of the last event under each name. Raises what is in `FAILURES`."""
        async with asyncio.timeout(REFUSED_AFTER):
            found: Any = await self._writer.hgetall(self.keys.last)
        return {name.decode(): int(number) for name, number in found.items()}

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

    async def run_all(self, commands: Iterable[tuple[str | bytes | int, ...]]) -> list[object]:
        """Run several commands at once, and return their results. Raises what is in `FAILURES`."""
        async with asyncio.timeout(REFUSED_AFTER), self._writer.pipeline(transaction=True) as sent:
            for command in commands:
                sent.execute_command(*command)
            return await sent.execute()

    async def close(self) -> None:
        """End the connections. Called again, it does nothing."""
        for task in (self._watching, self._filling):
            await end(task)
        await self._writer.aclose()
        self.reader.close()

    async def _try_append(self, request: Append, nonce: str, until: float) -> tuple[str, Appended]:
        deadline = int((until + self._clock) * 1000)
        arguments = [self._epoch, *request.arguments(deadline, self.keys.told)]
        return self._learn(await self._append(request.keys(self.keys, nonce), arguments))

    def _learn(self, answer: tuple[bytes, int, int, int]) -> tuple[str, Appended]:
        status, now, number, lines = answer
        self._clock = now / 1000 - time.monotonic()
        return status.decode(), Appended(number, lines)

    async def _settle(self) -> None:
        """Fill an engine that was emptied, or go on with what another process filled it with. Raises `Refused`."""
        await asyncio.shield(self._start_filling())
        if self.problem:
            raise self._refused(self.problem)

    def _start_filling(self) -> asyncio.Task[None]:
        if self._filling is None or self._filling.done():
            self._filling = asyncio.create_task(self._fill_again())
        return self._filling

    async def _fill_again(self) -> None:
        log.warning("engine was emptied; it gets everything that this process knows")
        contents = [part.contents() for part in self._parts]
        pause = 0 if self.is_alone() else OTHERS_FILL_WITHIN
        try:
            self._epoch = await asyncio.to_thread(self.reader.fill, contents, self._id, pause)
        except FAILURES as problem:
            self._refused(describe(problem))
        else:
            self._note_health()
            log.info("engine is filled")
            self.on_other_content()

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
