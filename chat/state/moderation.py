"""Moderation as a use case, for the menu, the slash commands and the moderation page."""

from contextlib import suppress

import structlog

from chat.domain.audit import AuditEntry
from chat.domain.errors import ChatError
from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation.events import Banned, Kicked
from chat.domain.people.people import People
from chat.domain.permissions import Permission, require
from chat.domain.rooms.moderation_actions import ModerationAction, ResolveReports
from chat.domain.rooms.moderation_decisions import ModerationOutcome, decide
from chat.domain.rooms.room import Room
from chat.state import clock
from chat.state.event_pipeline import EventPipeline
from chat.storage.base import AuditLog

log = structlog.get_logger()


class ModerationService:
    """Performs moderation actions. `actor_id` is the id of the acting member."""

    def __init__(self, people: People, pipeline: EventPipeline, audit_log: AuditLog) -> None:
        self._people = people
        self._pipeline = pipeline
        self._audit_log = audit_log

    async def perform(self, actor_id: str, room: Room, action: ModerationAction) -> ModerationOutcome:
        """Return the event when it is stored and published; raises a `ChatError`.

        The action completes even if the caller is cancelled: a banned member always leaves the room.
        """
        return await self._pipeline.complete(self._perform(actor_id, room, action))

    async def _perform(self, actor_id: str, room: Room, action: ModerationAction) -> ModerationOutcome:
        event = await self._pipeline.decide(
            lambda: decide(room, self._people.member(actor_id), action, clock.now()),
        )
        log.info("moderated", kind=type(event).__name__, actor=actor_id, target=_target_id(event))
        match event:
            case Kicked() | Banned():
                self._pipeline.apply_and_publish(*self._people.leave(event.target.id, clock.now()))
            case MessagesPurged(message_ids=message_ids):
                await self.resolve_deleted(actor_id, room, *message_ids)
        return event

    async def resolve_deleted(self, actor_id: str, room: Room, *message_ids: str) -> None:
        """Resolve the open reports of messages deleted by a moderator."""
        for message_id in message_ids:
            if room.moderation.reports.open_for(message_id):
                with suppress(ChatError):  # the message stays deleted
                    await self.perform(actor_id, room, ResolveReports(message_id))

    async def audit_log(self, actor_id: str) -> bytes:
        """Return the audit log to download; raises `NotAllowed`, `NotHere`."""
        require(self._people.member(actor_id).role, Permission.SEE_AUDIT)
        return await self._audit_log.content()

    async def recent_audit_entries(self, actor_id: str, count: int = 200) -> list[AuditEntry]:
        """Return the last entries of the audit log, newest first; raises `NotAllowed`, `NotHere`."""
        require(self._people.member(actor_id).role, Permission.SEE_AUDIT)
        return await self._audit_log.latest(count)


def _target_id(event: ModerationOutcome) -> str | None:
    target = getattr(event, "target", None)
    return target.id if target else None
