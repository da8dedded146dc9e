"""The mentions of a member, and replies to them, in all rooms that they may see."""

import asyncio
import time
from collections.abc import Iterator
from contextlib import suppress

from chat.domain.errors import ChatError
from chat.domain.messages.calls import Call
from chat.domain.messages.message import Message
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import may_see
from chat.state.rate_limits import WriteLimit
from chat.state.rooms.room_loader import RoomLoader
from chat.state.rooms.unread_rooms import UnreadRooms
from chat.storage.ending import end

MAX_MENTIONS = 100
REST = 4  # times as long as reading a room took, until the next one is read in the background


class CallService:
    """Finds calls. Rooms that weren't loaded since the start are read first, one at a time, and then unloaded again."""

    def __init__(self, state: ChatState, loader: RoomLoader, unread: UnreadRooms, limit: WriteLimit) -> None:
        self._state = state
        self._loader = loader
        self._unread = unread
        self._limit = limit
        self._reading = asyncio.Lock()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> None:
        """Read all rooms in the background to find their calls."""
        self._task = asyncio.create_task(self._read_all())

    async def close(self) -> None:
        await end(self._task)

    async def mentions(self, member_id: str) -> list[Message]:
        """Return the newest messages, in all rooms, that mention a member or reply to them, newest first.

        Raises `NotHere`, `TextRefused`.
        """
        self._limit.count(member_id)
        self._state.people.member(member_id)
        for room_id in list(self._visible(member_id)):
            await self._read(room_id)
        calls = self._calls_to(member_id)
        newest = sorted(calls, key=lambda pair: (pair[0].at, pair[0].number), reverse=True)[:MAX_MENTIONS]
        messages: dict[tuple[str, str], Message] = {}
        for room_id in {room_id: None for _, room_id in newest}:
            found = await self._messages(room_id, [call.message_id for call, where in newest if where == room_id])
            messages |= {(room_id, message.id): message for message in found}
        # As it is now: meanwhile, one may have been deleted, or the member removed from a room.
        still = {(room_id, call.message_id) for call, room_id in self._calls_to(member_id)}
        keys = [(where, call.message_id) for call, where in newest]
        return [messages[key] for key in keys if key in messages and key in still]

    def _visible(self, member_id: str) -> Iterator[str]:
        return (room.id for room in self._state.directory if may_see(room, member_id))

    def _calls_to(self, member_id: str) -> list[tuple[Call, str]]:
        """Return the calls in all rooms, with the ids of the rooms."""
        return [(call, room_id) for room_id in self._visible(member_id) for call in self._calls(room_id, member_id)]

    def _calls(self, room_id: str, member_id: str) -> list[Call]:
        calls = self._state.calls.get(room_id)
        return calls.of(member_id) if calls else []

    async def _messages(self, room_id: str, message_ids: list[str]) -> list[Message]:
        with suppress(ChatError):  # the room ended, or can't be read
            async with self._reading, self._loader.visit(room_id) as room:
                return list(filter(None, map(room.conversation.history.get, message_ids)))
        return []

    async def _read(self, room_id: str) -> None:
        """Read a room that has messages and wasn't loaded since the start."""
        if room_id in self._state.calls or not self._state.directory.last.get(room_id):
            return
        async with self._reading:
            with suppress(ChatError):
                async with self._loader.visit(room_id):
                    pass

    async def _read_all(self) -> None:
        for room in list(self._state.directory):
            start = time.monotonic()
            await self._read(room.id)
            self._unread.check(room.id)
            await asyncio.sleep(REST * (time.monotonic() - start))
