"""The rooms in memory: loaded on demand, and unloaded after a while without use."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Callable, Collection
from concurrent.futures import Executor
from contextlib import AsyncExitStack, asynccontextmanager, suppress
from dataclasses import dataclass
from functools import partial
from weakref import WeakValueDictionary

import structlog

from chat.domain.errors import HistoryUnwritable, RoomRefused, StartupError
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import RoomKind
from chat.domain.rooms.room import Room
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rooms.heard_messages import HeardMessages
from chat.storage.base import RoomStores, StateStore
from chat.storage.ending import end
from chat.storage.shared import SharedRoomStores

INTERVAL = 10.0  # seconds
QUIET = 10 * 60.0  # seconds without use after which a room is unloaded

log = structlog.get_logger()


@dataclass(slots=True)
class _Loaded:
    store: StateStore[History, MessageEvent]
    used_at: float


class RoomLoader:
    """Loads and unloads rooms. The lobby is always loaded."""

    def __init__(self, state: ChatState, stores: RoomStores, pipeline: EventPipeline, quiet: float = QUIET) -> None:
        self._state = state
        self._stores = stores
        self._pipeline = pipeline
        self._quiet = quiet
        self._loaded: dict[str, _Loaded] = {}
        self._locks: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._users = Counter[str]()
        self._unloading: asyncio.Task[None] | None = None
        self.heard = HeardMessages(state.directory, pipeline, stores, self.use)

    def __len__(self) -> int:
        return len(self._loaded)

    def note_last(self) -> None:
        """Set the last event of each room in the directory. Call it once, before all else."""
        directory = self._state.directory
        for room_id, number in self._stores.last_numbers():
            room = directory.get(room_id)
            is_direct = room is not None and room.kind is RoomKind.DIRECT
            directory.advance(room_id, number, self._stores.last_at(room_id) if is_direct else None)

    @asynccontextmanager
    async def use(self, room_id: str) -> AsyncIterator[Room]:
        """Load a room, if necessary, and keep it loaded meanwhile. Raises `RoomRefused` if it can't be read."""
        release = self.keep(room_id)
        try:
            yield await self._open(room_id)
        finally:
            release()

    def keep(self, room_id: str) -> Callable[[], None]:
        """Keep a loaded room loaded until the returned function is called."""
        self._users[room_id] += 1
        return partial(self._release, room_id)

    @asynccontextmanager
    async def visit(self, room_id: str) -> AsyncIterator[Room]:
        """Use a room for a moment: one that was not loaded is unloaded at once."""
        was_loaded = room_id in self._state.rooms
        async with self.use(room_id) as room:
            yield room
        if not was_loaded:
            await self._unload_if_unused(room_id)

    async def messages(self, room_id: str, executor: Executor) -> list[Message]:
        """Return a room's messages. A room that isn't loaded is only read, by `executor`. Raises `RoomRefused`."""
        while True:
            if room := self._state.rooms.get(room_id):
                return list(room.conversation.history)
            last = self._state.directory.last.get(room_id)
            history = await _read(partial(self._stores.read, room_id), room_id, executor)
            if room_id not in self._state.rooms and last == self._state.directory.last.get(room_id):
                return list(history)

    async def start(self) -> None:
        """Unload quiet rooms from now on."""
        self._unloading = asyncio.create_task(self._keep_unloading())

    async def unload_quiet(self) -> None:
        """Unload the rooms that nobody has used for ten minutes."""
        quiet_since = _now() - self._quiet
        for room_id, loaded in list(self._loaded.items()):
            if loaded.used_at <= quiet_since:
                await self._unload_if_unused(room_id)

    async def delete(self, room_ids: Collection[str]) -> None:
        """Remove rooms that have ended, also from the disk. Raises `HistoryUnwritable`."""
        async with AsyncExitStack() as locks:
            for room_id in sorted(room_ids):
                await locks.enter_async_context(self._lock(room_id))
                await self._unload(room_id)
            try:
                await asyncio.to_thread(self._stores.delete, room_ids)
            except OSError as problem:
                log.error("rooms can't be deleted", rooms=len(room_ids), problem=str(problem))
                raise HistoryUnwritable from None

    async def forget(self, room_id: str) -> None:
        """Drop a room that another process has deleted; does nothing if there is one with this id again."""
        async with self._lock(room_id):
            if self._state.directory.get(room_id) is None and isinstance(self._stores, SharedRoomStores):
                self.heard.forget(room_id)
                if self._loaded.pop(room_id, None):
                    await self._pipeline.close_room(room_id)
                    self._state.close(room_id)
                with suppress(OSError):  # the start removes what is left
                    await asyncio.to_thread(self._stores.forget, room_id)

    async def close(self) -> None:
        """Unload all rooms. No more events may be submitted."""
        await end(self._unloading)
        for room_id in list(self._loaded):
            await self._unload(room_id)

    async def _open(self, room_id: str) -> Room:
        if room := self._state.rooms.get(room_id):
            return room
        return await self._pipeline.complete(self._load(room_id))

    async def _load(self, room_id: str) -> Room:
        async with self._lock(room_id):
            if room := self._state.rooms.get(room_id):
                return room
            if self._state.directory.get(room_id) is None:
                raise RoomRefused("room-gone")  # it ended while the caller waited
            store = self._stores.open(room_id)
            history = await _read(store.load, room_id)
            self._pipeline.open_room(room_id, store)
            self._loaded[room_id] = _Loaded(store, _now())
            room = self._state.open(room_id, history)
            self.heard.publish(room)
            return room

    def _release(self, room_id: str) -> None:
        self._users[room_id] -= 1
        if not self._users[room_id]:
            del self._users[room_id]
        if loaded := self._loaded.get(room_id):
            loaded.used_at = _now()

    async def _keep_unloading(self) -> None:
        while True:
            await asyncio.sleep(INTERVAL)
            await self.unload_quiet()

    async def _unload_if_unused(self, room_id: str) -> None:
        async with self._lock(room_id):  # a caller that opens the room meanwhile waits, and loads it again
            is_writing = room_id in self._loaded and self._pipeline.is_writing(room_id)
            if not self._users[room_id] and not is_writing:
                await self._unload(room_id)

    async def _unload(self, room_id: str) -> None:
        if loaded := self._loaded.pop(room_id, None):
            await self._pipeline.close_room(room_id)
            self._state.close(room_id)
            await loaded.store.close()

    def _lock(self, room_id: str) -> asyncio.Lock:
        return self._locks.setdefault(room_id, asyncio.Lock())


async def _read(read: Callable[[], History], room_id: str, executor: Executor | None = None) -> History:
    """Raises `RoomRefused`."""
    try:
        return await asyncio.get_running_loop().run_in_executor(executor, read)
    except StartupError as problem:
        log.error("room can't be read", room=room_id, problem=str(problem))
        raise RoomRefused("room-unreadable") from None


def _now() -> float:
    return asyncio.get_running_loop().time()
