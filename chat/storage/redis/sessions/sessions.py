"""Sessions in the engine, and copies in the folder: fetched when their browsers come, the others little by little."""

import asyncio
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog
from cachetools import LRUCache

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.disk import unusable
from chat.storage.peers import Peer, Peers
from chat.storage.redis.account_data import SHARED, AccountData
from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.content import Fill
from chat.storage.redis.engine.ending import end
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.sessions.session_files import SessionFiles, dumped, parsed
from chat.storage.redis.sessions.session_mirror import SessionMirror
from chat.storage.session_lifetime import session_lifetime

TOPIC = "sessions"
MAX_KNOWN = 10_000
RETRY_AFTER = 2.0  # seconds

Place = tuple[str, str]
"""The name of a session, or the name of what accounts share and one of them."""

log = structlog.get_logger()


class RedisSessions(Peer):
    """Keeps each `.nicegui/NAME.json` in the engine. While that can't be written, changes wait.

    The engine prevails: the file of a session not used so far may be outdated. `on_changed` gets changes by other
    processes.
    """

    def __init__(self, engine: Engine, folder: Path, peers: Peers) -> None:
        self._engine = engine
        self._files = SessionFiles(folder)
        self._accounts = AccountData(engine, self._files)
        self._mirror = SessionMirror(engine, self._files, self._is_known)
        self._peers = peers
        self._changed: dict[Place, bytes] = {}
        self._known: LRUCache[str, bytes] = LRUCache(MAX_KNOWN)
        self.on_changed: Callable[[str, Mapping[str, Any]], None] = lambda name, values: None
        self._refreshing: set[asyncio.Task[None]] = set()
        self._writing: asyncio.Task[None] | None = None
        self._mirroring: asyncio.Task[None] | None = None
        peers.add(TOPIC, self)

    def restore(self) -> None:
        """Write the files that the chat reads when it starts. Raises `StartupError`."""
        try:
            self._accounts.restore()
        except FAILURES as problem:
            if isinstance(problem, OSError) and problem.filename:
                raise unusable(self._files.folder, problem) from None
            raise StartupError(f"CHAT_REDIS_URL: sessions can't be read: {describe(problem)}") from None

    async def fetch(self, name: str) -> bool:
        """Write the file of a session, unless it is here; return False if the engine doesn't answer."""
        if not self._is_known(name):
            try:
                content: Any = await self._engine.run("GET", self._engine.keys.session(name))
                if not self._is_known(name):  # it may have changed meanwhile
                    self._files.copy(name, content)
                    self._known[name] = content or b""
            except FAILURES as problem:
                log.warning("a session can't be read", problem=describe(problem))
                return False
        return True

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Store the content of a file, or remove it if empty, in the background."""
        if name in SHARED:
            changed = self._accounts.replace(name, values)
            self._changed |= {(name, account): content for account, content in changed.items()}
        else:
            content = dumped(dict(values)) if values else b""
            if self._known.get(name) != content:
                self._known[name] = self._changed[name, ""] = content
        if self._changed and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_changed())

    async def written(self) -> None:
        """Return when all saved content is stored, or the engine can't be written."""
        await self._try_to_write()

    def start(self) -> None:
        """Copy all sessions into the folder from now on."""
        self._mirroring = asyncio.create_task(self._mirror.copy_all())

    async def keep_login(self, token: str, login: bytes, seconds: int) -> None:
        with suppress(*FAILURES):  # then this process alone knows it
            await self._engine.run("SET", self._engine.keys.login(token), login, "EX", seconds)

    async def find_login(self, token: str) -> bytes:
        with suppress(*FAILURES):
            found: Any = await self._engine.run("GET", self._engine.keys.login(token))
            return found or b""
        return b""

    async def take_login(self, token: str) -> bool:
        with suppress(*FAILURES):
            return await self._engine.run("DEL", self._engine.keys.login(token)) == 1
        return False

    async def close(self) -> None:
        """Store what is waiting, unless the engine can't be written."""
        for task in (self._writing, self._mirroring, *self._refreshing):
            await end(task)
        await self._try_to_write()

    def contents(self) -> Fill:
        """Return what writes all files into an empty engine."""

        def write(connection: Any) -> None:
            for name, content in self._files.of_browsers():
                connection.execute_command(*_keep(content, self._engine.keys.session(name)))
            for name in SHARED:
                if kept := self._accounts.contents(name):
                    connection.hset(self._engine.keys.session(name), mapping=kept)

        return write

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Apply a change by another process, if the session is in use here."""
        name, account = note.decode().split("\n")
        if (name, account) not in self._changed and (name in SHARED or name in self._known):
            task = asyncio.create_task(self._refresh(name, account))
            self._refreshing.add(task)
            task.add_done_callback(self._refreshing.discard)

    async def _refresh(self, name: str, account: str) -> None:
        key = self._engine.keys.session(name)
        try:
            found: Any = await self._engine.run(*(["HGET", key, account] if account else ["GET", key]))
        except FAILURES:
            self._known.pop(name, None)
            return
        content = found or b""
        if (name, account) in self._changed:
            return
        if account:
            self.on_changed(name, self._accounts.take(name, account, content))
        elif self._known.get(name) != content:
            self._known[name] = content
            self._files.copy(name, content)
            self.on_changed(name, parsed(content))

    def _is_known(self, name: str) -> bool:
        return name in self._known or (name, "") in self._changed

    async def _write_changed(self) -> None:
        while True:
            if await self._try_to_write():
                return
            await asyncio.sleep(RETRY_AFTER)

    async def _try_to_write(self) -> bool:
        while self._changed:
            (name, account), content = next(iter(self._changed.items()))
            key = self._engine.keys.session(name)
            try:
                await self._engine.run(*(_keep_for(account, content, key) if account else _keep(content, key)))
            except FAILURES:
                return False
            if self._changed.get((name, account)) == content:
                del self._changed[name, account]
            self._peers.broadcast(TOPIC, f"{name}\n{account}".encode())
        return True


def _keep_for(account: str, content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that stores data of an account, or removes it if empty."""
    return ["HSET", key, account, content] if content else ["HDEL", key, account]


def _keep(content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that stores a session for its lifetime, or removes it if empty."""
    if not content:
        return ["DEL", key]
    return ["SET", key, content, "EX", int(session_lifetime(parsed(content)).total_seconds())]
