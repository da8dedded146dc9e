"""Links to private rooms as a use case."""

import secrets
from contextlib import suppress

import structlog

from chat.domain.accounts.invitations import digest_of
from chat.domain.people.people import People
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.directory.room_links import create_link, follow_link, revoke_link
from chat.state import clock
from chat.state.pipeline.batch_writer import Outdated
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import WriteLimit

SECRET_BYTES = 16

log = structlog.get_logger()


class RoomLinkService:
    """Creates, revokes and follows links. Raises `NotHere`, `RoomRefused`, `TextRefused`, `RoomsUnwritable`."""

    def __init__(self, people: People, directory: RoomDirectory, pipeline: EventPipeline, limit: WriteLimit) -> None:
        self._people = people
        self._directory = directory
        self._pipeline = pipeline
        self._limit = limit

    async def create(self, actor_id: str, room_id: object) -> str:
        """Create the link to a private room, which replaces the one before. Return its secret."""
        self._limit.count(actor_id)
        token, member = secrets.token_urlsafe(SECRET_BYTES), self._people.member
        digest = digest_of(token)
        await self._pipeline.decide(
            lambda: create_link(self._directory, member(actor_id), room_id, digest, clock.now())
        )
        return token

    async def revoke(self, actor_id: str, room_id: object) -> None:
        """Revoke the link to a private room."""
        self._limit.count(actor_id)
        member = self._people.member
        await self._pipeline.decide(lambda: revoke_link(self._directory, member(actor_id), room_id, clock.now()))

    async def follow(self, member_id: str, token: object) -> RoomInfo:
        """Add the member to the room of a link, and return the room."""
        self._limit.count(member_id)
        digest = digest_of(token) if isinstance(token, str) else ""
        while True:
            found = follow_link(self._directory, self._people.member(member_id), digest, clock.now())
            if isinstance(found, RoomInfo):
                return found
            with suppress(Outdated):  # another process may have revoked the link
                await self._pipeline.submit(found, if_current=True)
                log.info("room link followed", room=found.room_id, member=member_id)
                return self._directory.room_for(member_id, found.room_id)
