"""Rooms as a use case: creating and changing them, and who is a member of which."""

from collections.abc import Iterable
from uuid import uuid4

import structlog

from chat.domain.errors import CommandRefused
from chat.domain.people.people import People
from chat.domain.rooms.directory import RoomDirectory
from chat.domain.rooms.events import MemberRemoved, RoomCreated, RoomDeleted
from chat.domain.rooms.room_info import RoomInfo, RoomKind
from chat.domain.rooms.room_policy import RoomPolicy
from chat.domain.users import UserRef
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

    async def reopen(self, actor_id: str, room_id: object) -> None:
        """Let the talk in an archived room go on; raises as `create` does."""
        await self._pipeline.decide(lambda: self._directory.reopen(self._people.member(actor_id), room_id, clock.now()))
        log.info("room reopened", room=room_id, actor=actor_id)

    async def add_member(self, actor_id: str, room_id: object, target_id: object) -> None:
        """Invite someone to a private room; raises `NotHere`, `RoomRefused`, `CommandRefused`, `RoomsUnwritable`."""
        member = self._people.member
        await self._pipeline.decide(
            lambda: self._directory.add_member(member(actor_id), room_id, self._person(target_id), clock.now())
        )

    async def remove_member(self, actor_id: str, room_id: object, target_id: object) -> None:
        """Leave a private room, or remove someone from it; raises as `add_member` does, and `NotAllowed`.

        The room of the last one who leaves ends with everything in it.
        """

        def remove() -> MemberRemoved:
            target = self._people.find_user(target_id) or UserRef(str(target_id), "")
            return self._directory.remove_member(self._people.member(actor_id), room_id, target, clock.now())

        left = await self._pipeline.decide(remove)
        await self._end_if_deserted(left.room_id)

    async def leave_all(self, member_id: str) -> None:
        """Take a member whose account was deleted out of all private rooms; raises `RoomsUnwritable`."""
        nobody = UserRef(member_id, "")
        for room in list(self._directory):
            if room.kind is RoomKind.PRIVATE and member_id in room.members:
                await self._pipeline.submit(MemberRemoved(room.id, nobody, nobody, clock.now()))
                await self._end_if_deserted(room.id)

    async def open_direct(self, actor_id: str, others: Iterable[object]) -> tuple[RoomInfo, bool]:
        """Return the room of the actor and these people, and whether it is new.

        Raises `NotHere`, `NotAllowed`, `RoomRefused`, `CommandRefused` for people who aren't there, `RoomsUnwritable`.
        """
        actor = self._people.member(actor_id)
        ids = [self._person(other).id for other in others]
        is_guest = self._people.accounts.get(actor_id) is None
        if is_guest and not self._people.members.keys() >= set(ids):
            raise CommandRefused("nobody")
        found = self._directory.open_direct(actor, ids, clock.now())
        if isinstance(found, RoomInfo):
            return found, False
        await self._pipeline.submit(found)
        return found.room, True

    async def end(self, room_id: str) -> None:
        """Delete a direct or private room with everything in it; raises `RoomsUnwritable`, `HistoryUnwritable`."""
        await self._loader.delete(room_id)  # first: a crash must not leave messages that another talk would show
        await self._pipeline.submit(RoomDeleted(room_id, clock.now()))
        await self._loader.delete(room_id)  # again, for what was written meanwhile

    async def end_rooms_of_guests(self) -> None:
        """Delete the direct rooms of guests who left, and the private ones that everybody left.

        Raises `RoomsUnwritable`, `HistoryUnwritable`.
        """
        for room in list(self._directory):
            if room.kind is RoomKind.DIRECT and any(map(self._is_gone, room.members)):
                await self.end(room.id)
            await self._end_if_deserted(room.id)

    async def _end_if_deserted(self, room_id: str) -> None:
        room = self._directory.get(room_id)
        if room and room.kind is RoomKind.PRIVATE and not room.members:
            await self.end(room_id)

    def _is_gone(self, member_id: str) -> bool:
        """Tell whether a member was a guest who left: what account holders wrote stays, even if they delete theirs."""
        return self._people.find_member(member_id) is None and member_id not in self._people.accounts.deleted

    def _person(self, member_id: object) -> UserRef:
        """Return a present member or account holder; raises `CommandRefused`."""
        member = self._people.find_member(member_id) if isinstance(member_id, str) else None
        if member is None:
            raise CommandRefused("nobody")
        return member.ref
