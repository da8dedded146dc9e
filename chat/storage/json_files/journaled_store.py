"""A store for a state that grows: one JSON file, and a journal beside it for the events that are frequent."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol, TypeVar

import structlog

from chat.storage.base import State
from chat.storage.json_files.disk.compaction import Compactor
from chat.storage.json_files.disk.journal import ExternallyModified, Journal
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.snapshot_store import SnapshotStore

COMPACT_AFTER_EVENTS = 100
COMPACT_AFTER_SECONDS = 5 * 60.0

log = structlog.get_logger()


class NumberedState(State, Protocol):
    """A state that keeps `last`, the number of the last event in it, for its store, which counts them."""

    last: int


N = TypeVar("N", bound=NumberedState)


@dataclass(frozen=True, slots=True)
class JournalFormat:
    """The events that go to the journal, and the format of their lines."""

    is_journaled: Callable[[Any], bool]
    dump: Callable[[int, Any], bytes]
    parse: Callable[[bytes], tuple[int, Any]]


class JournaledStore(SnapshotStore[N]):
    """A `SnapshotStore` that appends some events to a journal: a line, instead of the file and its copy.

    Any other event rewrites the file at once, with all that is in the journal. So do a hundred lines, or five minutes
    after the first, and the end.
    """

    def __init__(self, path: Path, file_format: FileFormat[N], journal_format: JournalFormat) -> None:
        super().__init__(path, file_format)
        self.journal = Journal(self.file.path.with_name(f"{self.file.path.name}.journal"))
        self.files.append(self.journal)
        self._lines = journal_format
        self._is_uncertain = False  # whether a write that failed may have reached the file
        self._compactor = Compactor(self._compact, COMPACT_AFTER_EVENTS, COMPACT_AFTER_SECONDS)

    async def append(self, events: Sequence[Any]) -> Sequence[Any]:
        """Append the events to the journal, or rewrite the file, unless they change nothing."""
        before = self._state.last
        await super().append(events)
        if self.journal.exists:
            self._compactor.count(self._state.last - before)
        return events

    async def close(self) -> None:
        """Compact the journal, and undo changes by other programs."""
        await self._compactor.stop()
        await self._compact()
        await super().close()

    def _read(self) -> None:
        super()._read()
        for number, event in self.journal.load(self._lines.parse):
            if number > self._state.last:
                self._state.apply(event)
                self._state.last = number

    def _adopt(self) -> None:
        super()._adopt()
        if self.journal.exists:
            self._write(self._state)

    def _store(self, state: N, events: Sequence[Any]) -> None:
        numbered = list(enumerate(events, state.last + 1))
        state.last += len(events)
        # A line with a number that a failed write left in the file would be ignored at the next start.
        if self._is_uncertain or not all(map(self._lines.is_journaled, events)):
            self._write(state, events)
            return
        try:
            self.journal.append([(number, self._lines.dump(number, event)) for number, event in numbered])
        except ExternallyModified:
            self._write(state, events)

    def _write(self, state: N, events: Sequence[Any] = ()) -> None:
        self._is_uncertain = True
        super()._write(state, events)
        self._is_uncertain = False
        try:
            self.journal.empty()
        except OSError as problem:  # what is in the file is ignored there
            log.error("journal can't be emptied", file=self.journal.path.name, problem=str(problem))

    def _check(self) -> None:
        super()._check()
        self.journal.check()

    async def _compact(self) -> bool:
        async with self._lock:
            try:
                await asyncio.to_thread(self._empty_into_file)
            except OSError as problem:
                log.error("journal can't be compacted", file=self.file.path.name, problem=str(problem))
            return not self.journal.exists

    def _empty_into_file(self) -> None:
        if self.journal.exists:
            self._write(self._state)
