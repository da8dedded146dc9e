"""Sessions in the engine, and copies in the folder: each comes when its browser does, the others little by little."""

import asyncio
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import orjson
import structlog
from cachetools import LRUCache

from chat.domain.errors import StartupError
from chat.storage.json_files.disk import unusable, write_new_file
from chat.storage.peers import Peers
from chat.storage.redis.connection import FAILURES, describe
from chat.storage.redis.content import Fill
from chat.storage.redis.ending import end
from chat.storage.redis.engine import Engine
from chat.storage.session_lifetime import session_lifetime

SHARED = ("storage-seen", "storage-levels")  # what accounts have read, and the levels of rooms they chose
ONE_BROWSERS = "storage-user-"
TOPIC = "sessions"
MAX_KNOWN = 10_000
RETRY_AFTER = 2.0  # seconds
BATCH, PAUSE = 20, 0.01  # sessions copied at a time; seconds between

Place = tuple[str, str]
"""The name of a session, or the name of what accounts share and one of them."""

log = structlog.get_logger()


class RedisSessions:
    """Keeps each `.nicegui/NAME.json` in the engine. While that can't be written, changes wait.

    The engine is right: a file of a session that nobody asked for so far may be of another time. What accounts share
    is kept for each of them, as several processes may change it. `on_changed` gets what another process has changed.
    """

    def __init__(self, engine: Engine, folder: Path, peers: Peers) -> None:
        self._engine = engine
        self._folder = folder
        self._peers = peers
        self._changed: dict[Place, bytes] = {}
        self._known: LRUCache[str, bytes] = LRUCache(MAX_KNOWN)
        self._by_account: dict[str, dict[str, bytes]] = {name: {} for name in SHARED}
        self.on_changed: Callable[[str, Mapping[str, Any]], None] = lambda name, values: None
        self._refreshing: set[asyncio.Task[None]] = set()
        self._writing: asyncio.Task[None] | None = None
        self._mirroring: asyncio.Task[None] | None = None
        peers.add(TOPIC, self)

    def restore(self) -> None:
        """Bring the files that the chat reads when it starts. Raises `StartupError`."""
        connection = self._engine.reader.connection
        try:
            for name in SHARED:
                found = connection.hgetall(self._engine.keys.session(name))
                kept = self._by_account[name] = {account.decode(): content for account, content in found.items()}
                values = {account: orjson.loads(content) for account, content in kept.items()}
                self._copy(name, orjson.dumps(values) if values else None)
        except FAILURES as problem:
            raise self._failure(problem) from None

    async def fetch(self, name: str) -> bool:
        """Bring the file of a session, unless it is here; return False if it can't be told whether there is one."""
        if not self._is_known(name):
            try:
                content: Any = await self._engine.run("GET", self._engine.keys.session(name))
                if not self._is_known(name):  # it may have changed meanwhile
                    self._copy(name, content)
                    self._known[name] = content or b""
            except FAILURES as problem:
                log.warning("a session can't be read", problem=describe(problem))
                return False
        return True

    def save(self, name: str, values: Mapping[str, Any]) -> None:
        """Keep the content of a file, or remove what is kept if it is empty, without anyone having to wait."""
        if name in SHARED:
            self._save_by_account(name, {account: _dumped(value) for account, value in values.items()})
        else:
            content = _dumped(dict(values)) if values else b""
            if self._known.get(name) != content:
                self._known[name] = self._changed[name, ""] = content
        if self._changed and (self._writing is None or self._writing.done()):
            self._writing = asyncio.create_task(self._write_changed())

    async def written(self) -> None:
        """Return when everything is kept that is to be kept so far, or the engine can't be written."""
        await self._try_to_write()

    def start(self) -> None:
        """Copy all sessions into the folder from now on, which may be of another host."""
        self._mirroring = asyncio.create_task(self._mirror())

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
        """Keep what is waiting, unless the engine can't be written."""
        for task in (self._writing, self._mirroring, *self._refreshing):
            await end(task)
        await self._try_to_write()

    def contents(self) -> Fill:
        """Return what writes all files into an empty engine."""

        def write(connection: Any) -> None:
            for path in self._folder.glob(f"{ONE_BROWSERS}*.json"):
                command = _kept_until(path.read_bytes(), self._engine.keys.session(path.stem))
                connection.execute_command(*command)
            for name in SHARED:
                if kept := self._all_by_account(name):
                    connection.hset(self._engine.keys.session(name), mapping=kept)

        return write

    def hear(self, process: str, key: str, note: bytes) -> None:
        pass

    def lose(self, process: str) -> None:
        pass

    def hear_passing(self, process: str, note: bytes) -> None:
        """Take what another process has changed, if it is in use here."""
        name, account = note.decode().split("\n")
        if (name, account) not in self._changed and (name in SHARED or name in self._known):
            task = asyncio.create_task(self._refresh(name, account))
            self._refreshing.add(task)
            task.add_done_callback(self._refreshing.discard)

    async def _refresh(self, name: str, account: str) -> None:
        try:
            content: Any = await self._engine.run(*_read(self._engine.keys.session(name), account)) or b""
        except FAILURES:
            self._known.pop(name, None)
            return
        if (name, account) in self._changed:
            return
        if account:
            self._by_account[name][account] = content
            self.on_changed(name, {account: orjson.loads(content) if content else None})
        elif self._known.get(name) != content:
            self._known[name] = content
            self._copy(name, content)
            self.on_changed(name, orjson.loads(content) if content else {})

    def _save_by_account(self, name: str, contents: dict[str, bytes]) -> None:
        kept = self._by_account[name]
        for account in kept.keys() | contents.keys():
            content = contents.get(account, b"")
            if content != kept.get(account, b""):
                self._changed[name, account] = content
        self._by_account[name] = contents

    def _all_by_account(self, name: str) -> dict[str, bytes]:
        """Return what is kept by account or, before anything was read or saved, what the file has."""
        path = self._folder / f"{name}.json"
        if not self._by_account[name] and path.exists():
            self._by_account[name] = {account: _dumped(value) for account, value in _parsed(path.read_bytes()).items()}
        return {account: content for account, content in self._by_account[name].items() if content}

    def _is_known(self, name: str) -> bool:
        return name in self._known or (name, "") in self._changed

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
            (name, account), content = next(iter(self._changed.items()))
            key = self._engine.keys.session(name)
            try:
                await self._engine.run(*(_kept_for(account, content, key) if account else _kept_until(content, key)))
            except FAILURES:
                return False
            if self._changed.get((name, account)) == content:
                del self._changed[name, account]
            self._peers.pass_on(TOPIC, f"{name}\n{account}".encode())
        return True

    def _failure(self, problem: BaseException) -> StartupError:
        if isinstance(problem, OSError) and problem.filename:
            return unusable(self._folder, problem)
        return StartupError(f"CHAT_REDIS_URL: sessions can't be read: {describe(problem)}")


def _dumped(value: object) -> bytes:
    return orjson.dumps(value, option=orjson.OPT_SORT_KEYS)


def _parsed(content: bytes) -> dict[str, Any]:
    with suppress(orjson.JSONDecodeError):
        found = orjson.loads(content)
        if isinstance(found, dict):
            return found
    return {}


def _read(key: str, account: str) -> list[str]:
    return ["HGET", key, account] if account else ["GET", key]


def _kept_for(account: str, content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that keeps something of an account, or removes it if it is empty."""
    return ["HSET", key, account, content] if content else ["HDEL", key, account]


def _kept_until(content: bytes, key: str) -> list[str | bytes | int]:
    """Return the command that keeps a session for its lifetime, or removes it if it is empty."""
    if not content:
        return ["DEL", key]
    return ["SET", key, content, "EX", int(session_lifetime(_parsed(content)).total_seconds())]
