"""Where lasting facts are kept. The promise of every store: durable first, then told, in one order for all."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

import structlog
from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from chat.durable import DurableFile, Unreadable
from chat.errors import HistoryUnwritable, StartupError
from chat.events import HistoryCleared, LastingFact, MessagePosted
from chat.messages import History, Message

VERSION = 1
PROBE_EVERY = 2.0

log = structlog.get_logger()


class StoreStatus(BaseModel):
    """How the store is, for `/healthz`. `last_write` is in UTC; the two names are files beside the history."""

    writable: bool = True
    last_write: datetime | None = None
    set_aside: str | None = None
    restored_from: str | None = None


class Store(Protocol):
    """Keeps the history. `load` once, then `append` from any number of tasks."""

    def load(self) -> History:
        """The history as it was kept. Raises `StartupError`."""

    def subscribe(self, on_commit: Callable[[LastingFact], None]) -> None:
        """Call `on_commit` with each fact once it is durable, in one order for everybody."""

    async def append(self, fact: LastingFact) -> None:
        """Return when `fact` is durable and told. Raises `HistoryUnwritable`, and then it is neither."""

    async def check(self) -> StoreStatus:
        """How the store is right now."""

    async def close(self) -> None:
        """Finish what is being written and let go of the store."""


class ChatLog(BaseModel):
    """The content of `chat_log.json`."""

    model_config = ConfigDict(extra="forbid")

    version: int
    messages: list[Message]


class _Versioned(BaseModel):
    version: int


class JsonStore:
    """The history in one readable JSON file, rewritten whole and durably for each batch of facts."""

    def __init__(self, path: Path, limit: int) -> None:
        self._file = DurableFile(path)
        self._lock = FileLock(f"{self._file.path}.lock")
        self._history = History(limit)
        self._status = StoreStatus()
        self._on_commit: list[Callable[[LastingFact], None]] = []
        self._waiting: list[tuple[LastingFact, asyncio.Future[None]]] = []
        self._writer: asyncio.Task[None] | None = None
        self._disk = asyncio.Lock()
        self._probed = 0.0

    def load(self) -> History:
        """The history as it was kept, or as the newest good backup has it.

        Raises `StartupError` where another process has the file, it can't be read or written, or is too new.
        """
        path = self._file.path
        try:
            self._lock.acquire(timeout=0)
            found = self._file.read(_parse)
            self._history = History(self._history.limit, found.messages if found else ())
            if found is None or self._file.set_aside:
                self._file.write(_dump(self._history))
            else:
                self._file.probe(_dump(self._history))
        except StartupError as problem:
            raise StartupError(f"{path}: {problem}") from None
        except Timeout:
            raise StartupError(f"{path} is in use by another process") from None
        except OSError as problem:
            raise StartupError(f"{path} can't be used: {problem.strerror or problem}") from None
        self._status.set_aside = self._file.set_aside
        self._status.restored_from = self._file.restored_from
        return self._history.copy()

    def subscribe(self, on_commit: Callable[[LastingFact], None]) -> None:
        """Call `on_commit` with each fact once it is on disk."""
        self._on_commit.append(on_commit)

    async def append(self, fact: LastingFact) -> None:
        """Put `fact` on disk; facts that arrive while a write runs share the next one."""
        done = asyncio.get_running_loop().create_future()
        self._waiting.append((fact, done))
        if self._writer is None or self._writer.done():
            self._writer = asyncio.create_task(self._write_waiting())
        await done

    async def check(self) -> StoreStatus:
        """How the store is, found out by writing (at most every two seconds)."""
        if time.monotonic() - self._probed > PROBE_EVERY:
            self._probed = time.monotonic()
            async with self._disk:
                await self._try(self._file.probe, _dump(self._history))
        return self._status

    async def close(self) -> None:
        """Finish the writes that wait and give the file free."""
        if self._writer is not None:
            await self._writer
        self._lock.release()

    async def _write_waiting(self) -> None:
        while self._waiting:
            async with self._disk:
                batch, self._waiting = self._waiting, []
                history = self._history.copy()
                for fact, _ in batch:
                    _change(history, fact)
                written = await self._try(self._file.write, _dump(history))
                if written:
                    self._history = history
                    self._status.last_write = datetime.now(UTC)
                    if any(isinstance(fact, HistoryCleared) for fact, _ in batch):
                        await self._try(lambda _: self._file.forget_backups(), b"")
            for fact, done in batch:
                if written:
                    for on_commit in self._on_commit:
                        on_commit(fact)
                if not done.done():
                    done.set_result(None) if written else done.set_exception(HistoryUnwritable())

    async def _try(self, write: Callable[[bytes], None], data: bytes) -> bool:
        try:
            await asyncio.to_thread(write, data)
        except OSError as problem:
            if self._status.writable:
                log.error("history can't be written", file=str(self._file.path), problem=str(problem))
            self._status.writable = False
            return False
        if not self._status.writable:
            log.info("history can be written again", file=str(self._file.path))
        self._status.writable = True
        return True


def _change(history: History, fact: LastingFact) -> None:
    match fact:
        case MessagePosted(message=message):
            history.add(message)
        case HistoryCleared():
            history.clear()


def _dump(history: History) -> bytes:
    return ChatLog(version=VERSION, messages=list(history)).model_dump_json(indent=2).encode() + b"\n"


def _parse(data: bytes) -> ChatLog:
    try:
        version = _Versioned.model_validate_json(data).version
        if version > VERSION:
            raise StartupError(f"version {version} is newer than this program, which knows up to {VERSION}")
        found = ChatLog.model_validate_json(data)
        return ChatLog(version=version, messages=[replace(m, at=_in_utc(m.at)) for m in found.messages])
    except ValidationError as problem:
        first = problem.errors(include_url=False, include_input=False)[0]
        raise Unreadable(f"{'.'.join(map(str, first['loc']))} {first['msg']}".strip()) from None


def _in_utc(at: datetime) -> datetime:
    """A time that somebody may have written by hand, without a zone or in another one."""
    return at.astimezone(UTC) if at.tzinfo else at.replace(tzinfo=UTC)
