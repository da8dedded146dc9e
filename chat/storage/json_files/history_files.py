"""The history on disk: `chat_log.json`, and for a long history the journal beside it."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import count
from pathlib import Path

import structlog

from chat.domain.events import AuthorAnonymized, DurableEvent, HistoryCleared, MessageDeleted
from chat.domain.messages.history import History
from chat.storage.json_files.atomic_file import AtomicFile
from chat.storage.json_files.compaction import Compactor
from chat.storage.json_files.history_format import VERSION, ChatLog, dump_log, parse_log
from chat.storage.json_files.journal import ExternallyModified, Journal, Numbered

REWRITTEN_UP_TO = 100

log = structlog.get_logger()


class HistoryFiles:
    """A history and where it is kept.

    Up to 100 messages the file is rewritten for every batch of facts. Beyond that facts are added to the journal, which
    is folded into the file in the background, at start and at the end. Where something is deleted or made anonymous the
    file is rewritten at once: what is gone is gone from the disk.
    """

    def __init__(self, path: Path, limit: int, compact_after_events: int, compact_after_seconds: float) -> None:
        self.file = AtomicFile(path)
        self.journal = Journal(self.file.path.with_name(f"{self.file.path.name}.journal"))
        self._history = History(limit)
        self._has_journal = limit > REWRITTEN_UP_TO
        self._last = self._folded = 0  # the numbers of the last fact in the history, and in the file
        self._numbers = count(1)
        self._compactor = Compactor(self._fold, compact_after_events, compact_after_seconds)
        self._file_free, self._journal_free = asyncio.Lock(), asyncio.Lock()  # who needs both takes them in this order

    def load(self) -> History:
        """The history as it was kept; what is in a journal is folded in. Raises `OSError`, `StartupError`."""
        events = self.journal.load()  # before anything is changed, because it may refuse
        found = self.file.read(parse_log)
        content = found or ChatLog(version=VERSION, messages=[])
        self._history = History(self._history.limit, content.messages, content.topic)
        new = [(number, event) for number, event in events if number > content.folded]
        for _, event in new:
            self._history.apply(event)
        self._last = self._folded = new[-1][0] if new else content.folded
        self._numbers = count(self._last + 1)
        if found is None or self.file.quarantined or self.journal.exists:
            forget = _erases([event for _, event in new])
            self.file.write(dump_log(self._history, self._folded), forget=forget)
        else:
            self.file.probe(dump_log(self._history, self._folded))
        self.journal.empty()
        return self._history.copy()

    async def keep(self, events: Sequence[DurableEvent]) -> None:
        """Take facts in, durably. Raises `OSError`, and then none of them is kept."""
        if not self._has_journal:
            await self._rewrite(events, self._last)
            return
        # A number is never given twice: one that failed may be in the file all the same.
        numbered = [(next(self._numbers), event) for event in events]
        try:
            if _erases(events):
                await self._rewrite(events, numbered[-1][0])
            else:
                await self._add(numbered)
        except ExternallyModified:
            await self._rewrite(events, numbered[-1][0])

    async def check(self) -> None:
        """Find out whether facts could be kept. Raises `OSError`."""
        if self._has_journal:
            async with self._journal_free:
                await asyncio.to_thread(self.journal.check)
        else:
            async with self._file_free:
                await asyncio.to_thread(self.file.probe, dump_log(self._history, self._folded))

    async def finish(self) -> None:
        """Fold in what is in the journal."""
        await self._compactor.stop()
        if self._folded < self._last:
            await self._fold()

    async def _add(self, numbered: Sequence[Numbered]) -> None:
        async with self._journal_free:
            await asyncio.to_thread(self.journal.append, numbered)
        for number, event in numbered:
            self._history.apply(event)
            self._last = number
        self._compactor.note(len(numbered))

    async def _rewrite(self, events: Sequence[DurableEvent], last: int) -> None:
        async with self._file_free:
            history = self._history.copy()
            for event in events:
                history.apply(event)
            await self._write(history, last, forget=_erases(events))
            self._history, self._last = history, last
            if self._has_journal and not await self._drop(last):
                self._compactor.retry()

    async def _fold(self) -> bool:
        async with self._file_free:
            history, last = self._history.copy(), self._last
            try:
                await self._write(history, last)
            except OSError as problem:
                log.error("journal can't be folded in", file=self.file.path.name, problem=str(problem))
                return False
            return await self._drop(last)

    async def _write(self, history: History, last: int, *, forget: bool = False) -> None:
        await asyncio.to_thread(self.file.write, _yield_gil(dump_log(history, last)), forget=forget)

    async def _drop(self, number: int) -> bool:
        async with self._journal_free:
            try:
                await asyncio.to_thread(self.journal.drop, number)
            except OSError as problem:
                log.error("journal can't be emptied", file=self.journal.path.name, problem=str(problem))
                return False
        self._folded = number
        return True


def _yield_gil(chunks: Iterable[bytes]) -> Iterator[bytes]:
    # Python lets a thread that computes go on for 5 ms while others wait; one that sleeps lets them in at once.
    for chunk in chunks:
        yield chunk
        time.sleep(0)


def _erases(events: Sequence[DurableEvent]) -> bool:
    return any(isinstance(event, HistoryCleared | MessageDeleted | AuthorAnonymized) for event in events)
