"""One chat in one engine: appends that are carried out once or never.

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
from chat.storage.ending import end
from chat.storage.redis.engine.append import Append, Appended, OtherNumber, Refused
from chat.storage.redis.engine.connection import (
    FAILURES,
    connect_async,
    connect_blocking,
    describe,
    is_temporary,
    script,
)
from chat.storage.redis.engine.content import BlockingAccess, numbered_lines
from chat.storage.redis.engine.filling import EMPTIED, Filling, Health
from chat.storage.redis.engine.keys import Keys
from chat.storage.shared import CarriedOut

REFUSED_AFTER = 2.8  # seconds
CARRIED_OUT_WITHIN = 1.8  # seconds, by the engine's clock: the answer has a second to arrive
RETRY_INTERVAL = 0.05  # seconds
CHECK_INTERVAL, CHECK_TIMEOUT = 2.0, 1.0  # seconds
START_TIMEOUT = 25.0  # seconds; longer than another process may be filling the engine

Command = tuple[str | bytes | int, ...]
T = TypeVar("T")

log = structlog.get_logger()


class Engine:
    """The connections of one process. Raises `StartupError`."""

    def __init__(self, url: str, prefix: str) -> None:
        self.process = uuid4().hex
        self.keys = Keys(prefix)
        self.blocking = BlockingAccess(connect_blocking(url), self.keys)
        self._health = Health()
        self.filling = Filling(self.blocking, self.process, self._health)
        self._connection = connect_async(url)
        self._append, self._check = (self._connection.register_script(script(name)) for name in ("append", "check"))
        self._clock = 0.0  # how far the engine's clock is ahead of ours, in seconds; rather too little
        self._checked_at = -CHECK_INTERVAL
        self._watching: asyncio.Task[None] | None = None

    @property
    def problem(self) -> str | None:
        """Why it can't be written."""
        return self._health.problem

    def enter(self) -> bool:
        """Return whether the engine has a chat, which is this one's from now on. Raises `StartupError`."""
        self.filling.epoch, now = _patiently(self.blocking.epoch_and_time)
        self._clock = now - time.monotonic()
        return bool(self.filling.epoch)

    def fill(self) -> None:
        """Write everything into an empty engine. Raises `StartupError`."""
        _patiently(self.filling.fill)

    async def append(self, request: Append) -> Appended:
        """Store events. Raises `Refused` within three seconds, `OtherNumber`, or `CarriedOut`."""
        nonce, started = uuid4().hex, time.monotonic()
        is_patient = self.problem is None
        while True:
            try:
                async with asyncio.timeout(started + REFUSED_AFTER - time.monotonic()):
                    status, answer = await self._try_append(request, nonce, started + CARRIED_OUT_WITHIN)
                    if status in {"empty", "foreign"}:
                        await self.filling.settle()
                        continue
            except FAILURES as problem:
                is_late = time.monotonic() > started + CARRIED_OUT_WITHIN
                if is_late or not is_patient or not is_temporary(problem):
                    raise self._health.refuse(describe(problem)) from None
                await asyncio.sleep(RETRY_INTERVAL)
                continue
            if status == "done":
                self._health.recover()
                return answer
            if status == "other":
                raise OtherNumber(answer.number)
            if status == "repeated":
                raise CarriedOut(request.commands[answer.number - 1])
            if time.monotonic() > started + CARRIED_OUT_WITHIN:
                raise self._health.refuse("it doesn't answer")

    async def check(self) -> bool:
        """Find out whether events could be stored; at most every second, and without waiting longer than one."""
        if time.monotonic() - self._checked_at >= CHECK_TIMEOUT:
            try:
                async with asyncio.timeout(CHECK_TIMEOUT):
                    answer = await self._check([self.keys.epoch, self.keys.probe], [self.filling.epoch])
                    status, _ = self._read_answer(answer)
            except FAILURES as problem:
                self._health.refuse(describe(problem))
            else:
                if status == "done":
                    self._health.recover()
                else:
                    self._health.refuse(EMPTIED)
                    self.filling.start()
            self._checked_at = time.monotonic()
        return self.problem is None

    async def compare_content(self) -> None:
        """Fill the engine if it was emptied, unless another process has. Raises what is in `FAILURES`, or `Refused`."""
        async with asyncio.timeout(REFUSED_AFTER):
            found: Any = await self._connection.get(self.keys.epoch) or b""
        if found.decode() != self.filling.epoch:
            await self.filling.settle()

    async def read_since(self, name: str, number: int) -> tuple[int, list[tuple[int, bytes]]]:
        """Return the number of the last event under a name, and the lines after `number` that are kept.

        Raises what is in `FAILURES`.
        """
        async with asyncio.timeout(REFUSED_AFTER), self._connection.pipeline(transaction=True) as commands:
            commands.hget(self.keys.last, name)
            commands.xrange(self.keys.events(name), min=f"{number + 1}-0")
            last, entries = await commands.execute()
        return int(last or 0), numbered_lines(entries)

    async def numbers(self) -> dict[str, int]:
        """Return the number of the last event under each name. Raises what is in `FAILURES`."""
        async with asyncio.timeout(REFUSED_AFTER):
            found: Any = await self._connection.hgetall(self.keys.last)
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
            return await self._connection.execute_command(*command)  # type: ignore[no-untyped-call]

    async def read(self, *command: str | bytes | int) -> object:
        """Run a command that reads. Raises what is in `FAILURES`, or `Refused` if the engine was emptied."""
        epoch, found = await self.run_all([("GET", self.keys.epoch), command])
        if epoch != self.filling.epoch.encode():
            raise Refused(EMPTIED)
        return found

    async def run_all(self, commands: Iterable[Command]) -> list[object]:
        """Run several commands at once, and return their results. Raises what is in `FAILURES`.

        If the engine refuses one, the others are carried out all the same.
        """
        async with asyncio.timeout(REFUSED_AFTER), self._connection.pipeline(transaction=False) as sent:
            for command in commands:
                sent.execute_command(*command)
            return await sent.execute()

    async def close(self) -> None:
        """End the connections. Called again, it does nothing."""
        await end(self._watching)
        await self.filling.close()
        await self._connection.aclose()
        self.blocking.close()

    async def _try_append(self, request: Append, nonce: str, until: float) -> tuple[str, Appended]:
        deadline = int((until + self._clock) * 1000)
        arguments = [self.filling.epoch, *request.arguments(deadline, self.keys.stored_channel, self.process)]
        return self._read_answer(await self._append(request.keys(self.keys, nonce), arguments))

    def _read_answer(self, answer: tuple[bytes, int, int, int]) -> tuple[str, Appended]:
        status, now, number, lines = answer
        self._clock = now / 1000 - time.monotonic()
        return status.decode(), Appended(number, lines)


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
