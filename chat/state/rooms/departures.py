"""Departures: the rooms of people who left the chat.

Members keep their rooms. A guest keeps the private ones and direct ones of several people, too, unless they left by
choice; those of two as well, while they may come back, as from a phone that was locked, or if messages can be pushed to
them. Rooms without anyone left to talk are deleted with everything in them.
"""

import asyncio

from cachetools import TTLCache

from chat.domain.accounts.events import AccountDeleted
from chat.domain.moderation.events import RestrictionsLifted
from chat.domain.people.events import MemberLeft
from chat.domain.people.people import People
from chat.domain.rooms.directory.direct_rooms import goes_on_without, is_over
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import MemberRemoved, RoomDeleted
from chat.domain.users import UserRef
from chat.state import clock
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rooms.room_loader import RoomLoader

ENDED_AT_ONCE = 100  # rooms
WAIT = 24 * 60 * 60
"""Seconds for which people who only lost their connection, or were here before a restart, may come back."""
MAX_EXPECTED = 100_000


class Departures:
    """Takes people out of their rooms, and ends rooms."""

    def __init__(self, people: People, directory: RoomDirectory, pipeline: EventPipeline, loader: RoomLoader) -> None:
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._loader = loader
        self._expected: TTLCache[str, bool] = TTLCache(MAX_EXPECTED, WAIT)
        self._is_ending = self._has_guest_left = False

    def expect_everyone(self) -> None:
        """Expect all people of rooms to come back after a restart."""
        self._expected.update((member_id, True) for room in self._directory for member_id in room.members)

    def expects(self, member_id: str) -> bool:
        """Tell whether somebody who isn't here may come back any moment."""
        return member_id in self._expected

    def expire(self) -> bool:
        """Stop expecting those who didn't come back in time; return whether there were any."""
        return bool(self._expected.expire())

    def expect_back(self, event: MemberLeft) -> None:
        """Expect a member to come back, unless they left by choice."""
        if event.is_by_choice:
            self._expected.pop(event.member_id, None)
        else:
            self._expected[event.member_id] = True

    async def on_left(self, event: MemberLeft) -> None:
        """Take a guest who left by choice out of all rooms, and end those of guests who are gone.

        Raises `RoomsUnwritable`, `HistoryUnwritable`.
        """
        member = event.member
        if event.is_by_choice and self._is_guest(member.id):
            talks = [room for room in self._directory.direct_rooms_of(member.id) if goes_on_without(room, member.id)]
            await self._take_out(member.ref, [*self._private_rooms_of(member.id), *talks])
        await self.end_rooms_of_guests()

    async def on_account_deleted(self, event: AccountDeleted) -> None:
        """Take the member out of all private rooms, unnamed; raises `RoomsUnwritable`, `HistoryUnwritable`."""
        member_id = event.account.id
        await self._take_out(UserRef(member_id, ""), self._private_rooms_of(member_id))

    async def end_rooms_of_guests(self) -> None:
        """Delete the direct rooms of guests who are gone, and the deserted private ones.

        If guests leave meanwhile, their rooms are included. Raises `RoomsUnwritable`, `HistoryUnwritable`.
        """
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

    async def _take_out(self, user: UserRef, rooms: list[RoomInfo]) -> None:
        removals = (MemberRemoved(room.id, user, user, clock.now()) for room in rooms)
        await asyncio.gather(*map(self._pipeline.submit, removals))
        for room in rooms:
            await self.end_if_deserted(room.id)

    def _private_rooms_of(self, member_id: str) -> list[RoomInfo]:
        return [room for room in self._directory if room.kind is RoomKind.PRIVATE and member_id in room.members]

    def _is_over(self, room: RoomInfo) -> bool:
        if room.kind is RoomKind.DIRECT:
            return is_over(room, self._is_gone)
        return room.kind is RoomKind.PRIVATE and not room.members

    def _is_gone(self, member_id: str) -> bool:
        is_here = member_id in self._people.members
        return self._is_guest(member_id) and not is_here and not self._people.is_reached(member_id)

    def _is_guest(self, member_id: str) -> bool:
        """Tell whether a member has no account: what account holders wrote stays, even if they delete theirs."""
        accounts = self._people.accounts
        return accounts.get(member_id) is None and member_id not in accounts.deleted
