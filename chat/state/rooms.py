"""Rooms as a use case: creating and changing them, and who is a member of which."""

from collections.abc import Iterable
from uuid import uuid4

import structlog

from chat.domain.errors import CommandRefused, RoomRefused
from chat.domain.people.people import People
from chat.domain.rooms.direct_rooms import (
    MAX_UNUSED,
    check_not_full,
    close_direct,
    new_direct,
    open_direct,
    unused_rooms,
)
from chat.domain.rooms.directory import RoomDirectory, RoomPolicy
from chat.domain.rooms.events import DirectOpened, RoomCreated, RoomDeleted
from chat.domain.rooms.room_info import RoomInfo, RoomKind
from chat.domain.users import Member, UserRef
from chat.state import clock
from chat.state.event_pipeline import EventPipeline
from chat.state.room_loader import RoomLoader

ID_LENGTH = 12

log = structlog.get_logger()


class RoomService:
    """Changes the directory. `actor_id` is the id of the acting member."""

    def __init__(
        self,
        people: People,
        directory: RoomDirectory,
        pipeline: EventPipeline,
        loader: RoomLoader,
        policy: RoomPolicy = RoomPolicy.ADMINS,
    ) -> None:
        self.policy = policy
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._loader = loader

    async def create(self, actor_id: str, name: object, *, is_private: bool = False) -> RoomInfo:
        """Create a room; raises `NotHere`, `NotAllowed`, `RoomRefused`, `TextRefused`, `RoomsUnwritable`."""
        room_id = uuid4().hex[:ID_LENGTH]

        def create() -> RoomCreated:
            actor = self._people.member(actor_id)
            return self._directory.create(actor, name, room_id, clock.now(), self.policy, is_private=is_private)

        room = (await self._pipeline.decide(create)).room
        log.info("room created", room=room.id, actor=actor_id, kind=room.kind)
        return room

    async def rename(self, actor_id: str, room_id: object, name: object) -> None:
        """Give a room another name; raises as `create` does."""
        member = self._people.member
        await self._pipeline.decide(lambda: self._directory.rename(member(actor_id), room_id, name, clock.now()))

    async def describe(self, actor_id: str, room_id: object, description: object) -> None:
        """Say what a room is for; raises as `create` does."""
        member = self._people.member
        await self._pipeline.decide(
            lambda: self._directory.describe(member(actor_id), room_id, description, clock.now())
        )

    async def archive(self, actor_id: str, room_id: object) -> None:
        """End the talk in a room; raises as `create` does."""
        await self._pipeline.decide(
            lambda: self._directory.archive(self._people.member(actor_id), room_id, clock.now())
        )
        log.info("room archived", room=room_id, actor=actor_id)

    async def add_member(self, actor_id: str, room_id: object, target_id: object) -> None:
        """Invite someone to a private room; raises `NotHere`, `RoomRefused`, `CommandRefused`, `RoomsUnwritable`."""
        member = self._people.member
        await self._pipeline.decide(
            lambda: self._directory.add_member(member(actor_id), room_id, self._person(target_id), clock.now())
        )

    async def remove_member(self, actor_id: str, room_id: object, target_id: object) -> None:
        """Leave a private room, or remove someone from it; raises as `add_member` does, and `NotAllowed`."""
        member, person = self._people.member, self._people.find_user

        def remove() -> object:
            target = person(target_id) or UserRef(str(target_id), "")
            return self._directory.remove_member(member(actor_id), room_id, target, clock.now())

        await self._pipeline.decide(remove)  # type: ignore[type-var]

    async def open_direct(self, actor_id: str, others: Iterable[object]) -> tuple[RoomInfo, bool]:
        """Show the actor the room of these people. Return it, and whether it is new: then, nobody else sees it yet.

        Raises `NotHere`, `NotAllowed`, `RoomRefused`, `CommandRefused` for people who aren't there, `RoomsUnwritable`.
        """
        actor = self._people.member(actor_id)
        ids = [self._person(other).id for other in others]
        if not all(self.can_write_to(actor_id, other_id) for other_id in ids):
            raise CommandRefused("nobody")
        new = new_direct(actor, ids, clock.now())
        event = await self._pipeline.decide(lambda: self._open_direct(actor, new))
        for unused in unused_rooms(self._directory, actor_id)[MAX_UNUSED:]:
            await self.end(unused.id)
        return self._directory.room_for(actor_id, new.id), isinstance(event, RoomCreated)

    async def close_direct(self, actor_id: str, room_id: object) -> None:
        """Take a direct room off the actor's list until the next message; one that nobody wrote in ends.

        Raises `NotHere`, `RoomRefused`, `RoomsUnwritable`.
        """
        self._people.member(actor_id)
        room = self._directory.room_for(actor_id, room_id)
        if room.openers == {actor_id}:
            await self.end(room.id)
        else:
            last = self._directory.last.get(room.id, 0)
            await self._pipeline.submit(close_direct(room, actor_id, last, clock.now()))

    def check_can_write(self, member_id: str, room: RoomInfo) -> None:
        """Raise `RoomRefused` in an archived room, `CommandRefused` in a direct one with nobody to read it."""
        if room.is_archived:
            raise RoomRefused("room-archived")
        others = room.members - {member_id}
        if room.kind is RoomKind.DIRECT and not any(self.can_write_to(member_id, other_id) for other_id in others):
            raise CommandRefused("nobody")

    def can_write_to(self, member_id: str, other_id: str) -> bool:
        """Tell whether the other one is here, or will read it later: both have accounts."""
        accounts = self._people.accounts
        is_kept = accounts.get(member_id) is not None and accounts.get(other_id) is not None
        return is_kept or other_id in self._people.members

    async def end(self, room_id: str) -> None:
        """Delete a direct room with everything in it; raises `RoomsUnwritable`, `HistoryUnwritable`."""
        await self._loader.delete(room_id)  # first: a crash must not leave messages that another talk would show
        await self._pipeline.submit(RoomDeleted(room_id, clock.now()))
        await self._loader.delete(room_id)  # again, for what was written meanwhile

    async def end_rooms_of_guests(self) -> None:
        """Delete the direct rooms of guests who left; raises `RoomsUnwritable`, `HistoryUnwritable`."""
        for room in list(self._directory):
            if room.kind is RoomKind.DIRECT and any(map(self._is_gone, room.members)):
                await self.end(room.id)

    def _open_direct(self, actor: Member, new: RoomInfo) -> RoomCreated | DirectOpened:
        known = self._directory.get(new.id)
        if known is None:
            check_not_full(self._directory, actor.id)
        return open_direct(known, new, actor, clock.now())

    def _is_gone(self, member_id: str) -> bool:
        """Tell whether a member was a guest who left: what account holders wrote stays, even if they delete theirs."""
        return self._people.find_member(member_id) is None and member_id not in self._people.accounts.deleted

    def _person(self, member_id: object) -> UserRef:
        """Return a present member or account holder; raises `CommandRefused`."""
        member = self._people.find_member(member_id) if isinstance(member_id, str) else None
        if member is None:
            raise CommandRefused("nobody")
        return member.ref
