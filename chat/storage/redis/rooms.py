"""The histories of all rooms but the lobby, in the engine."""

import asyncio
from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime
from functools import partial
from typing import Any
from weakref import WeakValueDictionary

import structlog

from chat.domain.errors import StartupError
from chat.domain.messages.events import MessageEvent, numbered
from chat.domain.messages.history import History
from chat.storage.json_files.rooms import JsonRoomStores
from chat.storage.redis.engine.connection import FAILURES, describe
from chat.storage.redis.engine.content import Fill, Snapshot
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.mirror import Mirror
from chat.storage.redis.state_format import StateFormat, last_said_at
from chat.storage.redis.store import RedisStore
from chat.storage.shared import SharedRoomStores
from chat.storage.status import StoreStatus

log = structlog.get_logger()

PREFIX = "room:"  # of names in the engine, which other kinds of state share


class RedisRoomStores(SharedRoomStores):
    """A store for each room, and a mirror of it in the folder `rooms`."""

    def __init__(self, engine: Engine, state_format: StateFormat[History], files: JsonRoomStores) -> None:
        self._engine = engine
        self._format = state_format
        self._files = files
        self._opened: WeakValueDictionary[str, RedisStore[History]] = WeakValueDictionary()
        self._known: dict[str, int] = {}  # the numbers of the last known events
        self._hear: Callable[[str, Sequence[MessageEvent]], None] = lambda room_id, events: None

    def open(self, room_id: str) -> RedisStore[History]:
        """Return the store of a room, to be loaded by a thread."""
        store = self._store(room_id)
        self._opened[room_id] = store
        return store

    def read(self, room_id: str) -> History:
        return self._store(room_id).load()

    def written_at(self) -> Mapping[str, datetime]:
        return self._of_rooms(self._engine.blocking.times())

    def delete(self, room_ids: Collection[str]) -> None:
        """Remove rooms from the engine, and from their mirrors. Raises `OSError`."""
        for room_id in room_ids:
            self._known.pop(room_id, None)
        try:
            self._engine.blocking.delete([PREFIX + room_id for room_id in room_ids])
        except FAILURES as problem:
            raise OSError(describe(problem)) from None
        self._files.delete(room_ids)

    def last_numbers(self) -> list[tuple[str, int]]:
        self._known = self._of_rooms(self._engine.blocking.numbers())
        return list(self._known.items())

    def last_at(self, room_id: str) -> datetime | None:
        return self._engine.blocking.time(PREFIX + room_id)

    def listen(self, receive: Callable[[str, Sequence[MessageEvent]], None]) -> None:
        self._hear = receive

    def forget(self, room_id: str) -> None:
        self._opened.pop(room_id, None)
        self._known.pop(room_id, None)
        self._files.delete([room_id])

    def receive(self, room_id: str, number: int, lines: Sequence[bytes]) -> None:
        """Note the last lines stored in a room, the last of which has `number`."""
        known, self._known[room_id] = self._known.get(room_id, 0), number
        if store := self._opened.get(room_id):
            store.receive(number, lines)
        elif number > known:
            parsed = [numbered(self._format.parse(line), n) for n, line in enumerate(lines, number - len(lines) + 1)]
            self._hear(room_id, [event for event in parsed if event.number > known])

    def compare(self, room_id: str, number: int) -> None:
        """Compare a room's last number in the engine: this process may have missed something."""
        if store := self._opened.get(room_id):
            store.compare(number)
        elif number != self._known.get(room_id):
            self._hear(room_id, ())
        self._known[room_id] = number

    async def check(self) -> StoreStatus:
        return StoreStatus(writable=await self._engine.check())

    async def mirror(self) -> None:
        """Bring the files up to date, which may be of another host. Rooms that are loaded have their own mirrors."""
        try:
            known = dict(await asyncio.to_thread(lambda: list(self._files.last_numbers())))
            stored = self._of_rooms(await asyncio.to_thread(self._engine.blocking.numbers))
            for room_id, number in stored.items():
                if known.get(room_id) != number and room_id not in self._opened:
                    store = self._store(room_id)
                    await asyncio.to_thread(store.load)
                    await store.close()
        except (StartupError, *FAILURES) as problem:
            log.error("rooms can't be copied", problem=str(problem))

    def contents(self) -> Fill:
        """Return what writes all rooms into an empty engine: what isn't loaded comes from the mirror."""
        opened = {room_id: store.contents() for room_id, store in self._opened.items()}

        def write(connection: Any) -> None:
            for room_id in {*opened, *(room_id for room_id, _ in self._files.last_numbers())}:
                if room_id in opened:
                    opened[room_id](connection)
                else:
                    self._write_from_files(connection, room_id)

        return write

    def _write_from_files(self, connection: Any, room_id: str) -> None:
        history = self._files.read(room_id)
        content = self._format.file.dump(history, ())
        snapshot = Snapshot(PREFIX + room_id, content, history.last, last_said_at(history))
        self._engine.blocking.write(connection, snapshot)

    def _store(self, room_id: str) -> RedisStore[History]:
        return RedisStore(self._engine, PREFIX + room_id, self._format, Mirror(partial(self._files.open, room_id)))

    def _of_rooms(self, found: Mapping[str, Any]) -> dict[str, Any]:
        return {name.removeprefix(PREFIX): value for name, value in found.items() if name.startswith(PREFIX)}
