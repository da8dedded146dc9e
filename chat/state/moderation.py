"""Moderation as a use case, for the menu, the slash commands and the moderation page."""

from contextlib import suppress

import structlog

from chat.domain.audit import AuditEntry
from chat.domain.errors import ChatError
from chat.domain.messages.events import MessagesPurged
from chat.domain.messages.message import Message
from chat.domain.moderation.events import Banned
from chat.domain.moderation.reports import ReportKey
from chat.domain.people.people import People
from chat.domain.permissions import Permission, require
from chat.domain.rooms.moderation.decision_values import check_number
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    ModerationAction,
    PurgeMessages,
    ReportMessage,
    ResolveReports,
)
from chat.domain.rooms.moderation.moderation_decisions import ModerationOutcome, decide
from chat.domain.rooms.moderation.sanction_decisions import check_purge
from chat.domain.rooms.room import Room
from chat.domain.users import UserRef
from chat.state import clock
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import WriteLimit
from chat.state.rooms.every_room import EveryRoom
from chat.state.rooms.room_access import RoomAccess
from chat.storage.base import AuditLog

log = structlog.get_logger()


class ModerationService:
    """Performs moderation actions. `actor_id` is the id of the acting member."""

    def __init__(
        self,
        people: People,
        pipeline: EventPipeline,
        audit_log: AuditLog,
        room_access: RoomAccess,
        *,
        limit: WriteLimit,
        every_room: EveryRoom,
    ) -> None:
        self._people = people
        self._pipeline = pipeline
        self._audit_log = audit_log
        self._every_room = every_room
        self._room_access = room_access
        self._limit = limit

    async def perform(self, actor_id: str, room_id: object, action: ModerationAction) -> ModerationOutcome | None:
        """Moderate in a room. Return the event when it is stored and published; raises a `ChatError`.

        An action in all rooms returns None. The action completes even if the caller is cancelled: a
        banned member always leaves the room.
        """
        async with self._room_access.enter(actor_id, room_id) as room:
            if isinstance(action, PurgeMessages) and action.is_everywhere:
                target, count = check_purge(room, self._people.member(actor_id), action)
                return await self._pipeline.complete(self._purge_everywhere(actor_id, target, count))
            return await self._pipeline.complete(self._perform(actor_id, room, action))

    async def report(self, member_id: str, room_id: object, message_id: object, reason: object = "") -> None:
        """Report a message to the moderators; raises `MessageRefused`, `TextRefused`, `NotAllowed`."""
        self._limit.count(member_id)
        await self.perform(member_id, room_id, ReportMessage(message_id, reason))

    async def _perform(self, actor_id: str, room: Room, action: ModerationAction) -> ModerationOutcome:
        event = await self._pipeline.decide(
            lambda: decide(room, self._people.member(actor_id), action, clock.now()),
        )
        log.info("moderated", kind=type(event).__name__, actor=actor_id, target=_target_id(event))
        if isinstance(event, MessagesPurged):
            await self.resolve_deleted(actor_id, room, *event.message_ids)
        if isinstance(action, BanMember) and isinstance(event, Banned) and action.purge:
            await self._purge_everywhere(actor_id, event.target, check_number(action.purge))
        return event

    async def _purge_everywhere(self, actor_id: str, target: UserRef, count: int) -> None:
        """Delete a member's newest messages in all rooms but direct ones. The result hides whether there were any."""
        counts = await self._every_room.count_newest(target.id, count)
        await self._every_room.visit(
            lambda room: self._perform(actor_id, room, PurgeMessages(target.id, counts[room.id])), counts
        )

    async def resolve_deleted(self, actor_id: str, room: Room, *message_ids: str) -> None:
        """Resolve the open reports of messages deleted by a moderator."""
        for message_id in message_ids:
            if room.moderation.reports.open_for(room.id, message_id):
                with suppress(ChatError):  # the message stays deleted
                    await self._pipeline.complete(self._perform(actor_id, room, ResolveReports(message_id)))

    async def reported_messages(self, actor_id: str) -> dict[ReportKey, Message]:
        """Return the messages of open reports by their keys, also those of rooms that the moderator may not see.

        Raises `NotAllowed`, `NotHere`.
        """
        require(self._people.member(actor_id).role, Permission.HANDLE_REPORTS)
        reports = self._people.moderation.reports.open
        return await self._every_room.find(report.key for report in reports)

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
