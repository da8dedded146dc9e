"""The store of messages: one readable JSON file, and beyond 100 messages a journal beside it."""

from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.storage.json_files.disk.disk import unusable
from chat.storage.json_files.history.history_files import HistoryFiles
from chat.storage.json_files.validation import Unreadable
from chat.storage.json_files.writable import noting_writes
from chat.storage.status import StoreStatus, join_names

COMPACT_AFTER_EVENTS = 1000
COMPACT_AFTER_SECONDS = 5 * 60.0

T = TypeVar("T")


class JsonMessageStore:
    """`chat_log.json`, or the file of another room. Its journal is compacted after so many events or seconds.

    With `at_start`, loading checks whether the files can be written, and a broken history doesn't stop it: the file is
    kept, and an empty history begins. Without, as for rooms that are loaded on demand, a broken history is refused.
    """

    def __init__(
        self,
        path: Path,
        limit: int,
        *,
        compact_after_events: int = COMPACT_AFTER_EVENTS,
        compact_after_seconds: float = COMPACT_AFTER_SECONDS,
        at_start: bool = True,
        status: StoreStatus | None = None,
    ) -> None:
        self._files = HistoryFiles(path, limit, compact_after_events, compact_after_seconds, at_start=at_start)
        self._path = self._files.file.path
        self.status = status or StoreStatus()

    def verify(self) -> None:
        """Read the files, and change nothing. Raises `StartupError` as `load` does."""
        self._start(self._files.verify)

    def read(self) -> History:
        """Return the stored history as `load` does, but change nothing."""
        return self._start(self._files.read)

    def load(self) -> History:
        """Return the stored history, or that of the newest good backup, with the journal's events.

        Raises `StartupError` if the file can't be read or written, is too new or, without `at_start`, broken.
        """
        history = self._start(self._files.load)
        file, journal = self._files.file, self._files.journal
        self.status.quarantined = join_names([self.status.quarantined, file.quarantined, journal.quarantined])
        self.status.restored_from = file.restored_from or self.status.restored_from
        return history

    async def append(self, events: Sequence[MessageEvent]) -> Sequence[MessageEvent]:
        """Store the events, all or none, and return them with their numbers. Raises `HistoryUnwritable`."""
        stored = await self._try(self._files.append(events))
        if stored is None:
            raise HistoryUnwritable
        self.status.last_write = datetime.now(UTC)
        return stored

    async def replace(self, history: History, events: Sequence[MessageEvent] = ()) -> None:
        """Write a history that another store keeps; `events` are the last that led to it."""
        await self._try(self._files.replace(history, events))

    async def check(self) -> StoreStatus:
        """Return the status, determined by writing."""
        await self._try(self._files.check(is_thorough=not self.status.writable))
        self.status.changed = self._files.file.changed or self.status.changed
        return self.status

    async def close(self) -> None:
        """Compact the journal."""
        await self._files.close()

    def _start(self, read: Callable[[], T]) -> T:
        self.status.unreadable = self._path.name
        try:
            found = read()
        except (StartupError, Unreadable) as problem:
            raise StartupError(f"{self._path}: {problem}") from None
        except OSError as problem:
            raise unusable(self._path, problem) from None
        self.status.unreadable = None
        return found

    async def _try(self, work: Awaitable[T]) -> T | None:
        """Return the result of `work`, or None if it failed."""
        try:
            with noting_writes(self.status, "history", self._path):
                return await work
        except OSError:
            return None
