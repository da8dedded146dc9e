"""The entries of the audit log as HTML."""

from datetime import datetime

from markupsafe import Markup

from chat.domain.accounts.events import InvitationCreated
from chat.domain.audit import ActionFailed, AuditEntry
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagesPurged, TopicChanged
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    Muted,
    ReportResolved,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
)
from chat.domain.rooms.directory.room_info import LOBBY, may_see
from chat.i18n.audit_entries import describe_entry
from chat.i18n.translator import Translator
from chat.ui.html.escaping import fill
from chat.ui.html.names_and_times import isolated, moment
from chat.ui.page_context import PageContext

SEPARATOR = Markup(" · ")
IN_ONE_ROOM = (
    HistoryCleared,
    MessageDeleted,
    MessageReported,
    MessagesPurged,
    ReportResolved,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    TopicChanged,
)
"""The audited events that concern one room, not the whole chat."""


def describe(page: PageContext, entry: AuditEntry) -> Markup:
    at = _end_of(entry)
    until = deadline(page.tr, at) if at else ""
    event = entry.entry if isinstance(entry, ActionFailed) else entry
    where = place(page, event.room_id) if isinstance(event, IN_ONE_ROOM) else ""
    return fill(
        "<li>{time} <span>{sentence}</span> <small dir=auto>{details}</small></li>",
        time=moment(entry.at),
        sentence=describe_entry(page.tr.html, entry, isolated),
        details=SEPARATOR.join(filter(None, (where, until, getattr(entry, "reason", "")))),
    )


def place(page: PageContext, room_id: str) -> str:
    """Return the name of an entry's room, empty for the lobby. Rooms that the viewer may not see are not named."""
    if room_id == LOBBY:
        return ""
    room = page.chat.directory.get(room_id)
    if room and room.name and may_see(room, page.member_id):
        return page.tr.html("in %(room)s", room=isolated(room.name))
    return page.tr("in a private room")


def deadline(tr: Translator, at: datetime) -> Markup:
    return fill("{until} {time}", until=tr("until"), time=moment(at))


def _end_of(entry: AuditEntry) -> datetime | None:
    match entry:
        case Muted(until=until) | Kicked(until=until) | Banned(until=until):
            return until
        case InvitationCreated(invitation=invitation):
            return invitation.until
    return None
