"""The sentences of the audit log."""

from chat.domain.accounts.events import (
    AvatarChanged,
    InvitationCreated,
    InvitationRevoked,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.audit import ActionFailed, AuditEntry
from chat.domain.messages.events import HistoryCleared, MessageDeleted, TopicChanged
from chat.domain.moderation.events import MessageReported, ReportResolved, WordFilterChanged
from chat.domain.rooms.directory.room_info import RoomKind
from chat.domain.rooms.events import (
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.rooms.notices import HistoryClearedNotice, RoleChangedNotice, TopicChangedNotice
from chat.domain.text.translatable import N_
from chat.domain.users import Role
from chat.i18n.notices import FormatName, describe_notice
from chat.i18n.translator import Translator

ROLE_CHANGES = {
    Role.GUEST: N_("%(by)s made %(name)s a guest"),
    Role.MEMBER: N_("%(by)s made %(name)s a member"),
    Role.MODERATOR: N_("%(by)s made %(name)s a moderator"),
    Role.ADMIN: N_("%(by)s made %(name)s an admin"),
    Role.OWNER: N_("%(by)s made %(name)s an owner"),
}

RoomEntry = RoomCreated | RoomRenamed | RoomArchived | RoomReopened | MemberAdded | MemberRemoved


def describe_entry(tr: Translator, entry: AuditEntry, format_name: FormatName) -> str:
    """Return the sentence of an entry, with actor and target."""
    by = format_name(entry.actor.name)
    match entry:
        case ActionFailed(entry=failed):
            action = describe_entry(tr, failed, format_name)
            return tr("Not carried out, because it couldn't be saved: %(action)s", action=action)
        case HistoryCleared(at=at, actor=actor):
            return describe_notice(tr, HistoryClearedNotice(at, actor.name), format_name)
        case TopicChanged(at=at, actor=actor, topic=topic):
            return describe_notice(tr, TopicChangedNotice(at, actor.name, topic), format_name)
        case RoleChanged(at=at, actor=actor, target=target, role=role) if actor.id == target.id:
            return describe_notice(tr, RoleChangedNotice(at, target.name, role), format_name)
        case RoleChanged(target=target, role=role):
            return tr(ROLE_CHANGES[role], by=by, name=format_name(target.name))
        case AvatarChanged(target=target):
            return tr("%(by)s removed the picture of %(name)s", by=by, name=format_name(target.name))
        case MessageDeleted(target=target):
            return tr.plural(
                "%(by)s deleted %(count)s message by %(name)s",
                "%(by)s deleted %(count)s messages by %(name)s",
                1,
                by=by,
                name=format_name(target.name),
            )
        case WordFilterChanged(added=added, removed=removed):
            words = [*(f"+{word}" for word in sorted(added)), *(f"-{word}" for word in sorted(removed))]
            return tr("%(by)s changed the word filter: %(words)s", by=by, words=format_name(" ".join(words)))
        case MessageReported(target=target):
            return tr("%(by)s reported a message by %(name)s", by=by, name=format_name(target.name))
        case ReportResolved(target=target):
            name = format_name(target.name)
            return tr("%(by)s resolved the reports about a message by %(name)s", by=by, name=name)
        case PasswordResetCreated(actor=actor, target=target) if not actor.id:
            name = format_name(target.name)
            return tr("The operator created a link for %(name)s to choose a new password", name=name)
        case PasswordResetCreated(target=target):
            name = format_name(target.name)
            return tr("%(by)s created a link for %(name)s to choose a new password", by=by, name=name)
        case PasswordResetUsed():
            return tr("%(name)s chose a new password with a link", name=by)
        case InvitationCreated():
            return tr("%(by)s created an invitation", by=by)
        case InvitationRevoked():
            return tr("%(by)s revoked an invitation", by=by)
        case _ if isinstance(entry, RoomEntry):
            return _describe_room_entry(tr, entry, format_name)
        case _:
            return describe_notice(tr, entry, format_name)


def _describe_room_entry(tr: Translator, entry: RoomEntry, format_name: FormatName) -> str:
    """Return the sentence of an entry about rooms; the log doesn't know the names of private ones."""
    by = format_name(entry.actor.name)
    match entry:
        case RoomCreated(room=room) if room.kind is RoomKind.PRIVATE:
            return tr("%(by)s created a private room", by=by)
        case RoomCreated(room=room):
            return tr("%(by)s created the room %(room)s", by=by, room=format_name(room.name))
        case RoomRenamed(is_private=True):
            return tr("%(by)s renamed a private room", by=by)
        case RoomRenamed(before=before, name=name):
            before, name = format_name(before), format_name(name)
            return tr("%(by)s renamed the room %(before)s to %(room)s", by=by, before=before, room=name)
        case RoomArchived(is_private=True):
            return tr("%(by)s archived a private room", by=by)
        case RoomArchived(name=name):
            return tr("%(by)s archived the room %(room)s", by=by, room=format_name(name))
        case RoomReopened(is_private=True):
            return tr("%(by)s reopened a private room", by=by)
        case RoomReopened(name=name):
            return tr("%(by)s reopened the room %(room)s", by=by, room=format_name(name))
        case MemberAdded(target=target):
            return tr("%(by)s added %(name)s to a private room", by=by, name=format_name(target.name))
        case MemberRemoved(target=target):
            return tr("%(by)s removed %(name)s from a private room", by=by, name=format_name(target.name))
