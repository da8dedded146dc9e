"""`audit.jsonl`: one line for each audited event. The file is append-only."""

import asyncio
import codecs
import os
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import orjson
from pydantic import TypeAdapter, ValidationError

from chat.domain.audit import ActionFailed, AuditedEvent, AuditEntry
from chat.domain.errors import HistoryUnwritable, StartupError
from chat.storage.json_files.audit_migration import upgrade_entry
from chat.storage.json_files.disk.disk import (
    open_to_append,
    read_file,
    sync_folder,
    unusable,
    write_all,
    write_new_file,
)
from chat.storage.json_files.validation import Row, Unreadable, parse_versioned
from chat.storage.json_files.writable import noting_writes
from chat.storage.status import StoreStatus

VERSION = 2
PROBE_SIZE = 4096

_ADAPTERS: dict[str, TypeAdapter[Any]] = {kind.__name__: TypeAdapter(kind) for kind in get_args(AuditedEvent)}


class JsonAuditLog:
    """One file that only its owner may read (mode 0600). Each line is on disk before its event is applied."""

    def __init__(self, path: Path) -> None:
        self.path = Path(os.path.realpath(path))
        self._lock = asyncio.Lock()
        self._status = StoreStatus()

    async def append(self, entry: AuditEntry) -> None:
        """Append a line durably. Raises `HistoryUnwritable`; then it is not in the file."""
        async with self._lock:
            await self._try(self._append, dump_entry(entry))
            self._status.last_write = datetime.now(UTC)

    def verify(self) -> None:
        """Check whether lines can be read and appended, and change nothing. Raises `StartupError`."""
        try:
            self._open_existing()
        except OSError as problem:
            raise unusable(self.path, problem) from None

    async def check(self) -> StoreStatus:
        """Return whether lines could be appended, determined by opening the file and writing a temporary one."""
        async with self._lock:
            with suppress(HistoryUnwritable):
                await self._try(self._probe)
        return self._status

    async def content(self) -> bytes:
        """Return the whole file, to download. Raises `OSError`."""
        return await asyncio.to_thread(self._read)

    async def latest(self, count: int) -> list[AuditEntry]:
        """Return the last entries, newest first; unreadable lines are skipped. Raises `OSError`."""
        return await asyncio.to_thread(self._latest, count)

    def lines(self) -> list[bytes]:
        """Return all lines. Raises `OSError`."""
        return self._read().splitlines()

    def replace(self, content: bytes) -> None:
        """Take over all lines of another store, if they differ. Raises `OSError`."""
        if content != self._read():
            temporary = self.path.with_name(f"{self.path.name}.tmp")
            write_new_file(temporary, [content])
            temporary.replace(self.path)
            sync_folder(self.path.parent)

    def _open_existing(self) -> None:
        if os.path.lexists(self.path):
            read_file(self.path, 0)
            os.close(open_to_append(self.path, os.O_RDWR))

    def _probe(self) -> None:
        self._open_existing()
        temporary = self.path.with_name(f"{self.path.name}.tmp")
        write_new_file(temporary, [bytes(PROBE_SIZE)])
        temporary.unlink()

    async def _try(self, work: Callable[..., None], *arguments: Any) -> None:
        try:
            with noting_writes(self._status, "audit log", self.path):
                await asyncio.to_thread(work, *arguments)
        except OSError:
            raise HistoryUnwritable from None

    def _latest(self, count: int) -> list[AuditEntry]:
        return list(_entries(self.lines()[-count:]))[::-1]

    def _read(self) -> bytes:
        with suppress(FileNotFoundError):
            return read_file(self.path).removeprefix(codecs.BOM_UTF8)
        return b""

    def _append(self, line: bytes) -> None:
        is_new = not os.path.lexists(self.path)
        descriptor = open_to_append(self.path, os.O_RDWR)
        try:
            size = os.fstat(descriptor).st_size
            os.lseek(descriptor, max(size - 1, 0), os.SEEK_SET)
            # A line that a crash cut off stays, as a line of its own.
            is_cut_off = size > 0 and os.read(descriptor, 1) != b"\n"
            _write(descriptor, b"\n" + line if is_cut_off else line, size)
        finally:
            os.close(descriptor)
        if is_new:
            sync_folder(self.path.parent)


def dump_entry(entry: AuditEntry) -> bytes:
    """Return the line of an entry."""
    return b'{"version":%d,%s\n' % (VERSION, _fields(entry)[1:])


def parse_entry(line: bytes) -> AuditEntry:
    """Return the entry of a line. Raises `Unreadable`."""
    try:
        version, row = parse_versioned(line, VERSION, default=1)  # version 1 wrote none
        if version == 1:
            row = upgrade_entry(row)
        return ActionFailed(_event(row["entry"])) if row["kind"] == ActionFailed.__name__ else _event(row)
    except (ValidationError, StartupError, KeyError, TypeError, ValueError, AttributeError) as problem:
        raise Unreadable(str(problem)) from None


def _fields(entry: AuditEntry) -> bytes:
    kind = type(entry).__name__
    if isinstance(entry, ActionFailed):
        content = b'{"entry":%s}' % _fields(entry.entry)
    else:
        content = _ADAPTERS[kind].dump_json(entry, exclude_defaults=True)
    return b'{"kind":"%s",%s' % (kind.encode(), content[1:])


def _event(row: Row) -> AuditedEvent:
    event: AuditedEvent = _ADAPTERS[row["kind"]].validate_json(orjson.dumps(row))
    return event


def _entries(lines: list[bytes]) -> Iterator[AuditEntry]:
    for line in lines:
        with suppress(Unreadable):
            yield parse_entry(line)


def _write(descriptor: int, line: bytes, size: int) -> None:
    try:
        write_all(descriptor, line)
    except OSError:
        with suppress(OSError):
            os.ftruncate(descriptor, size)
        raise
