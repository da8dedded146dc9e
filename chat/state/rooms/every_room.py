"""All rooms of the chat, one after the other, whether they are loaded or not."""

from collections import Counter
from collections.abc import Callable, Coroutine, Iterable
from contextlib import suppress
from datetime import datetime
from typing import Any

from chat.domain.errors import MessageRefused, RoomRefused
from chat.domain.messages.message import Message
from chat.domain.moderation.reports import ReportKey
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomKind
from chat.domain.rooms.room import Room
from chat.state.rooms.room_loader import RoomLoader

Work = Callable[[Room], Coroutine[Any, Any, object]]


class EveryRoom:
    """Visits rooms without checking access, for tasks of the whole chat. Results must not reveal their content."""

    def __init__(self, directory: RoomDirectory, loader: RoomLoader) -> None:
        self._directory = directory
        self._loader = loader

    async def visit(self, work: Work, room_ids: Iterable[str] | None = None) -> None:
        """Do `work` in all rooms, or in these. A room that can't be read, or has ended, is left out."""
        for room_id in [room.id for room in self._directory] if room_ids is None else room_ids:
            with suppress(RoomRefused, MessageRefused):
                async with self._loader.visit(room_id) as room:
                    await work(room)

    async def find(self, keys: Iterable[ReportKey]) -> dict[ReportKey, Message]:
        """Return messages by the ids of their rooms and their own. The rooms stay loaded for a while."""
        found: dict[ReportKey, Message] = {}
        for room_id, message_id in keys:
            with suppress(RoomRefused):
                async with self._loader.use(room_id) as room:
                    if message := room.conversation.history.get(message_id):
                        found[room_id, message_id] = message
        return found

    async def count_newest(self, author_id: str, count: int) -> Counter[str]:
        """Count how many of the author's last `count` messages outside of direct rooms are in each room, by its id."""
        newest: list[tuple[datetime, str]] = []

        async def add(room: Room) -> None:
            posted = [(message.at, room.id) for message in room.conversation.history if message.author == author_id]
            newest[:] = sorted([*newest, *posted])[-count:]

        await self.visit(add, [room.id for room in self._directory if room.kind is not RoomKind.DIRECT])
        return Counter(room_id for _, room_id in newest)
