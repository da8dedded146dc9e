"""A kind of state, or the history of a room, in the engine."""

import asyncio
from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

from chat.domain.errors import StartupError
from chat.domain.messages.history import History
from chat.storage.base import State, StoreStatus
from chat.storage.json_files.validation import Unreadable
from chat.storage.redis.append import Append, OtherNumber, Refused
from chat.storage.redis.connection import FAILURES, FULL, describe
from chat.storage.redis.content import Fill, Snapshot, packed
from chat.storage.redis.engine import Engine
from chat.storage.redis.mirror import Mirror
from chat.storage.redis.state_format import StateFormat, last_said_at, said_at

S = TypeVar("S", bound=State)


class RedisStore(Generic[S]):
    """Appends a line for each event; a snapshot takes their place after many, or at once to erase something."""

    def __init__(self, engine: Engine, name: str, state_format: StateFormat[S], mirror: Mirror[S]) -> None:
        self._engine = engine
        self._name = name
        self._format = state_format
        self._mirror = mirror
        self._state = state_format.file.empty()
        self._number = 0
        self._lines = 0
        self._is_read = False
        self._status = StoreStatus()
        self._lock = asyncio.Lock()

    def verify(self) -> None:
        """Read what is stored. Raises `StartupError`."""
        try:
            self._read()
        except FAILURES as problem:
            raise StartupError(f"CHAT_REDIS_URL: {self._name} can't be read: {describe(problem)}") from None
        except (Unreadable, ValueError) as problem:
            raise StartupError(f"CHAT_REDIS_URL: {self._name} is broken in the engine: {problem}") from None

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
            snapshot = Snapshot(self._name, content, number, last_said_at(state))
            self._engine.reader.write(connection, snapshot)

        return write

    async def append(self, events: Sequence[Any]) -> Sequence[Any]:
        async with self._lock:
            assert self._is_read, "what isn't known would be overwritten"
            if not events:
                return events
            numbered = [self._format.number(event, n) for n, event in enumerate(events, self._number + 1)]
            try:
                await self._store(numbered)
            except Refused as refused:
                problem = self._format.file.problem
                raise (problem("storage-full") if str(refused) == FULL else problem) from None
            self._status.last_write = datetime.now(UTC)
        return numbered

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
        found = self._engine.reader.read(self._name)
        self._state = self._format.file.parse(found.content) if found.content else self._format.file.empty()
        for number, line in found.lines:
            self._state.apply(self._format.number(self._format.parse(line), number))
        self._number, self._lines, self._is_read = found.number, len(found.lines), True

    async def _store(self, events: Sequence[Any]) -> None:
        if any(map(self._format.file.erases, events)) or self._lines + len(events) > self._format.max_lines:
            await self._store_snapshot(events)
            return
        lines = [self._format.dump(event) for event in events]
        try:
            await self._engine.append(Append(self._name, lines, after=self._number, said_at=said_at(events)))
        except OtherNumber:
            await self._store_snapshot(events)
            return
        for event in events:
            self._state.apply(event)
        self._number += len(events)
        self._lines += len(events)

    async def _store_snapshot(self, events: Sequence[Any]) -> None:
        state, number = self._state.copy(), self._number + len(events)
        for event in events:
            state.apply(event)
        content = await asyncio.to_thread(lambda: packed(self._format.file.dump(state, events)))
        await self._engine.append(Append(self._name, number=number, content=content, said_at=last_said_at(state)))
        self._state, self._number, self._lines = state, number, 0
        await self._mirror.write(state, events)
