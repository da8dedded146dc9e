"""Decides reports of messages."""

from collections.abc import Set
from datetime import datetime

from chat.domain.errors import MessageRefused
from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.moderation.reports import MAX_REPORTERS, Report, Reports
from chat.domain.permissions import Permission, require
from chat.domain.rooms.moderation.decision_values import parse_reason
from chat.domain.rooms.moderation.moderation_actions import ReportMessage, ResolveReports
from chat.domain.rooms.room import Room
from chat.domain.users import Member, UserRef

REPORTED_TEXT_LIMIT = 300
FULL = 3600  # seconds after which to try again while there are too many open reports


def report(room: Room, actor: Member, action: ReportMessage, now: datetime) -> MessageReported:
    require(actor.role, Permission.REPORT)
    message = room.conversation.message(action.message_id)
    if message.author == actor.id:
        raise MessageRefused("report-own")
    known = room.moderation.identifiers_of(actor.id)
    reports = room.moderation.reports
    _check(reports, reports.get(room.id, message.id), actor.id, known, now)
    author, text = UserRef(message.author, message.name), message.excerpt[:REPORTED_TEXT_LIMIT]
    return MessageReported(room.id, actor.ref, author, now, message.id, parse_reason(action.reason), text, known)


def _check(reports: Reports, report: Report | None, member_id: str, known: Set[str], now: datetime) -> None:
    """Raise `MessageRefused` for a second report by the same person, or one too many.

    Open reports are never dropped for new ones.
    """
    if report and report.is_by(member_id, known):
        raise MessageRefused("report-again")
    if report and len(report.reporters) >= MAX_REPORTERS:
        raise MessageRefused("report-known")
    if left := reports.seconds_left(known, now):
        raise MessageRefused("reports-full", left=left)
    if not (report and report.is_open) and reports.is_full(known):
        raise MessageRefused("reports-full", left=FULL)


def resolve(room: Room, actor: Member, action: ResolveReports, now: datetime) -> ReportResolved:
    require(actor.role, Permission.HANDLE_REPORTS)
    found = room.moderation.reports.open_for(action.room_id or room.id, action.message_id)
    if not found:
        raise MessageRefused("report-gone")
    return ReportResolved(found.room_id, actor.ref, found.author, now, found.message_id, parse_reason(action.reason))
