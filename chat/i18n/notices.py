"""The sentences of the notices between messages."""

from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import groupby

from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    Muted,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
)
from chat.domain.rooms.events import (
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomDescribed,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.rooms.notices import (
    DirectoryNotice,
    HistoryClearedNotice,
    JoinLeaveSummary,
    JoinOrLeave,
    Notice,
    PublicModerationEvent,
    RenamedNotice,
    RoleChangedNotice,
    TopicChangedNotice,
)
from chat.domain.text.translatable import N_
from chat.domain.users import Role
from chat.i18n.translator import Translator
from chat.text.markup.renderer import to_plain

FormatName = Callable[[str], str]
"""Formats a name for the place where it is shown, such as HTML."""

NAMED_MEMBERS = 3

# Whole sentences: in some languages the words around a role depend on it.
ROLE_NOTICES = {
    Role.GUEST: N_("%(name)s is now a guest"),
    Role.MEMBER: N_("%(name)s is now a member"),
    Role.MODERATOR: N_("%(name)s is now a moderator"),
    Role.ADMIN: N_("%(name)s is now an admin"),
    Role.OWNER: N_("%(name)s is now an owner"),
}


def describe_notice(tr: Translator, notice: Notice, format_name: FormatName) -> str:
    """Return the sentence of a notice."""
    match notice:
        case RenamedNotice(before=before, after=after):
            return tr("%(before)s is now called %(after)s", before=format_name(before), after=format_name(after))
        case RoleChangedNotice(name=name, role=role):
            return tr(ROLE_NOTICES[role], name=format_name(name))
        case TopicChangedNotice(name=name, topic=""):
            return tr("%(name)s removed the topic", name=format_name(name))
        case TopicChangedNotice(name=name, topic=topic):
            shown = format_name(to_plain(topic, len(topic)))
            return tr("%(name)s changed the topic: %(topic)s", name=format_name(name), topic=shown)
        case HistoryClearedNotice(name=name):
            return tr("%(name)s cleared the history", name=format_name(name))
        case JoinLeaveSummary():
            named = ((change, [*map(format_name, notice.names(change))]) for change in JoinOrLeave)
            parts = (_joined_or_left(tr, change, names, _first(tr, names)) for change, names in named if names)
            return tr.concat(" · ", parts)
        case _ if isinstance(notice, DirectoryNotice):
            return _directory(tr, notice, format_name)
        case _:
            return _moderation(tr, notice, format_name)


def describe_changes(
    tr: Translator, summary: JoinLeaveSummary, format_name: FormatName
) -> Iterator[tuple[datetime, str]]:
    """Yield everybody who joined or left, in order, with the time; those of one minute in one sentence."""
    for (at, change), changes in groupby(summary.changes, key=lambda change: (_minute(change.at), change.change)):
        names = [format_name(change.name) for change in changes]
        yield at, _joined_or_left(tr, change, names, names)


def _directory(tr: Translator, event: DirectoryNotice, format_name: FormatName) -> str:
    by = format_name(event.actor.name)
    match event:
        case RoomRenamed(name=name):
            return tr("%(by)s renamed the room: %(name)s", by=by, name=format_name(name))
        case RoomDescribed(description=""):
            return tr("%(by)s removed the description", by=by)
        case RoomDescribed(description=description):
            return tr("%(by)s changed the description: %(description)s", by=by, description=format_name(description))
        case RoomArchived():
            return tr("%(by)s archived the room", by=by)
        case RoomReopened():
            return tr("%(by)s reopened the room", by=by)
        case MemberAdded(actor=actor, target=target) if actor.id == target.id:
            return _joined_or_left(tr, JoinOrLeave.JOINED, [by], [by])
        case MemberAdded(target=target):
            return tr("%(by)s added %(name)s", by=by, name=format_name(target.name))
        case MemberRemoved(actor=actor, target=target) if actor.id == target.id:
            return _joined_or_left(tr, JoinOrLeave.LEFT, [by], [by])
        case MemberRemoved(target=target):
            return tr("%(by)s removed %(name)s", by=by, name=format_name(target.name))


def _moderation(tr: Translator, event: PublicModerationEvent, format_name: FormatName) -> str:
    by = format_name(event.actor.name)
    match event:
        case Muted(target=target, at=at, until=until):
            time = tr.duration(round((until - at).total_seconds()))
            return tr("%(name)s was muted by %(by)s (%(time)s)", name=format_name(target.name), by=by, time=time)
        case Unmuted(target=target):
            return tr("%(by)s unmuted %(name)s", name=format_name(target.name), by=by)
        case Kicked(target=target):
            return tr("%(name)s was kicked by %(by)s", name=format_name(target.name), by=by)
        case Banned(target=target, at=at, until=datetime() as until):
            time = tr.duration(round((until - at).total_seconds()))
            return tr("%(name)s was banned by %(by)s (%(time)s)", name=format_name(target.name), by=by, time=time)
        case Banned(target=target):
            return tr("%(name)s was banned by %(by)s", name=format_name(target.name), by=by)
        case Unbanned(target=target):
            return tr("%(by)s unbanned %(name)s", name=format_name(target.name), by=by)
        case MessagesPurged(target=target, message_ids=message_ids):
            return tr.plural(
                "%(by)s deleted %(count)s message by %(name)s",
                "%(by)s deleted %(count)s messages by %(name)s",
                len(message_ids),
                name=format_name(target.name),
                by=by,
            )
        case SlowModeChanged(seconds=0):
            return tr("%(by)s turned off slow mode", by=by)
        case SlowModeChanged(seconds=seconds):
            return tr("%(by)s turned on slow mode: one message every %(time)s", by=by, time=tr.duration(seconds))
        case RoomLocked():
            return tr("%(by)s locked the room", by=by)
        case RoomUnlocked():
            return tr("%(by)s unlocked the room", by=by)


def _first(tr: Translator, names: list[str]) -> list[str]:
    """Return the first names, and how many others there are."""
    others = len(names) - NAMED_MEMBERS
    return [*names[:NAMED_MEMBERS], tr.plural("%(count)s other", "%(count)s others", others)] if others > 0 else names


def _joined_or_left(tr: Translator, change: JoinOrLeave, names: list[str], shown: list[str]) -> str:
    listed = tr.join(shown)
    if change is JoinOrLeave.JOINED:
        return tr.plural("%(names)s joined", "%(names)s joined", len(names), names=listed)
    return tr.plural("%(names)s left", "%(names)s left", len(names), names=listed)


def _minute(at: datetime) -> datetime:
    return at.replace(second=0, microsecond=0)
