"""Copies all sessions of an engine into a folder, little by little; it may be of another host."""

import asyncio
import time
from collections.abc import Callable
from typing import Any

import structlog

from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.sessions.session_files import OF_BROWSERS, SessionFiles

BATCH, PAUSE = 20, 0.01  # sessions copied at a time; seconds between

log = structlog.get_logger()


class SessionMirror:
    """Copies all sessions but those for which `is_known` is true."""

    def __init__(self, engine: Engine, files: SessionFiles, is_known: Callable[[str], bool]) -> None:
        self._engine = engine
        self._files = files
        self._is_known = is_known

    async def copy_all(self) -> None:
        """Copy each session, and remove files of sessions that are over."""
        began, cursor, copied = time.time(), b"0", set[str]()
        try:
            while True:
                cursor, names = await self._scan(cursor)
                copied |= await self._copy(names)
                await asyncio.sleep(PAUSE)
                if not int(cursor):
                    break
            for name in await asyncio.to_thread(self._files.older_than, began):
                # File systems keep times less exactly: a file that was just written may seem older.
                if name not in copied and not self._is_known(name):
                    self._files.copy(name, None)
        except FAILURES as problem:
            log.error("sessions can't be copied", problem=describe(problem))

    async def _scan(self, cursor: bytes) -> tuple[bytes, list[str]]:
        prefix = self._engine.keys.session("")
        command = ("SCAN", cursor, "MATCH", f"{prefix}{OF_BROWSERS}*", "COUNT", BATCH)
        found: Any = await self._engine.run(*command)
        return found[0], [key.decode().removeprefix(prefix) for key in found[1]]

    async def _copy(self, names: list[str]) -> set[str]:
        """Return the names of those that were copied."""
        contents: Any = await self._engine.run("MGET", *map(self._engine.keys.session, names)) if names else []
        found = {name: content for name, content in zip(names, contents, strict=True) if content and "/" not in name}
        unknown = {name for name in found if not self._is_known(name)}
        for name in unknown:
            self._files.copy(name, found[name])
        return unknown
