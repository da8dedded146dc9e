"""Rooms as a use case: creating and changing them, and their members."""

from collections.abc import Callable
from typing import TypeVar
from uuid import uuid4

import structlog

from chat.domain.people.people import People
from chat.domain.published_texts import published_texts
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_decisions import (
    add_member,
    archive_room,
    create_room,
    describe_room,
    remove_member,
    rename_room,
    reopen_room,
)
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.events import DirectoryEvent, RoomCreated
from chat.domain.users import Member, UserRef
from chat.state import clock
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import WriteLimit
from chat.state.rooms.departures import Departures

E = TypeVar("E", bound=DirectoryEvent)

ID_LENGTH = 12

log = structlog.get_logger()


class RoomService:
    """Changes the directory. `actor_id` is the id of the acting member."""

    def __init__(
        self,
        people: People,
        directory: RoomDirectory,
        pipeline: EventPipeline,
        departures: Departures,
        *,
        limit: WriteLimit,
        policy: RoomPolicy,
    ) -> None:
        self.policy = policy
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._departures = departures
        self._limit = limit

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
        """Set a room's description; raises as `create` does."""
        await self._write(
            actor_id, lambda actor: describe_room(self._directory, actor, room_id, description, clock.now())
        )

    async def archive(self, actor_id: str, room_id: object) -> None:
        """Archive a room; raises `NotHere`, `NotAllowed`, `RoomRefused`, `TextRefused`, `RoomsUnwritable`."""
        await self._change(actor_id, lambda actor: archive_room(self._directory, actor, room_id, clock.now()))
        log.info("room archived", room=room_id, actor=actor_id)

    async def reopen(self, actor_id: str, room_id: object) -> None:
        """Reopen an archived room; raises as `archive` does."""
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

        When its last member leaves, the room is deleted with everything in it.
        """
        target = self._people.find_user(target_id) or UserRef(str(target_id), "")
        left = await self._change(
            actor_id, lambda actor: remove_member(self._directory, actor, room_id, target, clock.now())
        )
        await self._departures.end_if_deserted(left.room_id)

    async def _change(self, actor_id: str, decide: Callable[[Member], E]) -> E:
        self._limit.count(actor_id)
        return await self._pipeline.decide(lambda: decide(self._people.member(actor_id)))

    async def _write(self, actor_id: str, decide: Callable[[Member], E]) -> E:
        """Change a text that others read: requires the permission to post, and no blocked words."""

        def decide_and_check(actor: Member) -> E:
            event = decide(actor)
            text = "\n".join(published_texts(event))
            self._people.moderation.check_can_post(event.room_id, actor, clock.now(), text)
            return event

        return await self._change(actor_id, decide_and_check)
