"""The entries of the audit log as sentences."""

from chat.domain.accounts.events import InvitationCreated, InvitationRevoked, RoleChanged
from chat.domain.audit import AuditedEvent
from chat.domain.commands.registry import N_
from chat.domain.messages.events import HistoryCleared, MessageDeleted, TopicChanged
from chat.domain.moderation.events import MessageReported, ReportResolved, WordFilterChanged
from chat.domain.rooms.timeline import HistoryClearedNotice, RoleChangedNotice, TopicChangedNotice
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


def told(_: Translator, entry: Entry, mark: Callable[[str], str]) -> str:
    """Who did what to whom; `mark` as in `notices.notice`. What another version did is called as it is written."""
    notice, by = _as_notice(entry), mark(entry.by.name)
    if notice:
        return told_to_all(_, notice, mark)
    name = mark(entry.whom.name) if entry.whom else ""
    match entry.act:
        case "delete":
            one = "%(by)s deleted %(count)s message of %(name)s"
            return _.plural(one, "%(by)s deleted %(count)s messages of %(name)s", 1, by=by, name=name)
        case "role":
            role = entry.what.rpartition(" ")[2]
            known = _(ROLES[Role(role)]) if role in set(Role) else role
            return _("%(by)s gave %(name)s another role: %(role)s", by=by, name=name, role=known)
        case "filter":
            return _("%(by)s changed the word filter: %(words)s", by=by, words=mark(entry.what))
        case "report":
            return _("%(by)s reported a message of %(name)s", by=by, name=name)
        case "settle":
            return _("%(by)s settled the reports about a message of %(name)s", by=by, name=name)
        case "invite":
            return _("%(by)s made an invitation", by=by)
        case "revoke":
            return _("%(by)s revoked an invitation", by=by)
    return _.concat(" ", (by, mark(entry.act), name))


def _as_notice(entry: Entry) -> Notice | None:
    """What everybody in the room was told of it, if they were."""
    room, by, whom, at, until = entry.room, entry.by, entry.whom or NOBODY, entry.at, entry.until
    number = entry.what.partition(" ")[0]
    match entry.act:
        case "clear":
            return HistoryClearedNotice(at, by.name)
        case "topic":
            return TopicChangedNotice(at, by.name, entry.what)
        case "mute" if until:
            return Muted(room, by, whom, at, until, UNMARKED)
        case "unmute":
            return Unmuted(room, by, whom, at)
        case "kick" if until:
            return Kicked(room, by, whom, at, until, UNMARKED)
        case "ban":
            return Banned(room, by, whom, at, until, UNMARKED)
        case "unban":
            return Unbanned(room, by, whom, at)
        case "slow" if number.isdecimal():
            return SlowModeChanged(room, by, at, int(number))
        case "lock":
            return RoomLocked(room, by, at, entry.what == "on")
        case "purge" if number.isdecimal():
            return MessagesPurged(room, by, whom, at, ("",) * int(number))
    return None
