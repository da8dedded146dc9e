"""Rooms as a use case: creating and changing them, and who is a member of which."""

import asyncio
from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

import structlog

from chat.domain.moderation.events import RestrictionsLifted
from chat.domain.people.people import People
from chat.domain.published_texts import published_texts
from chat.domain.rooms.directory import RoomDirectory
from chat.domain.rooms.events import DirectoryEvent, MemberRemoved, RoomCreated, RoomDeleted
from chat.domain.rooms.room_decisions import (
    add_member,
    archive_room,
    create_room,
    describe_room,
    remove_member,
    rename_room,
    reopen_room,
)
from chat.domain.rooms.room_info import RoomInfo, RoomKind
from chat.domain.rooms.room_policy import RoomPolicy
from chat.domain.users import Member, UserRef
from chat.state import clock
from chat.state.event_pipeline import EventPipeline
from chat.state.rate_limits import WriteLimit
from chat.state.room_loader import RoomLoader

E = TypeVar("E", bound=DirectoryEvent)

ID_LENGTH = 12
ENDED_AT_ONCE = 100  # rooms

log = structlog.get_logger()


class RoomService:
    """Changes the directory. `actor_id` is the id of the acting member."""

    def __init__(
        self,
        people: People,
        directory: RoomDirectory,
        pipeline: EventPipeline,
        loader: RoomLoader,
        *,
        limit: WriteLimit,
        policy: RoomPolicy,
    ) -> None:
        self.policy = policy
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._loader = loader
        self._limit = limit
        self.are_guests_expected = False  # after a restart, those who aren't back yet haven't left
        self._is_ending = self._has_guest_left = False

    async def create(self, actor_id: str, name: object, *, is_private: bool = False) -> RoomInfo:
        """Create a room.

        Raises `NotHere`, `NotAllowed`, `RoomRefused`, `TextRefused`, `SpeechRefused`, `RoomsUnwritable`.
        """
        room_id = uuid4().hex[:ID_LENGTH]

        def create(actor: Member) -> RoomCreated:
            return create_room(
                self._directory, actor, name, room_id, clock.now(), policy=self.policy, is_private=is_private
            )

        room = (await self._write(actor_id, create)).room
        log.info("room created", room=room.id, actor=actor_id, kind=room.kind)
        return room

    async def rename(self, actor_id: str, room_id: object, name: object) -> None:
        """Give a room another name; raises as `create` does."""
        await self._write(actor_id, lambda actor: rename_room(self._directory, actor, room_id, name, clock.now()))

    async def describe(self, actor_id: str, room_id: object, description: object) -> None:
        """Say what a room is for; raises as `create` does."""
        await self._write(
            actor_id, lambda actor: describe_room(self._directory, actor, room_id, description, clock.now())
        )

    async def archive(self, actor_id: str, room_id: object) -> None:
        """End the talk in a room; raises `NotHere`, `NotAllowed`, `RoomRefused`, `TextRefused`, `RoomsUnwritable`."""
        await self._change(actor_id, lambda actor: archive_room(self._directory, actor, room_id, clock.now()))
        log.info("room archived", room=room_id, actor=actor_id)

    async def reopen(self, actor_id: str, room_id: object) -> None:
        """Let the talk in an archived room go on; raises as `archive` does."""
        await self._change(actor_id, lambda actor: reopen_room(self._directory, actor, room_id, clock.now()))
        log.info("room reopened", room=room_id, actor=actor_id)

    async def add_member(self, actor_id: str, room_id: object, target_id: object) -> None:
        """Invite someone to a private room; raises as `archive` does, and `CommandRefused`."""
        await self._change(
            actor_id,
            lambda actor: add_member(
                self._directory, actor, room_id, self._people.require_known(target_id).ref, clock.now()
            ),
        )

    async def remove_member(self, actor_id: str, room_id: object, target_id: object) -> None:
        """Leave a private room, or remove someone from it; raises as `archive` does.

        The room of the last one who leaves ends with everything in it.
        """
        target = self._people.find_user(target_id) or UserRef(str(target_id), "")
        left = await self._change(
            actor_id, lambda actor: remove_member(self._directory, actor, room_id, target, clock.now())
        )
        await self._end_if_deserted(left.room_id)

    async def leave_all(self, member_id: str) -> None:
        """Take a member whose account was deleted out of all private rooms; raises `RoomsUnwritable`."""
        nobody = UserRef(member_id, "")
        for room in list(self._directory):
            if room.kind is RoomKind.PRIVATE and member_id in room.members:
                await self._pipeline.submit(MemberRemoved(room.id, nobody, nobody, clock.now()))
                await self._end_if_deserted(room.id)

    async def end(self, *room_ids: str) -> None:
        """Delete direct or private rooms with everything in them; raises `RoomsUnwritable`, `HistoryUnwritable`."""
        await self._loader.delete(room_ids)  # first: a crash must not leave messages that another talk would show
        deletions = (RoomDeleted(room_id, clock.now()) for room_id in room_ids)
        await asyncio.gather(*map(self._pipeline.submit, deletions))  # in one write
        await self._loader.delete(room_ids)  # again, for what was written meanwhile
        for room_id in dict(self._people.moderation.restricted_rooms()).keys() & set(room_ids):
            await self._pipeline.submit(RestrictionsLifted(room_id, clock.now()))

    async def end_rooms_of_guests(self) -> None:
        """Delete the direct rooms of guests who left, and the private ones that everybody left.

        Does nothing while `are_guests_expected`. Those who leave meanwhile are waited for. Raises `RoomsUnwritable`,
        `HistoryUnwritable`.
        """
        self._has_guest_left = True
        if self._is_ending or self.are_guests_expected:
            return
        self._is_ending = True
        try:
            while self._has_guest_left:
                self._has_guest_left = False
                while over := [room.id for room in self._directory if self._is_over(room)]:
                    await self.end(*over[:ENDED_AT_ONCE])  # then asked again: guests may have come back
        finally:
            self._is_ending = False

    async def _change(self, actor_id: str, decide: Callable[[Member], E]) -> E:
        self._limit.count(actor_id)
        return await self._pipeline.decide(lambda: decide(self._people.member(actor_id)))

    async def _write(self, actor_id: str, decide: Callable[[Member], E]) -> E:
        """Change what others read, as those may who may post, and without blocked words."""

        def decide_and_check(actor: Member) -> E:
            event = decide(actor)
            text = "\n".join(published_texts(event))
            self._people.moderation.check_can_post(event.room_id, actor, clock.now(), text)
            return event

        return await self._change(actor_id, decide_and_check)

    async def _end_if_deserted(self, room_id: str) -> None:
        room = self._directory.get(room_id)
        if room and self._is_over(room):
            await self.end(room_id)

    def _is_over(self, room: RoomInfo) -> bool:
        if room.kind is RoomKind.DIRECT:
            return any(map(self._is_gone, room.members))
        return room.kind is RoomKind.PRIVATE and not room.members

    def _is_gone(self, member_id: str) -> bool:
        """Tell whether a member was a guest who left: what account holders wrote stays, even if they delete theirs."""
        return self._people.find_member(member_id) is None and member_id not in self._people.accounts.deleted
