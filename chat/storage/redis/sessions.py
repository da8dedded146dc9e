"""Copies of the session files in the engine, from which they come back to a folder that was emptied."""

import asyncio
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import orjson

from chat.domain.errors import StartupError
from chat.storage.json_files.disk import unusable, write_new_file
from chat.storage.redis.connection import FAILURES, describe
from chat.storage.redis.content import Fill
from chat.storage.redis.engine import Engine

LIFETIME = 365 * 24 * 60 * 60  # seconds, as that of the cookie
RETRY_AFTER = 2.0  # seconds


class SessionCopies:
    """Keeps a copy of each `.nicegui/NAME.json`. While the engine can't be written, changes wait."""

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._changed: dict[str, bytes] = {}
        self._task: asyncio.Task[None] | None = None

    def restore(self) -> None:
        """Write the files anew. Raises `StartupError`."""
        try:
            for name, content in self._stored():
                write_new_file(self._folder / f"{name}.json", [content], is_synced=False)
        except OSError as problem:
            raise unusable(self._folder, problem) from None
        except FAILURES as problem:
            raise StartupError(f"CHAT_REDIS_URL: sessions can't be read: {describe(problem)}") from None

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Copy a file, or remove its copy if it is empty, without anyone having to wait."""
        self._changed[name] = orjson.dumps(dict(values)) if values else b""
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._write_changed())

    async def close(self) -> None:
        """Copy what is waiting, unless the engine can't be written."""
        if self._task:
            self._task.cancel()
        await self._try_to_write()

    def contents(self) -> Fill:
        """Return what writes the copies of all files into an empty engine."""

        def write(connection: Any) -> None:
            for path in self._folder.glob("storage-*.json"):
                connection.set(self._engine.keys.session(path.stem), path.read_bytes(), ex=LIFETIME)

        return write

    def _stored(self) -> Iterator[tuple[str, bytes]]:
        connection, prefix = self._engine.reader.connection, self._engine.keys.session("")
        for key in connection.scan_iter(match=f"{prefix}storage-*", count=1000):
            name = key.decode().removeprefix(prefix)
            if "/" not in name and (content := connection.get(key)):
                yield name, content

    async def _write_changed(self) -> None:
        while True:
            if await self._try_to_write():
                return
            await asyncio.sleep(RETRY_AFTER)

    async def _try_to_write(self) -> bool:
        while self._changed:
            name, content = next(iter(self._changed.items()))
            key = self._engine.keys.session(name)
            try:
                await self._engine.run(*(("SET", key, content, "EX", LIFETIME) if content else ("DEL", key)))
            except FAILURES:
                return False
            if self._changed[name] == content:
                del self._changed[name]
        return True
