"""A store for a small state: one JSON file, written whole after each batch of events."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Generic, TypeVar

from chat.domain.errors import StartupError
from chat.storage.base import State
from chat.storage.json_files.disk.atomic_file import AtomicFile
from chat.storage.json_files.disk.disk import unusable
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.validation import Unreadable
from chat.storage.json_files.writable import noting_writes
from chat.storage.status import StoreStatus, join_names

S = TypeVar("S", bound=State)

PROBE_MARGIN = 4096


class SnapshotStore(Generic[S]):
    """One file that only its owner may read (mode 0600), and always a copy of it.

    Events that erase something leave no older backups, so that erased content can't come back from one.
    """

    def __init__(self, path: Path, file_format: FileFormat[S]) -> None:
        self.file = AtomicFile(path, mirrors=True)
        self.files = [self.file]
        self.format = file_format
        self._state = file_format.empty()
        self._status = StoreStatus()
        self._lock = asyncio.Lock()
        self._is_read = self._is_loaded = False

    def verify(self) -> None:
        """Read the file, or its newest good backup, and change nothing. Raises `StartupError`.

        A broken file without a good backup stops the start: without it, banned members could come in, and anyone could
        take the name of an owner.
        """
        try:
            self._read()
        except Unreadable as problem:
            raise StartupError(
                f"{self.file.path} is broken: {problem}. Replace it by a good copy; "
                "to start without its content, move it and its backups away."
            ) from None
        except StartupError as problem:
            raise StartupError(f"{self.file.path}: {problem}") from None
        except OSError as problem:
            raise unusable(self.file.path, problem) from None
        self._is_read = True

    def load(self) -> S:
        """Return the stored state, or that of the newest good backup. Raises `StartupError`."""
        if not self._is_read:
            self.verify()
        try:
            self._adopt()
        except OSError as problem:
            raise unusable(self.file.path, problem) from None
        self._is_read, self._is_loaded = False, True
        self._status.quarantined = join_names(file.quarantined for file in self.files)
        self._status.restored_from = self.file.restored_from
        return self._state.copy()

    async def append(self, events: Sequence[Any]) -> Sequence[Any]:
        """Write the state after the events, unless they change nothing."""
        async with self._lock:
            state = self._state.copy()
            news = [event for event in events if state.apply(event)]
            if news:
                await self._try(self._store, state, news)
                self._state = state
                self._status.last_write = datetime.now(UTC)
        return events

    async def replace(self, state: S, events: Sequence[Any] = ()) -> None:
        """Write a state that another store keeps; `events` are the last that led to it."""
        async with self._lock:
            self._state = state.copy()
            await self._try(self._write, self._state, events)

    async def check(self) -> StoreStatus:
        """Return the status, determined by writing a temporary file and, after a failure, by replacing the file.

        A file that another program changed is kept, and written again.
        """
        async with self._lock:
            with suppress(self.format.problem):
                await self._try(self._check)
        self._status.changed = join_names(file.changed for file in self.files)
        return self._status

    async def close(self) -> None:
        """Finish a running write, and undo changes by other programs: the next start would take them for ours."""
        async with self._lock:
            with suppress(self.format.problem):
                await self._try(self._undo_external_changes)

    def _read(self) -> None:
        found = self.file.read(self.format.parse)
        self._state = self._state if found is None else found

    def _adopt(self) -> None:
        self.file.adopt()
        if self.file.restored_from:
            self._write(self._state)
        else:
            self._probe()
            self.file.check_replaceable()

    def _store(self, state: S, events: Sequence[Any]) -> None:
        self._write(state, events)

    def _write(self, state: S, events: Sequence[Any] = ()) -> None:
        self.file.write([self.format.dump(state, events)], drop_backups=any(map(self.format.erases, events)))

    def _check(self) -> None:
        self._undo_external_changes()
        self._probe()
        if not self._status.writable:
            self.file.check_replaceable()

    def _undo_external_changes(self) -> None:
        if self._is_loaded and any(file.is_changed for file in self.files):
            self._write(self._state)

    def _probe(self) -> None:
        self.file.probe([bytes(self.file.size + PROBE_MARGIN)])  # dumping many accounts would delay messages

    async def _try(self, work: Callable[..., None], *arguments: Any) -> None:
        try:
            with noting_writes(self._status, "file", self.file.path):
                await asyncio.to_thread(work, *arguments)
        except OSError:
            raise self.format.problem from None
