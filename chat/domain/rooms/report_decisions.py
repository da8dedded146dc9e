"""Decides reports of messages."""

from datetime import datetime

from chat.domain.errors import MessageRefused
from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.permissions import Permission, require
from chat.domain.rooms.decision_values import parse_reason
from chat.domain.rooms.moderation_actions import ReportMessage, ResolveReports
from chat.domain.rooms.room import Room
from chat.domain.users import Member, UserRef

REPORTED_TEXT_LIMIT = 500


def report(room: Room, actor: Member, action: ReportMessage, now: datetime) -> MessageReported:
    require(actor.role, Permission.REPORT)
    message = room.conversation.message(action.message_id)
    if message.author == actor.id:
        raise MessageRefused("report-own")
    if room.moderation.reports.has_reported(actor.id, message.id):
        raise MessageRefused("report-again")
    author, text = UserRef(message.author, message.name), message.text[:REPORTED_TEXT_LIMIT]
    return MessageReported(room.id, actor.ref, author, now, message.id, parse_reason(action.reason), text)


def resolve(room: Room, actor: Member, action: ResolveReports, now: datetime) -> ReportResolved:
    require(actor.role, Permission.HANDLE_REPORTS)
    found = room.moderation.reports.open_for(action.message_id)
    if not found:
        raise MessageRefused("report-gone")
    return ReportResolved(room.id, actor.ref, found.author, now, found.message_id, parse_reason(action.reason))
