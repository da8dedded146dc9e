"""Removes files: those that no message has, the oldest ones when all take too much, and those of a member."""

import asyncio
import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from weakref import WeakValueDictionary

import structlog

from chat.domain.errors import ChatError, RoomRefused
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted, PreviewAdded
from chat.domain.messages.message import Message
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.events import RoomDeleted
from chat.domain.rooms.reloads import HistoryReloaded
from chat.domain.rooms.room import Room
from chat.state import clock
from chat.state.files.upload_limits import UploadLimits
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rooms.room_loader import RoomLoader
from chat.storage.file_store import FileStore

START_INTERVAL = 6 * 60 * 60.0  # seconds

log = structlog.get_logger()


class FileCleanup:
    """Keeps files exactly as long as a message of their room has them, or one that is being posted."""

    def __init__(
        self,
        state: ChatState,
        pipeline: EventPipeline,
        loader: RoomLoader,
        store: FileStore | None,
        limits: UploadLimits,
    ) -> None:
        self._state = state
        self._pipeline = pipeline
        self._loader = loader
        self._store = store
        self._limits = limits
        self._held: Counter[tuple[str, str]] = Counter()
        self._is_making_room = False
        self._removals: WeakValueDictionary[str, asyncio.Lock] = WeakValueDictionary()
        self._next_start = math.inf

    @asynccontextmanager
    async def hold(self, room_id: str, contents: Sequence[str]) -> AsyncIterator[None]:
        """Keep files of a room until the context ends, even if no message has them yet."""
        held = [(room_id, content) for content in contents]
        self._held.update(held)
        try:
            async with self._removal(room_id):  # what is just being removed counts as stored until it is gone
                pass
            yield
        finally:
            self._held -= Counter(held)
            await self._remove_unused(room_id)

    def make_room(self) -> None:
        """Begin to remove the oldest files if all together take too much."""
        if self._store and not self._is_making_room and self._store.total > self._limits.total:
            self._pipeline.start(self._remove_oldest(self._store))

    async def remove_all_of(self, member_id: str) -> None:
        """Remove the files of a member's messages in all rooms. Raises `HistoryUnwritable`, `RoomRefused`."""
        for room_id in list(self._store.rooms) if self._store else []:
            with suppress(RoomRefused):  # it ended
                async with self._loader.visit(room_id) as room:
                    await self._take_off(room, lambda message: message.author == member_id)

    async def start(self) -> None:
        """Remove files that no message has, which a process left when it ended."""
        if self._store is None:
            return
        self._next_start = time.monotonic() + START_INTERVAL
        try:
            await self._store.refresh()
        except OSError:  # logged by the store
            self._next_start = 0
            return
        with ThreadPoolExecutor(1) as executor:
            for room_id in list(self._store.rooms):
                if self._state.directory.get(room_id) is None:
                    await self._remove(room_id, set(self._store.contents(room_id)))
                    continue
                before = set(self._store.contents(room_id))
                with suppress(ChatError):  # what can't be read keeps its files
                    messages = await self._loader.messages(room_id, executor)
                    self._note(room_id, messages)
                    used = {content for message in messages for content in message.contents}
                    await self._remove(room_id, before - used - self._in_use(room_id))

    async def tidy(self) -> None:
        """Repeat `start` every few hours, and soon after it failed."""
        if time.monotonic() >= self._next_start:
            await self.start()

    def follow(self, event: Event) -> None:
        """Note the files of new messages, and remove those of messages that are gone."""
        room_id: str = getattr(event, "room_id", "")
        if isinstance(event, MessagePosted):
            self._note(room_id, [event.message])
        elif isinstance(event, HistoryReloaded):
            self._note(room_id, event.history)
        elif isinstance(event, PreviewAdded) and event.preview.picture and self._store:
            self._store.note(room_id, [event.preview.picture])
        if self._store and self._store.contents(room_id):
            if isinstance(event, RoomDeleted):
                self._pipeline.start(self._remove(room_id, set(self._store.contents(room_id))))
            elif self._unused(room_id):
                self._pipeline.start(self._remove_unused(room_id))

    def _note(self, room_id: str, messages: Iterable[Message]) -> None:
        if self._store:
            self._store.note(room_id, (file for message in messages for file in message.files))

    def _unused(self, room_id: str) -> set[str]:
        if self._store is None or room_id not in self._state.rooms:
            return set()
        return set(self._store.contents(room_id) - self._in_use(room_id))

    def _in_use(self, room_id: str) -> set[str]:
        """Return the files of messages in a room, if it is loaded, and of those that are being posted."""
        room = self._state.rooms.get(room_id)
        held = self._held_in(room_id)
        return held | room.conversation.history.contents if room else held

    def _held_in(self, room_id: str) -> set[str]:
        return {content for where, content in self._held if where == room_id}

    def _removal(self, room_id: str) -> asyncio.Lock:
        return self._removals.setdefault(room_id, asyncio.Lock())

    async def _take_off(self, room: Room, is_meant: Callable[[Message], bool]) -> None:
        """Take the files off messages; `follow` removes them then."""
        found = [message for message in room.conversation.history if message.contents and is_meant(message)]
        if found:
            await self._pipeline.submit(room.conversation.remove_files(found, clock.now()))

    async def _remove_unused(self, room_id: str) -> None:
        await self._remove(room_id, self._unused(room_id))

    async def _remove(self, room_id: str, contents: set[str]) -> bool:
        """Remove files, but for those that are held by now; tell whether any were, and are gone."""
        if self._store is None:
            return False
        async with self._removal(room_id):
            unused = contents - self._held_in(room_id)
            if not unused:
                return False
            try:
                await self._store.remove(room_id, unused)
            except OSError as problem:
                self._next_start = 0
                log.error("files can't be removed", room=room_id, problem=str(problem))
                return False
        log.info("files removed", room=room_id, files=len(unused))
        return True

    async def _remove_oldest(self, store: FileStore) -> None:
        self._is_making_room = True
        unreadable = set[str]()  # rooms, which keep their files
        try:
            while store.total > self._limits.total and (oldest := store.oldest(unreadable)):
                room_id, content = oldest
                try:
                    async with self._loader.visit(room_id) as room:
                        await self._take_off(room, lambda message: content in message.contents)  # noqa: B023 - at once
                        if not await self._remove(room_id, {content}):
                            return  # the next message with a file tries again
                except RoomRefused:
                    unreadable.add(room_id)
        finally:
            self._is_making_room = False
