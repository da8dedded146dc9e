"""A process's copy of a state in the engine, where it is a snapshot and a line for each event since then."""

import asyncio
from collections.abc import Sequence
from typing import Any, Generic, TypeVar

from chat.storage.base import State
from chat.storage.redis.engine.append import Append, Appended, OtherNumber
from chat.storage.redis.engine.content import packed
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.mirror import Mirror
from chat.storage.redis.state_format import StateFormat, last_said_at, said_at
from chat.storage.shared import Behind, SentCommand

S = TypeVar("S", bound=State)

KEPT_SHARE = 5  # a fifth of the lines stays before a snapshot, for processes that were away for a moment


class EngineState(Generic[S]):
    """A state up to the event `number`, of which the engine keeps the last `lines` as lines.

    `is_doubtful` means that the engine may have more events than this process knows, or fewer.
    """

    def __init__(self, engine: Engine, name: str, state_format: StateFormat[S], mirror: Mirror[S]) -> None:
        self._engine = engine
        self._name = name
        self._format = state_format
        self._mirror = mirror
        self.state = state_format.file.empty()
        self.number = 0
        self.lines = 0
        self.is_doubtful = False

    def read(self) -> None:
        """Read everything. Raises redis-py's errors, `Unreadable`, `StartupError`."""
        found = self._engine.blocking.read(self._name)
        self.state = self._format.file.parse(found.content) if found.content else self._format.file.empty()
        for number, line in found.lines:
            self.state.apply(self._format.number(self._format.parse(line), number))
        self.number, self.lines = found.number, len(found.lines)

    def apply_line(self, number: int, line: bytes) -> Any:
        event = self._format.number(self._format.parse(line), number)
        self.state.apply(event)
        self.number = number
        self.lines += 1
        return event

    async def store(self, events: Sequence[Any], commands: Sequence[SentCommand]) -> None:
        """Append events. Raises `Refused`, `Behind`, `CarriedOut`."""
        if any(map(self._format.file.erases, events)) or self.lines + len(events) > self._format.max_lines:
            await self.store_snapshot(events, self.number, commands)
            return
        lines = [self._format.dump(event) for event in events]
        request = Append(self._name, lines, after=self.number, said_at=said_at(events), commands=commands)
        stored = await self._append(request)
        for event in events:
            self.state.apply(event)
        self.number, self.lines = stored.number, stored.lines

    async def store_snapshot(self, events: Sequence[Any], after: int, commands: Sequence[SentCommand] = ()) -> None:
        """Store events with a snapshot, which no longer has what they erase; without events, only the known state."""
        state, number = self.state.copy(), max(self.number, after) + len(events)
        for event in events:
            state.apply(event)
        content = await asyncio.to_thread(lambda: packed(self._format.file.dump(state, events)))
        is_erasing = not events or any(map(self._format.file.erases, events))
        request = Append(
            self._name,
            [self._format.dump(event) for event in events],
            after=after,
            number=number,
            content=content,
            said_at=last_said_at(state),
            kept=None if is_erasing else self._format.max_lines // KEPT_SHARE,
            commands=commands,
        )
        stored = await self._append(request)
        self.state, self.number, self.lines = state, stored.number, stored.lines
        await self._mirror.write(state, events)

    async def _append(self, request: Append) -> Appended:
        try:
            return await self._engine.append(request)
        except OtherNumber:
            self.is_doubtful = True
            raise Behind from None
