"""Where lasting facts are kept. The promise of every store: durable first, then told, in one order for all."""

import asyncio
import time
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog
from filelock import FileLock, Timeout
from pydantic import BaseModel

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.events import DurableEvent
from chat.domain.messages.history import History
from chat.storage.json_files.history_files import HistoryFiles

PROBE_EVERY = 2.0
COMPACT_AFTER_EVENTS = 1000
COMPACT_AFTER_SECONDS = 5 * 60.0

log = structlog.get_logger()


class StoreStatus(BaseModel):
    """How the store is, for `/healthz`. `last_write` is in UTC; the others name files beside the history."""

    writable: bool = True
    last_write: datetime | None = None
    quarantined: str | None = None
    restored_from: str | None = None


class Store(Protocol):
    """Keeps the history. `load` once, then `append` from any number of tasks."""

    def load(self) -> History:
        """The history as it was kept. Raises `StartupError`."""

    def subscribe(self, on_commit: Callable[[DurableEvent], None]) -> None:
        """Call `on_commit` with each fact once it is durable, in one order for everybody."""

    async def append(self, event: DurableEvent) -> None:
        """Return when `event` is durable and told. Raises `HistoryUnwritable`, and then it is neither."""

    async def check(self) -> StoreStatus:
        """How the store is right now."""

    async def close(self) -> None:
        """Finish what is being written and let go of the store."""


class JsonStore:
    """The history in one readable JSON file, and beyond 100 messages in a journal beside it that is folded in.

    That happens after `compact_after_events` facts, or `compact_after_seconds` seconds after the first of them.
    """

    def __init__(
        self,
        path: Path,
        limit: int,
        *,
        compact_after_events: int = COMPACT_AFTER_EVENTS,
        compact_after_seconds: float = COMPACT_AFTER_SECONDS,
    ) -> None:
        self._files = HistoryFiles(path, limit, compact_after_events, compact_after_seconds)
        self._path = self._files.file.path
        self._lock = FileLock(f"{self._path}.lock")
        self._status = StoreStatus()
        self._on_commit: list[Callable[[DurableEvent], None]] = []
        self._waiting: list[tuple[DurableEvent, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._probed = 0.0

    def load(self) -> History:
        """The history as it was kept, or as the newest good backup has it, with what the journal adds to it.

        Raises `StartupError` where another process has the file, it can't be read or written, or is too new.
        """
        try:
            self._lock.acquire(timeout=0)
            history = self._files.load()
        except StartupError as problem:
            raise StartupError(f"{self._path}: {problem}") from None
        except Timeout:
            raise StartupError(f"{self._path} is in use by another process") from None
        except OSError as problem:
            raise StartupError(f"{self._path} can't be used: {problem.strerror or problem}") from None
        aside = [file.quarantined for file in (self._files.file, self._files.journal) if file.quarantined]
        self._status.quarantined = ", ".join(aside) or None
        self._status.restored_from = self._files.file.restored_from
        return history

    def subscribe(self, on_commit: Callable[[DurableEvent], None]) -> None:
        """Call `on_commit` with each fact once it is on disk."""
        self._on_commit.append(on_commit)

    async def append(self, event: DurableEvent) -> None:
        """Put `event` on disk; facts that arrive while a write runs share the next one."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((event, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done

    async def check(self) -> StoreStatus:
        """How the store is, found out by writing (at most every two seconds)."""
        if time.monotonic() - self._probed > PROBE_EVERY:
            self._probed = time.monotonic()
            await self._try(self._files.check())
        return self._status

    async def close(self) -> None:
        """Finish the writes that wait and give the file free."""
        if self._writer is not None:
            await self._writer
        await self._files.finish()
        self._lock.release()

    async def _write_waiting(self) -> None:
        while self._waiting:
            batch, self._waiting = self._waiting, []
            is_kept = await self._try(self._files.keep([event for event, _ in batch]))
            if is_kept:
                self._status.last_write = datetime.now(UTC)
            for event, done in batch:
                if is_kept:
                    for on_commit in self._on_commit:
                        on_commit(event)
                if not done.done():
                    done.set_result(None) if is_kept else done.set_exception(HistoryUnwritable())

    async def _try(self, work: Awaitable[None]) -> bool:
        try:
            await work
        except OSError as problem:
            if self._status.writable:
                log.error("history can't be written", file=str(self._path), problem=str(problem))
            self._status.writable = False
            return False
        except Exception:  # whoever waits is told, and the next facts are written
            log.exception("facts can't be written", file=str(self._path))
            return False
        if not self._status.writable:
            log.info("history can be written again", file=str(self._path))
        self._status.writable = True
        return True
