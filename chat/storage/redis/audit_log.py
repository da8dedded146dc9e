"""The audit log in the engine: a stream of the lines of `audit.jsonl`, which goes on as a copy."""

import asyncio
from collections.abc import Sequence
from contextlib import suppress
from typing import Any

from chat.domain.audit import AuditEntry
from chat.domain.errors import HistoryUnwritable, StartupError
from chat.storage.json_files.audit_log import JsonAuditLog, dump_entry, parse_entry
from chat.storage.json_files.validation import Unreadable
from chat.storage.redis.engine.append import Append, OtherNumber, Refused
from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.content import Fill
from chat.storage.redis.engine.engine import Engine
from chat.storage.status import StoreStatus

NAME = "@audit"
KEPT = 10_000  # entries, about: an engine is smaller than a disk


class RedisAuditLog:
    """The newest entries of the audit log."""

    def __init__(self, engine: Engine, files: JsonAuditLog) -> None:
        self._engine = engine
        self._files = files
        self._key = engine.keys.events(NAME)
        self._own: set[bytes] = set()
        self._copying: set[asyncio.Task[None]] = set()

    async def append(self, entry: AuditEntry) -> None:
        """Make an entry durable. Raises `HistoryUnwritable`."""
        line = dump_entry(entry)
        self._own.add(line.rstrip())
        try:
            await self._engine.append(Append(NAME, [line], kept=KEPT))
        except (Refused, OtherNumber):
            raise HistoryUnwritable from None
        await self._copy(entry)

    def receive(self, lines: Sequence[bytes]) -> None:
        """Copy entries of other processes."""
        for line in lines:
            if line in self._own:
                self._own.remove(line)
                continue
            task = asyncio.create_task(self._copy(parse_entry(line)))
            self._copying.add(task)
            task.add_done_callback(self._copying.discard)

    def verify(self) -> None:
        self._files.verify()

    def mirror(self) -> None:
        """Bring the file up to date, which may be of another host. Raises `StartupError`."""
        try:
            lines = [fields[b"e"] for _, fields in self._engine.blocking.connection.xrange(self._key)]
            self._files.replace(b"".join(lines))
        except FAILURES as problem:
            raise StartupError(f"{self._files.path} can't be written: {describe(problem)}") from None

    async def check(self) -> StoreStatus:
        return StoreStatus(writable=await self._engine.check())

    async def content(self) -> bytes:
        """Return all entries that are kept, to download. Raises `OSError`."""
        return b"".join(await self._lines("XRANGE", "-", "+"))

    async def latest(self, count: int) -> list[AuditEntry]:
        """Return the last entries, newest first. Raises `OSError`."""
        entries = []
        for line in await self._lines("XREVRANGE", "+", "-", "COUNT", count):
            with suppress(Unreadable):
                entries.append(parse_entry(line))
        return entries

    def contents(self) -> Fill:
        """Return what writes the file's newest entries into an empty engine."""

        def write(connection: Any) -> None:
            lines = self._files.lines()[-KEPT:]
            if int(connection.hget(self._engine.keys.last, NAME) or 0) >= len(lines):
                return  # another process had more
            with connection.pipeline(transaction=True) as commands:
                commands.delete(self._key)
                for number, line in enumerate(lines, 1):
                    commands.xadd(self._key, {"e": line + b"\n"}, id=f"{number}-0")
                commands.hset(self._engine.keys.last, NAME, len(lines))
                commands.execute()

        return write

    async def _copy(self, entry: AuditEntry) -> None:
        with suppress(HistoryUnwritable):  # its store logs it
            await self._files.append(entry)

    async def _lines(self, command: str, *arguments: str | int) -> list[bytes]:
        try:
            found: Any = await self._engine.run(command, self._key, *arguments)
        except FAILURES as problem:
            raise OSError(describe(problem)) from None
        return [fields[b"e"] for _, fields in found]
