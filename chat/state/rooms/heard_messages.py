"""Messages that other processes have stored in rooms that aren't loaded here."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import AbstractAsyncContextManager

from chat.domain.errors import RoomRefused
from chat.domain.messages.events import MessageEvent
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.events import RoomCreated
from chat.domain.rooms.reloads import HistoryReloaded
from chat.domain.rooms.room import Room
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.base import RoomStores
from chat.storage.shared import SharedRoomStores

AGAIN_AFTER = 5.0  # seconds

Use = Callable[[str], AbstractAsyncContextManager[Room]]


class HeardMessages:
    """Loads a room when others have written in it, and publishes their events."""

    def __init__(self, directory: RoomDirectory, pipeline: EventPipeline, stores: RoomStores, use: Use) -> None:
        self._directory = directory
        self._pipeline = pipeline
        self._use = use
        self._events: dict[str, list[MessageEvent]] = {}
        self._waiting: set[str] = set()
        if isinstance(stores, SharedRoomStores):
            stores.listen(self._hear)

    def load_rooms(self) -> None:
        """Load the rooms that have become known only after their messages."""
        for room_id in self._events:
            self._pipeline.start(self._load(room_id))

    def forget(self, room_id: str) -> None:
        self._events.pop(room_id, None)

    def publish(self, room: Room) -> None:
        """Publish the events that were already in the history of a room when it was loaded."""
        events, history = self._events.pop(room.id, None), room.conversation.history
        if events is not None and not events:
            self._pipeline.apply_and_publish(HistoryReloaded(room.id, history.copy()))
        for event in events or ():
            if event.number <= history.last:
                self._pipeline.publish(event)

    def _hear(self, room_id: str, events: Sequence[MessageEvent]) -> None:
        """Load a room in which other processes have stored these events; without any, more than is known."""
        self._events.setdefault(room_id, []).extend(events)
        self._pipeline.start(self._load(room_id))

    async def _load(self, room_id: str) -> None:
        await self._pipeline.finish(RoomCreated)  # of the room itself
        if self._directory.get(room_id) is None:
            return  # it is loaded once it is known
        try:
            async with self._use(room_id):
                pass
        except RoomRefused as problem:
            if problem.key == "room-unreadable":  # for now, if the store doesn't answer
                self._load_later(room_id)
                return
        self.forget(room_id)

    def _load_later(self, room_id: str) -> None:
        if room_id not in self._waiting:
            self._waiting.add(room_id)
            asyncio.get_running_loop().call_later(AGAIN_AFTER, self._load_again, room_id)

    def _load_again(self, room_id: str) -> None:
        self._waiting.discard(room_id)
        if room_id in self._events:
            self._pipeline.start(self._load(room_id))
