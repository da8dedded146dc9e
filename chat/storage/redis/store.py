"""A kind of state, or the history of a room, in the engine."""

import asyncio
import time
from collections.abc import Callable, Collection, Sequence
from datetime import UTC, datetime
from typing import Any, Generic, TypeVar

import structlog

from chat.domain.errors import StartupError
from chat.domain.messages.history import History
from chat.storage.base import State
from chat.storage.json_files.validation import Unreadable
from chat.storage.redis.engine.append import Refused
from chat.storage.redis.engine.connection import FAILURES, FULL, describe
from chat.storage.redis.engine.content import Fill, Snapshot
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.engine_state import EngineState
from chat.storage.redis.mirror import Mirror
from chat.storage.redis.race import Race
from chat.storage.redis.state_format import StateFormat, last_said_at
from chat.storage.shared import Behind, Reloaded, SentCommand
from chat.storage.status import StoreStatus

S = TypeVar("S", bound=State)

log = structlog.get_logger()


class RedisStore(Generic[S]):
    """Appends a line for each event; a snapshot takes their place after many, or at once to erase something.

    Other processes may append as well: `receive` gets their lines, which `catch_up` then applies.
    """

    def __init__(self, engine: Engine, name: str, state_format: StateFormat[S], mirror: Mirror[S]) -> None:
        self._engine = engine
        self.name = name
        self._format = state_format
        self._mirror = mirror
        self._known = EngineState(engine, name, state_format, mirror)
        self._is_read = False
        self._received: dict[int, bytes] = {}
        self._last_received = 0
        self._unsure: list[bytes] = []  # lines that were refused, and may have been stored all the same
        self._on_behind: Callable[[], None] = lambda: None
        self._status = StoreStatus()
        self._race = Race()
        self._lock = asyncio.Lock()

    def verify(self) -> None:
        """Read what is stored. Raises `StartupError`."""
        try:
            self._known.read()
            self._is_read = True
        except FAILURES as problem:
            raise StartupError(f"CHAT_REDIS_URL: {self.name} can't be read: {describe(problem)}") from None
        except (Unreadable, ValueError) as problem:
            raise StartupError(f"CHAT_REDIS_URL: {self.name} is broken in the engine: {problem}") from None

    def load(self) -> S:
        """Return the stored state. Raises `StartupError`."""
        if not self._is_read:
            self.verify()
        return self._known.state.copy()

    def load_mirror(self) -> None:
        """Begin with the content of the mirror, for an empty engine. Raises `StartupError`."""
        self._known.state = self._mirror.load()
        self._known.number = self._known.state.last if isinstance(self._known.state, History) else 0
        self._is_read = True

    def contents(self) -> Fill:
        """Return what writes this state into an empty engine."""
        state, number = self._known.state.copy(), self._known.number

        def write(connection: Any) -> None:
            content = self._format.file.dump(state, ())
            snapshot = Snapshot(self.name, content, number, last_said_at(state))
            self._engine.blocking.write(connection, snapshot)

        return write

    async def append(self, events: Sequence[Any], commands: Collection[SentCommand] = ()) -> Sequence[Any]:
        async with self._lock:
            assert self._is_read, "what isn't known would be overwritten"
            if not events:
                return events
            numbered = [self._format.number(event, n) for n, event in enumerate(events, self._known.number + 1)]
            started = time.monotonic()
            try:
                await self._known.store(numbered, [*commands])
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
        if self._last_received > self._known.number:
            on_behind()

    def receive(self, number: int, lines: Sequence[bytes]) -> None:
        """Note lines that were stored, this process's own among them; the last one has `number`."""
        numbered = enumerate(lines, number - len(lines) + 1)
        self._received |= {n: line for n, line in numbered if n > self._known.number}
        self._last_received = number
        if number > self._known.number:
            self._on_behind()

    def compare(self, number: int) -> None:
        """Compare the last number in the engine: this process may have missed something."""
        if number != self._known.number:
            self._known.is_doubtful = True
            self._on_behind()

    async def is_behind(self) -> bool:
        """Ask the engine whether other processes have stored more. Raises what is in `FAILURES`, or `Refused`."""
        number: Any = await self._engine.read("HGET", self._engine.keys.last, self.name)
        self.compare(int(number or 0))
        return self._known.is_doubtful

    async def catch_up(self) -> "Sequence[Any] | Reloaded[S]":
        """Apply and return the events of other processes; raises the same as `append`."""
        events: list[Any] = []
        async with self._lock:
            try:
                self._apply_received(events)
                is_behind = self._known.is_doubtful or self._last_received > self._known.number
                if is_behind and (reloaded := await self._read_rest(events)):
                    return reloaded
            except (*FAILURES, Refused, Behind, Unreadable, StartupError, ValueError) as problem:
                log.warning("what other processes stored can't be read", name=self.name, problem=str(problem)[:200])
                if not events:
                    raise self._format.file.problem from None
            if any(map(self._format.file.erases, events)):
                await self._mirror.write(self._known.state, events)
        return events

    async def check(self) -> StoreStatus:
        """Return the status, determined by writing."""
        self._status.writable = await self._engine.check()
        return self._status

    async def close(self) -> None:
        """Bring the mirror up to date."""
        async with self._lock:
            if self._is_read:
                await self._mirror.write(self._known.state)

    def _apply_received(self, events: list[Any]) -> None:
        while (line := self._received.pop(self._known.number + 1, None)) is not None:
            events.append(self._known.apply_line(self._known.number + 1, line))
        self._received = {number: line for number, line in self._received.items() if number > self._known.number}

    async def _read_rest(self, events: list[Any]) -> "Reloaded[S] | None":
        """Add missed events to the others; restore in the engine what it has lost."""
        last, lines = await self._engine.read_since(self.name, self._known.number)
        reloaded = None
        if self._may_replace(last, lines):
            await self._known.store_snapshot((), last)
        elif [number for number, _ in lines] == list(range(self._known.number + 1, last + 1)):
            events += [self._known.apply_line(*line) for line in lines]
        else:
            await asyncio.to_thread(self._known.read)
            await self._mirror.write(self._known.state)
            reloaded = Reloaded(self._known.state.copy())
        self._last_received, self._known.is_doubtful = self._known.number, False
        return reloaded

    def _may_replace(self, last: int, lines: Sequence[tuple[int, bytes]]) -> bool:
        """Whether the engine has lost events, or only has more that this process refused and never showed."""
        is_withdrawn = (
            bool(lines) and self._engine.filling.is_alone() and all(line in self._unsure for _, line in lines)
        )
        return last < self._known.number or (is_withdrawn and last == lines[-1][0])
