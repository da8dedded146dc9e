"""All stores of a chat, in one engine, with copies in the data folder."""

import asyncio
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import structlog

from chat.domain.errors import StartupError
from chat.storage.json_files.accounts import ACCOUNTS, account_store
from chat.storage.json_files.audit_log import JsonAuditLog
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.invitations import INVITATIONS, invitation_store
from chat.storage.json_files.message_store import JsonMessageStore
from chat.storage.json_files.moderation import MODERATION, moderation_store
from chat.storage.json_files.push_devices import PUSH_DEVICES, push_device_store
from chat.storage.json_files.rooms import DIRECTORY, JsonRoomStores, directory_store
from chat.storage.json_files.stores import HISTORY
from chat.storage.redis.audit_log import RedisAuditLog
from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.content import Contents, Fill
from chat.storage.redis.engine.durability import warn_of_losses
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.engine.event_feed import EventFeed
from chat.storage.redis.engine.subscription import Subscription
from chat.storage.redis.mirror import Mirror, StateFiles
from chat.storage.redis.peers import RUN_ENDS_AFTER, RedisPeers
from chat.storage.redis.rooms import RedisRoomStores
from chat.storage.redis.sessions.sessions import RedisSessions
from chat.storage.redis.state_format import message_format, plain_format
from chat.storage.redis.store import RedisStore
from chat.storage.stores import Stores

START_PATIENCE = 3.0  # seconds, for the first subscription

log = structlog.get_logger()


class Backend:
    """The engine of one chat: its stores, its sessions and its secret. Raises `StartupError`.

    An empty engine takes in the files of the folder. From then on, they are copies.
    """

    def __init__(self, url: str, prefix: str, folder: Path, sessions_folder: Path, history_limit: int) -> None:
        self._engine = Engine(url, prefix)
        self.peers = RedisPeers(self._engine)
        messages = message_format(history_limit)
        self.sessions = RedisSessions(self._engine, sessions_folder, self.peers)
        self._histories = RedisRoomStores(self._engine, messages, JsonRoomStores(folder / "rooms", history_limit))
        self._mirroring: asyncio.Task[None] | None = None
        audit_log = RedisAuditLog(self._engine, JsonAuditLog(folder / "audit.jsonl"))
        history = RedisStore(
            self._engine, "lobby", messages, Mirror(partial(JsonMessageStore, folder / HISTORY, history_limit))
        )
        self.stores = Stores(
            messages=history,
            moderation=self._store("@moderation", MODERATION, partial(moderation_store, folder / "moderation.json")),
            accounts=self._store("@accounts", ACCOUNTS, partial(account_store, folder / "accounts.json")),
            invitations=self._store(
                "@invitations", INVITATIONS, partial(invitation_store, folder / "invitations.json")
            ),
            rooms=self._store("@rooms", DIRECTORY, partial(directory_store, folder / "rooms.json")),
            push_devices=self._store("@push", PUSH_DEVICES, partial(push_device_store, folder / "push_devices.json")),
            histories=self._histories,
            audit_log=audit_log,
        )
        self._states: dict[str, RedisStore[Any]] = {
            store.name: store for store in self.stores.by_name.values() if isinstance(store, RedisStore)
        }
        parts: list[Contents] = [*self._states.values(), self._histories, audit_log, self.sessions]
        for part in parts:
            self._engine.filling.add(part)
        self._feed = EventFeed(self._engine, self._states, self._histories, audit_log)
        channels = {
            self._engine.keys.stored_channel: self._feed.receive,
            self._engine.keys.peer_channel: self.peers.receive,
        }
        self._subscription = Subscription(url, channels, self._compare)
        if self._engine.enter():
            log.info("history is in the engine; the files in the folder are copies", folder=str(folder))
            audit_log.mirror()
            self.sessions.restore()
        else:
            self._take_in(folder)
        warn_of_losses(self._engine.blocking)

    def share_secret(self, secret: str) -> str:
        """Return the key that signs the session cookies: this one, unless the engine has one."""
        key, connection = self._engine.keys.secret, self._engine.blocking.connection
        try:
            connection.set(key, secret, nx=True)
            found: bytes = connection.get(key)
        except FAILURES as problem:
            raise StartupError(f"CHAT_REDIS_URL: the secret can't be kept: {describe(problem)}") from None
        self._engine.filling.add(_Secret(key, found))
        return found.decode()

    def share_for_this_run(self, name: str, secret: str) -> str:
        """Return a secret of all processes that run at the same time: this one, unless there is one."""
        key, connection = self._engine.keys.run(name), self._engine.blocking.connection
        try:
            connection.set(key, secret, nx=True, ex=RUN_ENDS_AFTER)
            found: bytes = connection.get(key)
        except FAILURES as problem:
            raise StartupError(f"CHAT_REDIS_URL: {name} can't be kept: {describe(problem)}") from None
        self.peers.keep(key, found)
        return found.decode()

    @property
    def is_up(self) -> bool:
        """Whether the engine answers, and takes what this process writes."""
        return self._engine.problem is None

    async def has_news_of_accounts(self) -> bool:
        """Ask whether other processes have changed accounts. Raises what is in `FAILURES`, or `Refused`."""
        return await self._states["@accounts"].is_behind()

    async def start(self) -> None:
        """Watch the engine, follow the other processes, and bring the copies up to date, from now on."""
        await self._engine.watch()
        await self.peers.start()
        await self._subscription.start(START_PATIENCE)
        self._mirroring = asyncio.create_task(self._histories.mirror())
        self.sessions.start()

    async def close(self) -> None:
        """End the connections, after the stores were closed."""
        if self._mirroring:
            await self._mirroring
        await self._subscription.close()
        await self.peers.close()
        await self.sessions.close()
        await self._engine.close()

    async def _compare(self) -> None:
        await self._feed.compare()
        await self.peers.compare()
        await self.sessions.compare()

    def _store(self, name: str, file_format: FileFormat[Any], files: Callable[[], StateFiles[Any]]) -> RedisStore[Any]:
        return RedisStore(self._engine, name, plain_format(file_format), Mirror(files))

    def _take_in(self, folder: Path) -> None:
        for store in self._states.values():
            store.load_mirror()
        self._engine.fill()
        messages = len(self.stores.messages.load())
        log.info("engine was empty, and has taken in the files", folder=str(folder), messages=messages)


class _Secret:
    def __init__(self, key: str, secret: bytes) -> None:
        self._key = key
        self._secret = secret

    def contents(self) -> Fill:
        return lambda connection: connection.set(self._key, self._secret)
