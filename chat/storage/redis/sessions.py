"""Sessions in the engine, and copies in the folder: each comes when its browser does, the others little by little."""

import asyncio
import time
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog
from cachetools import LRUCache

from chat.domain.errors import StartupError
from chat.storage.json_files.disk import unusable, write_new_file
from chat.storage.redis.connection import FAILURES, describe
from chat.storage.redis.content import Fill
from chat.storage.redis.engine import Engine
from chat.storage.session_lifetime import session_lifetime

SHARED = ("storage-seen", "storage-levels")  # what accounts have read, and the levels of rooms they chose
ONE_BROWSERS = "storage-user-"
MAX_KNOWN = 10_000
RETRY_AFTER = 2.0  # seconds
BATCH, PAUSE = 20, 0.01  # sessions copied at a time; seconds between

log = structlog.get_logger()


class RedisSessions:
    """Keeps each `.nicegui/NAME.json` in the engine. While that can't be written, changes wait.

    The engine is right: a file of a session that nobody asked for so far may be of another time.
    """

    def __init__(self, engine: Engine, folder: Path) -> None:
        self._engine = engine
        self._folder = folder
        self._changed: dict[str, bytes] = {}
        self._known: LRUCache[str, None] = LRUCache(MAX_KNOWN)
        self._writing: asyncio.Task[None] | None = None
        self._mirroring: asyncio.Task[None] | None = None

    def restore(self) -> None:
        """Bring the files that the chat reads when it starts. Raises `StartupError`."""
        connection = self._engine.reader.connection
        try:
            for name in SHARED:
                self._copy(name, connection.get(self._engine.keys.session(name)))
        except FAILURES as problem:
            raise self._failure(problem) from None

    async def fetch(self, name: str) -> bool:
        """Bring the file of a session, unless it is here; return False if it can't be told whether there is one."""
        if not self._is_known(name):
            try:
                content: Any = await self._engine.run("GET", self._engine.keys.session(name))
                if not self._is_known(name):  # it may have changed meanwhile
                    self._copy(name, content)
                    self._known[name] = None
            except FAILURES as problem:
                log.warning("a session can't be read", problem=describe(problem))
                return False
        return True

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Keep the content of a file, or remove what is kept if it is empty, without anyone having to wait."""
        self._known[name] = None
        self._changed[name] = orjson.dumps(dict(values)) if values else b""
        if self._writing is None or self._writing.done():
            self._writing = asyncio.create_task(self._write_changed())

    def start(self) -> None:
        """Copy all sessions into the folder from now on, which may be of another host."""
        self._mirroring = asyncio.create_task(self._mirror())

    async def close(self) -> None:
        """Keep what is waiting, unless the engine can't be written."""
        for task in (self._writing, self._mirroring):
            if task:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task
        await self._try_to_write()

    def contents(self) -> Fill:
        """Return what writes all files into an empty engine."""

        def write(connection: Any) -> None:
            for path in self._folder.glob("storage-*.json"):
                content = path.read_bytes()
                connection.execute_command(*_kept_until(path.stem, content, self._engine.keys.session(path.stem)))

        return write

    def _is_known(self, name: str) -> bool:
        return name in self._known or name in self._changed

    def _copy(self, name: str, content: bytes | None) -> None:
        """Make a file the same as what the engine has. Raises `OSError`."""
        path = self._folder / f"{name}.json"
        if content:
            write_new_file(path, [content], is_synced=False)
        else:
            path.unlink(missing_ok=True)

    async def _mirror(self) -> None:
        began, cursor = time.time(), b"0"
        try:
            while True:
                cursor, names = await self._scan(cursor)
                self._copy_unknown(names, await self._get(names))
                await asyncio.sleep(PAUSE)
                if not int(cursor):
                    break
            for path in await asyncio.to_thread(self._older_than, began):
                if not self._is_known(path.stem):
                    path.unlink(missing_ok=True)
        except FAILURES as problem:
            log.error("sessions can't be copied", problem=describe(problem))

    async def _scan(self, cursor: bytes) -> tuple[bytes, list[str]]:
        prefix = self._engine.keys.session("")
        command = ("SCAN", cursor, "MATCH", f"{prefix}{ONE_BROWSERS}*", "COUNT", BATCH)
        found: Any = await self._engine.run(*command)
        return found[0], [key.decode().removeprefix(prefix) for key in found[1]]

    async def _get(self, names: list[str]) -> list[bytes | None]:
        found: Any = await self._engine.run("MGET", *map(self._engine.keys.session, names)) if names else []
        contents: list[bytes | None] = found
        return contents

    def _copy_unknown(self, names: Iterable[str], contents: Iterable[bytes | None]) -> None:
        for name, content in zip(names, contents, strict=True):
            if content and "/" not in name and not self._is_known(name):
                self._copy(name, content)

    def _older_than(self, began: float) -> list[Path]:
        return [path for path in self._folder.glob(f"{ONE_BROWSERS}*.json") if path.stat().st_mtime < began]

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
                await self._engine.run(*_kept_until(name, content, key))
            except FAILURES:
                return False
            if self._changed[name] == content:
                del self._changed[name]
        return True

    def _failure(self, problem: BaseException) -> StartupError:
        if isinstance(problem, OSError) and problem.filename:
            return unusable(self._folder, problem)
        return StartupError(f"CHAT_REDIS_URL: sessions can't be read: {describe(problem)}")


def _kept_until(name: str, content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that keeps a session for its lifetime, or removes it if it is empty."""
    if not content:
        return ["DEL", key]
    if name in SHARED:
        return ["SET", key, content]
    found: object = None
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(content)
    lifetime = session_lifetime(found if isinstance(found, dict) else {})
    return ["SET", key, content, "EX", int(lifetime.total_seconds())]
