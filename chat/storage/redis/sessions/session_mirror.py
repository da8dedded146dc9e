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
        began, cursor = time.time(), b"0"
        try:
            while True:
                cursor, names = await self._scan(cursor)
                await self._copy(names)
                await asyncio.sleep(PAUSE)
                if not int(cursor):
                    break
            for name in await asyncio.to_thread(self._files.older_than, began):
                if not self._is_known(name):
                    self._files.copy(name, None)
        except FAILURES as problem:
            log.error("sessions can't be copied", problem=describe(problem))

    async def _scan(self, cursor: bytes) -> tuple[bytes, list[str]]:
        prefix = self._engine.keys.session("")
        command = ("SCAN", cursor, "MATCH", f"{prefix}{OF_BROWSERS}*", "COUNT", BATCH)
        found: Any = await self._engine.run(*command)
        return found[0], [key.decode().removeprefix(prefix) for key in found[1]]

    async def _copy(self, names: list[str]) -> None:
        contents: Any = await self._engine.run("MGET", *map(self._engine.keys.session, names)) if names else []
        for name, content in zip(names, contents, strict=True):
            if content and "/" not in name and not self._is_known(name):
                self._files.copy(name, content)
