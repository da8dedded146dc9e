"""Direct rooms as a use case: opening them, writing to people, and closing them for oneself."""

from collections.abc import Iterable
from dataclasses import replace

from chat.domain.errors import ChatError, CommandRefused
from chat.domain.people.people import People
from chat.domain.rooms.directory.direct_rooms import (
    MAX_UNUSED,
    WriteDirect,
    check_not_full,
    close_direct,
    new_direct,
    open_direct,
    unused_rooms,
)
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.events import DirectOpened, RoomCreated
from chat.domain.rooms.writing import can_write_to
from chat.domain.users import Member
from chat.state import clock
from chat.state.messages import MessageService
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import WriteLimit
from chat.state.rooms.departures import Departures


class DirectRoomService:
    """Opens and closes direct rooms, and writes in them. `actor_id` is the id of the acting member."""

    def __init__(
        self,
        people: People,
        directory: RoomDirectory,
        pipeline: EventPipeline,
        limit: WriteLimit,
        *,
        departures: Departures,
        messages: MessageService,
    ) -> None:
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._limit = limit
        self._departures = departures
        self._messages = messages

    async def open(self, actor_id: str, others: Iterable[object]) -> RoomInfo:
        """Show the actor the room of these people.

        Raises `NotHere`, `NotAllowed`, `RoomRefused`, `TextRefused`, `CommandRefused` for people who aren't there,
        `RoomsUnwritable`.
        """
        self._limit.count(actor_id)
        info, _ = await self._open(actor_id, others)
        return info

    async def post(self, actor_id: str, others: Iterable[object], text: str, message_id: str) -> RoomInfo:
        """Post to these people only, in the room that they have for that; the first message creates it."""
        info, is_new = await self._open(actor_id, others)
        try:
            await self._messages.post(actor_id, info.id, text, message_id)
        except ChatError:
            if is_new:
                await self.close(actor_id, info.id)
            raise
        return info

    async def carry_out(self, actor_id: str, request: WriteDirect, message_id: str) -> RoomInfo:
        """Carry out a command, which was already counted against the rate limits."""
        if request.text:
            return await self.post(actor_id, request.member_ids, request.text, message_id)
        info, _ = await self._open(actor_id, request.member_ids)
        return info

    async def close(self, actor_id: str, room_id: object) -> None:
        """Take a direct room off the actor's list until the next message; one without messages is deleted.

        Raises `NotHere`, `RoomRefused`, `RoomsUnwritable`.
        """
        self._people.member(actor_id)
        room = self._directory.room_for(actor_id, room_id)
        if room.openers == {actor_id}:
            await self._departures.end(room.id)
        else:
            last = self._directory.last.get(room.id, 0)
            await self._pipeline.submit(close_direct(room, actor_id, last, clock.now()))

    async def _open(self, actor_id: str, others: Iterable[object]) -> tuple[RoomInfo, bool]:
        """Return the room, and whether it is new: then, nobody else sees it yet."""
        actor = self._people.member(actor_id)
        users = [self._people.find_user(other) for other in others]
        ids = [user.id for user in users if user and can_write_to(self._people, actor_id, user.id)]
        if len(ids) < len(users):
            raise CommandRefused("nobody")
        new = new_direct(actor, ids, clock.now())
        event = await self._pipeline.decide(lambda: self._decide_to_open(actor, new))
        for unused in unused_rooms(self._directory, actor_id)[MAX_UNUSED:]:
            await self._departures.end(unused.id)
        return self._directory.room_for(actor_id, event.room_id), isinstance(event, RoomCreated)

    def _decide_to_open(self, actor: Member, new: RoomInfo) -> RoomCreated | DirectOpened:
        known = self._directory.direct_room_of(new.members)
        if known is None:
            check_not_full(self._directory, actor.id)
            new = replace(new, id=self._directory.free_direct_id(new.members))
        return open_direct(known, new, actor, clock.now())
