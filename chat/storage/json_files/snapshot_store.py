"""A store for a small state: one JSON file, written whole after each batch of events."""

import asyncio
from collections.abc import Callable, Sequence
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

    `dump` gets the state and the events that led to it. Events for which `erases` is true leave no backups: what they
    took away must not come back from one. A failed write raises `problem`.
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

    def load(self) -> S:
        """Return the state as it was stored, or as the newest good backup has it. Raises `StartupError`."""
        try:
            self._state = self.file.read(self._parse) or self._state
            content = [self._dump(self._state, ())]
            if self.file.restored_from:
                self.file.write(content)
            else:
                self.file.probe(content)
        except StartupError as problem:
            raise StartupError(f"{self.file.path}: {problem}") from None
        except OSError as problem:
            raise StartupError(f"{self.file.path} can't be used: {problem.strerror or problem}") from None
        self._status.quarantined, self._status.restored_from = self.file.quarantined, self.file.restored_from
        return self._state.copy()

    async def append(self, events: Sequence[Any]) -> None:
        """Write the state after the events, unless they change nothing."""
        state = self._state.copy()
        news = [event for event in events if state.apply(event)]
        if not news:
            return
        drop_backups = any(map(self._erases, news))
        try:
            await asyncio.to_thread(self.file.write, [self._dump(state, news)], drop_backups=drop_backups)
        except OSError as problem:
            self._status.writable = False
            log.error("file can't be written", file=str(self.file.path), problem=str(problem))
            raise self._problem from None
        self._status.writable = True
        self._state = state

    async def check(self) -> StoreStatus:
        return self._status

    async def close(self) -> None:
        pass
