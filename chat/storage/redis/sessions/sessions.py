"""Sessions in the engine, and copies in the folder: fetched when their browsers come, the others little by little."""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Coroutine, Mapping
from itertools import chain
from pathlib import Path
from typing import Any

import structlog
from cachetools import LRUCache

from chat.domain.errors import StartupError
from chat.storage.ending import end
from chat.storage.json_files.disk.disk import unusable
from chat.storage.peers import Peer, Peers
from chat.storage.redis.account_data import SHARED, AccountData
from chat.storage.redis.engine.append import Refused
from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.content import Fill
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.sessions.commands import keep, keep_for
from chat.storage.redis.sessions.logins import RedisLogins
from chat.storage.redis.sessions.session_files import SessionFiles, dumped, parsed
from chat.storage.redis.sessions.session_mirror import SessionMirror

TOPIC = "sessions"
MAX_KNOWN = 10_000
RETRY_AFTER = 2.0  # seconds
PATIENCE = 0.5  # seconds that a request waits for changes by other processes

Place = tuple[str, str]
"""The name of a session, or the name of what accounts share and one of them."""

log = structlog.get_logger()


class RedisSessions(Peer):
    """Keeps each `.nicegui/NAME.json` in the engine. While that can't be written, changes wait.

    The engine prevails: a file may be outdated, and so may a session in use, as its browser's last request may have
    reached another process. `on_changed` gets changes by other processes. `catch_up` waits for what sessions refer to;
    `in_use` returns the names of those that pages use.
    """

    def __init__(self, engine: Engine, folder: Path, peers: Peers) -> None:
        self.logins = RedisLogins(engine)
        self._engine = engine
        self._files = SessionFiles(folder)
        self._accounts = AccountData(engine, self._files)
        self._mirror = SessionMirror(engine, self._files, self._is_known)
        self._peers = peers
        self._changed: dict[Place, bytes] = {}
        self._known: LRUCache[str, bytes] = LRUCache(MAX_KNOWN)
        self.on_changed: Callable[[str, Mapping[str, Any]], None] = lambda name, values: None
        self.catch_up: Callable[[], Awaitable[None]] = _nothing
        self.in_use: Callable[[], Collection[str]] = tuple
        self._reading: set[asyncio.Task[None]] = set()
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
        """Bring a session to a request as the engine has it: the file and, if it is in use, the data.

        Return False if the engine doesn't answer, and the session isn't known here. One that is known waits no longer
        than `PATIENCE`.
        """
        if self._is_known(name) and self._engine.problem:
            return True
        reading = self._start(self._bring(name))
        await asyncio.wait({reading}, timeout=PATIENCE if self._is_known(name) else None)
        return self._is_known(name)

    async def _bring(self, name: str) -> None:
        try:
            await self._read(name)
            await self.catch_up()
        except (*FAILURES, Refused) as problem:
            log.warning("a session can't be read", problem=describe(problem))

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

    def create(self, name: str, values: Mapping[str, Any]) -> None:
        """Store a session that has no file yet, and write its file. Raises `OSError`."""
        self.save(name, values)
        self._files.copy(name, self._known[name])

    async def written(self) -> None:
        """Return when all saved content is stored, or the engine can't be written."""
        await self._try_to_write()

    def start(self) -> None:
        """Copy all sessions into the folder from now on."""
        self._mirroring = asyncio.create_task(self._mirror.copy_all())

    async def close(self) -> None:
        """Store what is waiting, unless the engine can't be written."""
        await end(self._writing, self._mirroring, *self._reading)
        await self._try_to_write()

    def contents(self) -> Fill:
        """Return what writes all sessions into an empty engine: the known ones, of which files are written later."""
        known = [*self._known.items()]

        def write(connection: Any) -> None:
            for name, content in chain(self._files.of_browsers(), known):
                connection.execute_command(*keep(content, self._engine.keys.session(name)))
            for name in SHARED:
                if kept := self._accounts.contents(name):
                    connection.hset(self._engine.keys.session(name), mapping=kept)

        return write

    async def compare(self) -> None:
        """Learn what other processes have stored of accounts, and in sessions that pages use.

        Raises what is in `FAILURES`, or `Refused`.
        """
        for name in SHARED:
            found: Any = await self._engine.read("HGETALL", self._engine.keys.session(name))
            for account, content in self._accounts.differing(name, found):
                if (name, account) not in self._changed:
                    self.on_changed(name, self._accounts.take(name, account, content))
        for name in self.in_use():
            await self._read(name)

    def on_broadcast(self, process: str, note: bytes) -> None:
        """Apply a change by another process, if the session is in use here."""
        name, account = note.decode().split("\n")
        if name in SHARED or name in self._known:
            self._start(self._refresh(name, account))

    def _start(self, work: Coroutine[Any, Any, None]) -> asyncio.Task[None]:
        task = asyncio.create_task(work)
        self._reading.add(task)
        task.add_done_callback(self._reading.discard)
        return task

    async def _refresh(self, name: str, account: str) -> None:
        try:
            await (self._read_account(name, account) if account else self._read(name))
        except (*FAILURES, Refused):
            self._known.pop(name, None)

    async def _read_account(self, name: str, account: str) -> None:
        content: Any = await self._engine.read("HGET", self._engine.keys.session(name), account) or b""
        if (name, account) not in self._changed:
            self.on_changed(name, self._accounts.take(name, account, content))

    async def _read(self, name: str) -> None:
        """Take over a session that another process has changed, unless it is changed here as well."""
        content: Any = await self._engine.read("GET", self._engine.keys.session(name)) or b""
        if (name, "") not in self._changed and self._known.get(name) != content:
            self._files.copy(name, content)
            self._known[name] = content
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
                await self._engine.run(*(keep_for(account, content, key) if account else keep(content, key)))
            except FAILURES:
                return False
            if self._changed.get((name, account)) == content:
                del self._changed[name, account]
            self._peers.broadcast(TOPIC, f"{name}\n{account}".encode())
        return True


async def _nothing() -> None:
    pass
