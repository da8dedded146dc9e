"""Access to rooms: a room that a member may not see is refused like one that doesn't exist."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

from chat.domain.errors import RoomRefused
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.room import Room
from chat.domain.rooms.writing import check_can_write
from chat.state.pipeline.event_bus import EventBus
from chat.state.rate_limits import ActionRateLimiter
from chat.state.rooms.room_loader import RoomLoader


class RoomAccess:
    """Loads rooms for members who may see them."""

    def __init__(self, state: ChatState, loader: RoomLoader, rate_limiter: ActionRateLimiter, bus: EventBus) -> None:
        self._state = state
        self._loader = loader
        self._rate_limiter = rate_limiter
        self._bus = bus

    def count_switch(self, member_id: str) -> None:
        """Count another room or place that a page shows; raises `RoomRefused` if there were too many."""
        if left := self._rate_limiter.hit("switch", self._state.moderation.identifiers_of(member_id)):
            raise RoomRefused("switch-too-fast", left=left)

    @asynccontextmanager
    async def enter(self, member_id: str, room_id: object, *, to_write: bool = False) -> AsyncIterator[Room]:
        """Keep a room loaded that the present member may see. Raises `NotHere`, `RoomRefused`.

        Refusals within the context are reported, too.
        """
        with self._bus.reporting_refusals():
            self._state.people.member(member_id)
            async with self.view(member_id, room_id) as room:
                if to_write:
                    check_can_write(self._state.people, member_id, self._state.directory.room_for(member_id, room_id))
                yield room

    @asynccontextmanager
    async def view(self, member_id: str, room_id: object) -> AsyncIterator[Room]:
        """Keep a room loaded that the member, present or not, may see. Raises `RoomRefused`."""
        info = self._state.directory.room_for(member_id, room_id)
        async with self._loader.use(info.id) as room:
            self._state.directory.room_for(member_id, room_id)  # they may have been removed meanwhile
            yield room

    def loaded(self, room_id: str) -> Room:
        """Return a room that is loaded."""
        return self._state.rooms[room_id]

    def keep_loaded(self, room: Room) -> Callable[[], None]:
        """Keep a loaded room loaded until the returned function is called."""
        return self._loader.keep(room.id)
