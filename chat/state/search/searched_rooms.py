"""The rooms that are searched, also those that aren't loaded: their order, messages and folded texts."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable
from concurrent.futures import Executor
from dataclasses import dataclass, field
from datetime import datetime

from chat.domain.messages.message import Message
from chat.domain.messages.search import SearchTexts
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.state.rooms.room_loader import RoomLoader
from chat.storage.base import RoomStores
from chat.text.searchable import TEXT_FORMS

MAX_MESSAGES = 30_000  # that one search goes through, and that are remembered for the next one


@dataclass(slots=True)
class _Remembered:
    """The folded texts of a room and, of one that isn't loaded, its messages up to the event `last`."""

    texts: SearchTexts = field(default_factory=lambda: SearchTexts(TEXT_FORMS))
    messages: list[Message] | None = None
    last: int = 0

    def __len__(self) -> int:
        return max(len(self.texts), len(self.messages or ()))


class SearchedRooms:
    """Remembers what it reads and folds, as each search is followed by others: for the rooms searched last."""

    def __init__(self, state: ChatState, loader: RoomLoader, stores: RoomStores) -> None:
        self._state = state
        self._loader = loader
        self._stores = stores
        self._remembered: OrderedDict[str, _Remembered] = OrderedDict()

    async def newest_first(self, rooms: Iterable[RoomInfo], executor: Executor) -> list[tuple[str, datetime]]:
        """Return the ids of rooms with messages, with the time after which there are none."""
        written = await asyncio.get_running_loop().run_in_executor(executor, self._stores.written_at)
        times = ((room.id, self._newest(room.id, written.get(room.id))) for room in rooms)
        return sorted(((key, time) for key, time in times if time), key=lambda room: room[1], reverse=True)

    async def messages(self, room_id: str, executor: Executor) -> list[Message]:
        """Return a room's messages, oldest first; `executor` reads them, if necessary. Raises `RoomRefused`."""
        known = self._of(room_id)
        last = self._state.directory.last.get(room_id, 0)
        if room_id in self._state.rooms:
            known.messages = None
            return await self._loader.messages(room_id, executor)
        if known.messages is None or known.last != last:
            known.messages, known.last = await self._loader.messages(room_id, executor), last
        return known.messages

    def texts(self, room_id: str) -> SearchTexts:
        return self._of(room_id).texts

    def forget(self, room_id: str) -> None:
        """Forget messages of a room that are gone: at once what was read, and what was folded at the next search."""
        if known := self._remembered.get(room_id):
            known.messages = None
            known.texts.is_stale = True

    def trim(self, limit: int = MAX_MESSAGES) -> None:
        """After a search, forget the rooms searched least recently, if more than `limit` messages are remembered.

        And those that were not searched since messages are gone.
        """
        for room_id in [key for key, known in self._remembered.items() if known.texts.is_stale]:
            del self._remembered[room_id]
        total = sum(map(len, self._remembered.values()))
        while total > limit:
            total -= len(self._remembered.popitem(last=False)[1])

    def _of(self, room_id: str) -> _Remembered:
        known = self._remembered.setdefault(room_id, _Remembered())
        self._remembered.move_to_end(room_id)
        return known

    def _newest(self, room_id: str, written: datetime | None) -> datetime | None:
        room = self._state.rooms.get(room_id)
        if room is None:
            return written
        newest = next(reversed(room.conversation.history), None)
        return newest.at if newest else None
