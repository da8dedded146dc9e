"""What becomes of the rooms of people who left the chat."""

import asyncio

from chat.domain.moderation.events import RestrictionsLifted
from chat.domain.people.people import People
from chat.domain.rooms.directory import RoomDirectory
from chat.domain.rooms.events import MemberRemoved, RoomDeleted
from chat.domain.rooms.room_info import RoomInfo, RoomKind
from chat.domain.users import UserRef
from chat.state import clock
from chat.state.event_pipeline import EventPipeline
from chat.state.room_loader import RoomLoader

ENDED_AT_ONCE = 100  # rooms


class Departures:
    """Ends rooms with everything in them."""

    def __init__(self, people: People, directory: RoomDirectory, pipeline: EventPipeline, loader: RoomLoader) -> None:
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._loader = loader
        self._expected: frozenset[str] = frozenset()  # who may come back after a restart, and hasn't left since
        self._is_ending = self._has_guest_left = False

    def expect_guests(self) -> None:
        """Keep the direct rooms of guests, who may come back after a restart, until `expect_nobody`."""
        self._expected = frozenset().union(*(room.members for room in self._directory))

    def expect_nobody(self) -> None:
        """Take those who aren't back for gone."""
        self._expected = frozenset()

    async def leave_all(self, member_id: str) -> None:
        """Take a member whose account was deleted out of all private rooms; raises `RoomsUnwritable`."""
        nobody = UserRef(member_id, "")
        for room in list(self._directory):
            if room.kind is RoomKind.PRIVATE and member_id in room.members:
                await self._pipeline.submit(MemberRemoved(room.id, nobody, nobody, clock.now()))
                await self.end_if_deserted(room.id)

    async def end_rooms_of_guests(self, *left: str) -> None:
        """Delete the direct rooms of guests who left, as the ones with these ids did, and the deserted private ones.

        Those who leave meanwhile are waited for. Raises `RoomsUnwritable`, `HistoryUnwritable`.
        """
        self._expected = self._expected.difference(left)
        self._has_guest_left = True
        if self._is_ending:
            return
        self._is_ending = True
        try:
            while self._has_guest_left:
                self._has_guest_left = False
                while over := [room.id for room in self._directory if self._is_over(room)]:
                    await self.end(*over[:ENDED_AT_ONCE])  # then asked again: guests may have come back
        finally:
            self._is_ending = False

    async def end_if_deserted(self, room_id: str) -> None:
        room = self._directory.get(room_id)
        if room and self._is_over(room):
            await self.end(room_id)

    async def end(self, *room_ids: str) -> None:
        """Delete direct or private rooms with everything in them; raises `RoomsUnwritable`, `HistoryUnwritable`."""
        await self._loader.delete(room_ids)  # first: a crash must not leave messages that another talk would show
        deletions = (RoomDeleted(room_id, clock.now()) for room_id in room_ids)
        await asyncio.gather(*map(self._pipeline.submit, deletions))  # in one write
        await self._loader.delete(room_ids)  # again, for what was written meanwhile
        for room_id in dict(self._people.moderation.restricted_rooms()).keys() & set(room_ids):
            await self._pipeline.submit(RestrictionsLifted(room_id, clock.now()))

    def _is_over(self, room: RoomInfo) -> bool:
        if room.kind is RoomKind.DIRECT:
            return any(map(self._is_gone, room.members))
        return room.kind is RoomKind.PRIVATE and not room.members

    def _is_gone(self, member_id: str) -> bool:
        """Tell whether a member was a guest who left: what account holders wrote stays, even if they delete theirs."""
        is_known = self._people.find_member(member_id) is not None or member_id in self._people.accounts.deleted
        return not is_known and member_id not in self._expected
