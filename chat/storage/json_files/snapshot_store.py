"""A store for a small state: one JSON file, written whole after each batch of events."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

import structlog

from chat.domain.errors import ChatError, StartupError
from chat.storage.base import State, StoreStatus
from chat.storage.json_files.atomic_file import AtomicFile

S = TypeVar("S", bound=State)

log = structlog.get_logger()


class SnapshotStore(Generic[S]):
    """One file that only its owner may read (mode 0600).

    `dump` gets the state and the events that led to it; it runs in a thread. Events for which `erases` is true leave no
    backups, so that erased content can't come back from one. A failed write raises `problem`.
    """

    def __init__(
        self,
        path: Path,
        empty: Callable[[], S],
        parse: Callable[[bytes], S],
        dump: Callable[[S, Sequence[Any]], bytes],
        *,
        problem: type[ChatError],
        erases: Callable[[Any], bool] = lambda event: False,
        keeps_backups: bool = True,
    ) -> None:
        self.file = AtomicFile(path, mode=0o600, keeps_backups=keeps_backups)
        self._state = empty()
        self._parse = parse
        self._dump = dump
        self._problem = problem
        self._erases = erases
        self._status = StoreStatus()
        self._lock = asyncio.Lock()

    def load(self) -> S:
        """Return the stored state, or that of the newest good backup. Raises `StartupError`."""
        try:
            found = self.file.read(self._parse)
            self._state = self._state if found is None else found
            if self.file.restored_from:
                self._write(self._state)
            else:
                self._check_writes()
        except StartupError as problem:
            raise StartupError(f"{self.file.path}: {problem}") from None
        except OSError as problem:
            raise StartupError(f"{self.file.path} can't be used: {problem.strerror or problem}") from None
        self._status.quarantined, self._status.restored_from = self.file.quarantined, self.file.restored_from
        return self._state.copy()

    async def append(self, events: Sequence[Any]) -> Sequence[Any]:
        """Write the state after the events, unless they change nothing."""
        async with self._lock:
            state = self._state.copy()
            news = [event for event in events if state.apply(event)]
            if news:
                await self._try(self._write, state, news)
                self._state = state
                self._status.last_write = datetime.now(UTC)
        return events

    async def check(self) -> StoreStatus:
        """Return the status, determined by writing a temporary file or, after a failure, the file itself."""
        async with self._lock:
            with suppress(self._problem):
                await self._try(self._probe if self._status.writable else self._check_writes)
        return self._status

    async def close(self) -> None:
        async with self._lock:  # a running write ends first
            pass

    def _write(self, state: S, events: Sequence[Any] = ()) -> None:
        self.file.write([self._dump(state, events)], drop_backups=any(map(self._erases, events)))

    def _check_writes(self) -> None:
        self._probe()
        self.file.check_replaceable()

    def _probe(self) -> None:
        self.file.probe([self._dump(self._state, ())])

    async def _try(self, work: Callable[..., None], *arguments: Any) -> None:
        try:
            await asyncio.to_thread(work, *arguments)
        except OSError as problem:
            if self._status.writable:
                log.error("file can't be written", file=str(self.file.path), problem=str(problem))
            self._status.writable = False
            raise self._problem from None
        if not self._status.writable:
            log.info("file can be written again", file=str(self.file.path))
        self._status.writable = True
