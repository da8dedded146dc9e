"""The history on disk: `chat_log.json`, and for a long history the journal beside it."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import structlog

from chat.domain.messages.events import MessageEvent, erases, numbered
from chat.domain.messages.history import History
from chat.storage.json_files.disk.atomic_file import AtomicFile
from chat.storage.json_files.disk.compaction import Compactor
from chat.storage.json_files.disk.disk import yielding_gil
from chat.storage.json_files.disk.journal import ExternallyModified, Journal
from chat.storage.json_files.history.history_format import (
    ChatLog,
    LogDumper,
    dump_event,
    dump_log,
    empty_log,
    parse_event,
    parse_log,
)
from chat.storage.json_files.validation import Unreadable

MAX_REWRITTEN = 100  # messages

log = structlog.get_logger()


class HistoryFiles:
    """A history and its files.

    Up to 100 messages the file is rewritten for every batch. Beyond that events are appended to the journal, which is
    compacted into the file in the background, at start and at stop. Deleting or anonymizing rewrites the file
    immediately: deleted content is gone from the disk.
    """

    def __init__(
        self, path: Path, limit: int, compact_after_events: int, compact_after_seconds: float, *, at_start: bool = True
    ) -> None:
        self._at_start = at_start
        self.file = AtomicFile(path)
        self.journal = Journal(self.file.path.with_name(f"{self.file.path.name}.journal"))
        self._history = History(limit)
        self._found: tuple[list[tuple[int, MessageEvent]], ChatLog | None] | None = None
        self._has_journal = limit > MAX_REWRITTEN
        self._dumper = LogDumper(remembers=not self._has_journal)
        self._compacted = 0  # the number of the last event in the file
        self._is_uncertain = False  # whether a write that failed may have reached the file
        self._compactor = Compactor(self._compact, compact_after_events, compact_after_seconds)
        self._file_lock, self._journal_lock = asyncio.Lock(), asyncio.Lock()  # acquire both in this order

    def verify(self) -> None:
        """Read the journal and the file, and change nothing. Raises `OSError`, `StartupError`.

        At the start of the chat a broken file is no error; later, it raises `Unreadable`.
        """
        events = self.journal.load(parse_event)
        try:
            self._found = events, self.file.read(parse_log)
        except Unreadable:
            if not self._at_start:
                raise
            self._found = events, None  # `adopt` logs it, and keeps the file

    def read(self) -> History:
        """Return the stored history as `load` does, but change nothing."""
        self.verify()
        (events, found), self._found = self._found or ([], None), None
        self._replay(events, found or empty_log())
        return self._history

    def load(self) -> History:
        """Return the stored history, with the journal compacted into it. Raises as `verify` does.

        If at the start nothing that is stored can be read, the history is empty, and the files are kept.
        """
        if self._found is None:
            self.verify()
        (events, found), self._found = self._found or ([], None), None
        self.file.adopt()
        new = self._replay(events, found or empty_log())
        self._compacted = self._history.last
        if (found is None and self._at_start) or self.file.restored_from or self.journal.exists:
            self.file.write(dump_log(self._history), drop_backups=any(map(erases, new)))
        elif self._at_start:
            self.file.probe(dump_log(self._history))
            self.file.check_replaceable()
        if self._at_start or self.journal.exists:
            self.journal.empty()
        return self._history.copy()

    async def append(self, events: Sequence[MessageEvent]) -> Sequence[MessageEvent]:
        """Store events durably, and return them with their numbers. Raises `OSError`; then none of them is stored."""
        new = [numbered(event, number) for number, event in enumerate(events, self._history.last + 1)]
        # A journal line with a number that a failed write left in the file would be ignored at the next start.
        if not self._has_journal or self._is_uncertain or any(map(erases, new)):
            await self._rewrite(new)
            return new
        try:
            await self._append_to_journal(new)
        except ExternallyModified:
            await self._rewrite(new)
        return new

    async def replace(self, history: History, events: Sequence[MessageEvent] = ()) -> None:
        """Write a history that another store keeps; `events` are the last that led to it. Raises `OSError`."""
        async with self._file_lock:
            self._history = history.copy()
            await self._write(self._history, drop_backups=any(map(erases, events)))
            await self._drop_from_journal(history.last)

    async def check(self, *, is_thorough: bool) -> None:
        """Check whether events could be stored; a thorough check replaces the file by a copy. Raises `OSError`.

        A file that another program changed is kept, and written again.
        """
        await self._undo_external_changes()
        if self._has_journal:
            async with self._journal_lock:
                await asyncio.to_thread(self.journal.check)
        else:
            async with self._file_lock:
                await asyncio.to_thread(self.file.probe, self._dumper.dump(self._history))
        if is_thorough:
            async with self._file_lock:
                await asyncio.to_thread(self.file.check_replaceable)

    async def close(self) -> None:
        """Compact the journal."""
        await self._compactor.stop()
        if self._compacted < self._history.last:
            await self._compact()
        with suppress(OSError):
            await self._undo_external_changes()

    async def _append_to_journal(self, events: Sequence[MessageEvent]) -> None:
        lines = [(event.number, dump_event(event)) for event in events]
        async with self._journal_lock:
            await asyncio.to_thread(self.journal.append, lines)
        for event in events:
            self._history.apply(event)
        self._compactor.count(len(events))

    async def _rewrite(self, events: Sequence[MessageEvent]) -> None:
        async with self._file_lock:
            history = self._history.copy()
            for event in events:
                history.apply(event)
            self._is_uncertain = True
            await self._write(history, drop_backups=any(map(erases, events)))
            self._is_uncertain = False
            self._history = history
            if not self._has_journal:
                self._compacted = history.last
            elif not await self._drop_from_journal(history.last):
                self._compactor.retry()

    async def _compact(self) -> bool:
        async with self._file_lock:
            history = self._history.copy()
            try:
                await self._write(history)
            except OSError as problem:
                log.error("journal can't be compacted", file=self.file.path.name, problem=str(problem))
                return False
            return await self._drop_from_journal(history.last)

    def _replay(self, events: list[tuple[int, MessageEvent]], content: ChatLog) -> list[MessageEvent]:
        """Take over the content of the file, and the journal's events; return those that are not in the file."""
        self._history = History(self._history.limit, content.messages, content.topic, content.last)
        new = [event for number, event in events if not content.has(number, event)]
        for event in new:
            self._history.apply(event if event.number else numbered(event, self._history.last + 1))
        return new

    async def _undo_external_changes(self) -> None:
        async with self._file_lock:
            if self.file.is_changed:
                await self._write(self._history.copy())

    async def _write(self, history: History, *, drop_backups: bool = False) -> None:
        chunks = yielding_gil(self._dumper.dump(history))
        await asyncio.to_thread(self.file.write, chunks, drop_backups=drop_backups)

    async def _drop_from_journal(self, number: int) -> bool:
        async with self._journal_lock:
            try:
                await asyncio.to_thread(self.journal.drop, number)
            except OSError as problem:
                log.error("journal can't be emptied", file=self.journal.path.name, problem=str(problem))
                return False
        self._compacted = number
        return True
