"""A kind of state, or the history of a room, in the engine."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import structlog

from chat.domain.errors import StartupError
from chat.domain.messages.history import History
from chat.storage.base import Behind, Reloaded, SentCommand, State, StoreStatus
from chat.storage.json_files.validation import Unreadable
from chat.storage.redis.engine.append import Append, Appended, OtherNumber, Refused
from chat.storage.redis.engine.connection import FAILURES, FULL, describe
from chat.storage.redis.engine.content import Fill, Snapshot, packed
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.mirror import Mirror
from chat.storage.redis.race import Race
from chat.storage.redis.state_format import StateFormat, last_said_at, said_at

S = TypeVar("S", bound=State)

KEPT_BEFORE_SNAPSHOT = 5  # a fifth of the lines, for processes that were away for a moment

log = structlog.get_logger()


class RedisStore(Generic[S]):
    """Appends a line for each event; a snapshot takes their place after many, or at once to erase something.

    Other processes may append as well: `hear` gets their lines, which `learn` then applies.
    """

    def __init__(self, engine: Engine, name: str, state_format: StateFormat[S], mirror: Mirror[S]) -> None:
        self._engine = engine
        self.name = name
        self._format = state_format
        self._mirror = mirror
        self._state = state_format.file.empty()
        self._number = 0
        self._lines = 0
        self._is_read = False
        self._heard: dict[int, bytes] = {}
        self._heard_last = 0
        self._is_doubtful = False  # the engine may have more, or less, than was heard
        self._unsure: list[bytes] = []  # lines that were refused, and may have been stored all the same
        self._on_behind: Callable[[], None] = lambda: None
        self._status = StoreStatus()
        self._race = Race()
        self._lock = asyncio.Lock()

    def verify(self) -> None:
        """Read what is stored. Raises `StartupError`."""
        try:
            self._read()
        except FAILURES as problem:
            raise StartupError(f"CHAT_REDIS_URL: {self.name} can't be read: {describe(problem)}") from None
        except (Unreadable, ValueError) as problem:
            raise StartupError(f"CHAT_REDIS_URL: {self.name} is broken in the engine: {problem}") from None

    def load(self) -> S:
        """Return the stored state. Raises `StartupError`."""
        if not self._is_read:
            self.verify()
        return self._state.copy()

    def take_in(self) -> None:
        """Begin with what the mirror has, for an engine that is empty. Raises `StartupError`."""
        self._state = self._mirror.load()
        self._number = self._state.last if isinstance(self._state, History) else 0
        self._is_read = True

    def contents(self) -> Fill:
        """Return what writes this state into an empty engine."""
        state, number = self._state.copy(), self._number

        def write(connection: Any) -> None:
            content = self._format.file.dump(state, ())
            snapshot = Snapshot(self.name, content, number, last_said_at(state))
            self._engine.reader.write(connection, snapshot)

        return write

    async def append(self, events: Sequence[Any], commands: Collection[SentCommand] = ()) -> Sequence[Any]:
        async with self._lock:
            assert self._is_read, "what isn't known would be overwritten"
            if not events:
                return events
            numbered = [self._format.number(event, n) for n, event in enumerate(events, self._number + 1)]
            started = time.monotonic()
            try:
                await self._store(numbered, [*commands])
            except Behind:
                if self._race.lose(started, time.monotonic()):
                    log.warning("other processes were faster again and again", name=self.name)
                    raise self._format.file.problem from None
                raise
            except Refused as refused:
                self._unsure += map(self._format.dump, numbered)
                problem = self._format.file.problem
                raise (problem("storage-full") if str(refused) == FULL else problem) from None
            self._unsure.clear()
            self._race.end()
            self._status.last_write = datetime.now(UTC)
        return numbered

    def listen(self, on_behind: Callable[[], None]) -> None:
        """Call `on_behind` when other processes have stored something."""
        self._on_behind = on_behind
        if self._heard_last > self._number:
            on_behind()

    def hear(self, number: int, lines: Sequence[bytes]) -> None:
        """Note lines that were stored, this process's own among them; the last one has `number`."""
        numbered = enumerate(lines, number - len(lines) + 1)
        self._heard |= {n: line for n, line in numbered if n > self._number}
        self._heard_last = number
        if number > self._number:
            self._on_behind()

    def compare(self, number: int) -> None:
        """Note the number of the last event in the engine: this process may not have heard everything."""
        if number != self._number:
            self._is_doubtful = True
            self._on_behind()

    async def learn(self) -> "Sequence[Any] | Reloaded[S]":
        """Return what other processes have stored; raises the same as `append`."""
        events: list[Any] = []
        async with self._lock:
            try:
                self._take_heard(events)
                is_behind = self._is_doubtful or self._heard_last > self._number
                if is_behind and (reloaded := await self._read_rest(events)):
                    return reloaded
            except (*FAILURES, Refused, Behind, Unreadable, StartupError, ValueError) as problem:
                log.warning("what other processes stored can't be read", name=self.name, problem=str(problem)[:200])
                if not events:
                    raise self._format.file.problem from None
            if any(map(self._format.file.erases, events)):
                await self._mirror.write(self._state, events)
        return events

    async def check(self) -> StoreStatus:
        """Return the status, determined by writing."""
        self._status.writable = await self._engine.check()
        return self._status

    async def close(self) -> None:
        """Bring the mirror up to date."""
        async with self._lock:
            if self._is_read:
                await self._mirror.write(self._state)

    def _read(self) -> None:
        found = self._engine.reader.read(self.name)
        self._state = self._format.file.parse(found.content) if found.content else self._format.file.empty()
        for number, line in found.lines:
            self._state.apply(self._format.number(self._format.parse(line), number))
        self._number, self._lines, self._is_read = found.number, len(found.lines), True

    def _take_heard(self, events: list[Any]) -> None:
        while (line := self._heard.pop(self._number + 1, None)) is not None:
            events.append(self._apply_line(self._number + 1, line))
        self._heard = {number: line for number, line in self._heard.items() if number > self._number}

    def _apply_line(self, number: int, line: bytes) -> Any:
        event = self._format.number(self._format.parse(line), number)
        self._state.apply(event)
        self._number = number
        self._lines += 1
        return event

    async def _read_rest(self, events: list[Any]) -> "Reloaded[S] | None":
        """Add what wasn't heard to the events; give the engine what it has lost."""
        last, lines = await self._engine.read_since(self.name, self._number)
        reloaded = None
        if self._may_replace(last, lines):
            await self._store_snapshot((), last)
        elif [number for number, _ in lines] == list(range(self._number + 1, last + 1)):
            events += [self._apply_line(*line) for line in lines]
        else:
            await asyncio.to_thread(self._read)
            await self._mirror.write(self._state)
            reloaded = Reloaded(self._state.copy())
        self._heard_last, self._is_doubtful = self._number, False
        return reloaded

    def _may_replace(self, last: int, lines: Sequence[tuple[int, bytes]]) -> bool:
        """Whether the engine has lost events, or has only those more that this process refused and nobody was shown."""
        is_withdrawn = (
            bool(lines) and self._engine.filling.is_alone() and all(line in self._unsure for _, line in lines)
        )
        return last < self._number or (is_withdrawn and last == lines[-1][0])

    async def _store(self, events: Sequence[Any], commands: Sequence[SentCommand]) -> None:
        if any(map(self._format.file.erases, events)) or self._lines + len(events) > self._format.max_lines:
            await self._store_snapshot(events, self._number, commands)
            return
        lines = [self._format.dump(event) for event in events]
        request = Append(self.name, lines, after=self._number, said_at=said_at(events), commands=commands)
        stored = await self._append(request)
        for event in events:
            self._state.apply(event)
        self._number, self._lines = stored.number, stored.lines

    async def _store_snapshot(self, events: Sequence[Any], after: int, commands: Sequence[SentCommand] = ()) -> None:
        """Store events with a snapshot, from which what they erase is gone; without any, only what is known."""
        state, number = self._state.copy(), max(self._number, after) + len(events)
        for event in events:
            state.apply(event)
        content = await asyncio.to_thread(lambda: packed(self._format.file.dump(state, events)))
        is_erasing = not events or any(map(self._format.file.erases, events))
        request = Append(
            self.name,
            [self._format.dump(event) for event in events],
            after=after,
            number=number,
            content=content,
            said_at=last_said_at(state),
            kept=None if is_erasing else self._format.max_lines // KEPT_BEFORE_SNAPSHOT,
            commands=commands,
        )
        stored = await self._append(request)
        self._state, self._number, self._lines = state, stored.number, stored.lines
        await self._mirror.write(state, events)

    async def _append(self, request: Append) -> Appended:
        try:
            return await self._engine.append(request)
        except OtherNumber:
            self._is_doubtful = True
            raise Behind from None
