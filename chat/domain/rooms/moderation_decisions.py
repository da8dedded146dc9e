"""Decides every moderation action, by the table of permissions and the state of the room."""

from datetime import datetime, timedelta

from chat.domain.accounts.events import RoleChanged
from chat.domain.client_identity import shared_identifiers
from chat.domain.errors import CommandRefused, MessageRefused, NotAllowed, TextRefused
from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation import word_filter
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    ModerationEvent,
    Muted,
    ReportResolved,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
    WordFilterChanged,
)
from chat.domain.permissions import Permission, has_permission, is_above, require
from chat.domain.rooms.moderation_actions import (
    BanMember,
    ChangeRole,
    ChangeWordFilter,
    KickMember,
    LockRoom,
    ModerationAction,
    MuteMember,
    PurgeMessages,
    ReportMessage,
    ResolveReports,
    SetSlowMode,
    UnbanMember,
    UnlockRoom,
    UnmuteMember,
)
from chat.domain.rooms.room import Room
from chat.domain.text.cleaning import clean_text, is_visible
from chat.domain.users import Member, Role, UserRef

MAX_DURATION = timedelta(days=366)
KICK_DURATION = timedelta(minutes=1)
MAX_SLOW_MODE = 3600  # seconds
MAX_PURGE = 100
REASON_LIMIT = 200
REPORTED_TEXT_LIMIT = 500


ModerationOutcome = ModerationEvent | MessagesPurged | RoleChanged


def decide(room: Room, actor: Member, action: ModerationAction, now: datetime) -> ModerationOutcome:
    """Return the event of an action; raises `NotAllowed` or another `ChatError`."""
    match action:
        case MuteMember():
            return _mute(room, actor, action, now)
        case UnmuteMember():
            return _unmute(room, actor, action, now)
        case KickMember():
            return _kick(room, actor, action, now)
        case BanMember():
            return _ban(room, actor, action, now)
        case UnbanMember():
            return _unban(room, actor, action, now)
        case SetSlowMode():
            return _set_slow_mode(room, actor, action, now)
        case LockRoom():
            require(actor.role, Permission.LOCK_ROOM)
            return RoomLocked(room.name, actor.ref, now)
        case UnlockRoom():
            require(actor.role, Permission.LOCK_ROOM)
            return RoomUnlocked(room.name, actor.ref, now)
        case PurgeMessages():
            return _purge(room, actor, action, now)
        case ChangeWordFilter():
            return _change_word_filter(room, actor, action, now)
        case ChangeRole():
            return _change_role(room, actor, action, now)
        case ReportMessage():
            return _report(room, actor, action, now)
        case ResolveReports():
            return _resolve(room, actor, action, now)


def _mute(room: Room, actor: Member, action: MuteMember, now: datetime) -> Muted:
    target = _outranked(room, actor, Permission.MUTE, action.target_id)
    until = now + _check_duration(action.duration)
    known = room.moderation.identifiers_of(target.id)
    return Muted(room.name, actor.ref, target, now, until, known, parse_reason(action.reason))


def _unmute(room: Room, actor: Member, action: UnmuteMember, now: datetime) -> Unmuted:
    target = _outranked(room, actor, Permission.MUTE, action.target_id)
    if not room.moderation.mutes.get(target.id):
        raise CommandRefused("not-muted", name=target.name)
    return Unmuted(room.name, actor.ref, target, now)


def _kick(room: Room, actor: Member, action: KickMember, now: datetime) -> Kicked:
    target = _outranked(room, actor, Permission.KICK, action.target_id)
    known = room.moderation.identifiers_of(target.id)
    return Kicked(room.name, actor.ref, target, now, now + KICK_DURATION, known, parse_reason(action.reason))


def _ban(room: Room, actor: Member, action: BanMember, now: datetime) -> Banned:
    target = _outranked(room, actor, Permission.BAN, action.target_id)
    until = now + _check_duration(action.duration) if action.duration is not None else None
    known = room.moderation.identifiers_of(target.id) - _addresses_of_moderators(room)
    return Banned(room.name, actor.ref, target, now, until, known, parse_reason(action.reason))


def _addresses_of_moderators(room: Room) -> frozenset[str]:
    """Return the addresses of present moderators: banning these would bar the people who share them."""
    moderators = [member.id for member in room.members.values() if has_permission(member.role, Permission.BAN)]
    return frozenset().union(*(shared_identifiers(room.moderation.identifiers_of(i)) for i in moderators))


def _unban(room: Room, actor: Member, action: UnbanMember, now: datetime) -> Unbanned:
    require(actor.role, Permission.BAN)
    found = room.moderation.bans.get(action.target_id) if isinstance(action.target_id, str) else None
    if not found:
        raise CommandRefused("not-banned")
    return Unbanned(room.name, actor.ref, found.target, now)


def _set_slow_mode(room: Room, actor: Member, action: SetSlowMode, now: datetime) -> SlowModeChanged:
    require(actor.role, Permission.SET_SLOW_MODE)
    seconds = _check_number(action.seconds)
    if not 0 <= seconds <= MAX_SLOW_MODE:
        raise CommandRefused("slow-range", limit=MAX_SLOW_MODE)
    return SlowModeChanged(room.name, actor.ref, now, seconds)


def _purge(room: Room, actor: Member, action: PurgeMessages, now: datetime) -> MessagesPurged:
    target = _outranked(room, actor, Permission.DELETE_ANY, action.target_id)
    count = _check_number(action.count)
    if not 1 <= count <= MAX_PURGE:
        raise CommandRefused("purge-range", limit=MAX_PURGE)
    posted = [message.id for message in reversed(room.conversation.history) if message.author == target.id]
    if not posted:
        raise MessageRefused("purge-nothing", name=target.name)
    return MessagesPurged(room.name, actor.ref, target, now, tuple(posted[:count]))


def _change_word_filter(room: Room, actor: Member, action: ChangeWordFilter, now: datetime) -> WordFilterChanged:
    require(actor.role, Permission.CHANGE_WORD_FILTER)
    added = frozenset(map(word_filter.parse_entry, action.added))
    removed = frozenset(map(word_filter.parse_entry, action.removed))
    if len((room.moderation.blocked_words | added) - removed) > word_filter.MAX_WORDS:
        raise CommandRefused("filter-full", limit=word_filter.MAX_WORDS)
    return WordFilterChanged(room.name, actor.ref, now, added, removed)


def _change_role(room: Room, actor: Member, action: ChangeRole, now: datetime) -> RoleChanged:
    """Change a role; only owners appoint and remove admins."""
    if not isinstance(action.role, str) or action.role not in set(Role):
        raise CommandRefused("role-unknown", name=str(action.role)[:20])
    role = Role(action.role)
    member = room.find_member(action.target_id) if isinstance(action.target_id, str) else None
    if member is None:
        raise CommandRefused("nobody")
    is_admin = is_above(role, Role.MODERATOR) or is_above(member.role, Role.MODERATOR)
    require(actor.role, Permission.CHANGE_ADMINS if is_admin else Permission.CHANGE_MODERATORS, member.role)
    if not is_above(actor.role, role):
        raise NotAllowed("role-too-high")
    return RoleChanged(room.name, actor.ref, member.ref, now, member.role, role)


def _report(room: Room, actor: Member, action: ReportMessage, now: datetime) -> MessageReported:
    require(actor.role, Permission.REPORT)
    message = room.conversation.message(action.message_id)
    if message.author == actor.id:
        raise MessageRefused("report-own")
    if room.moderation.reports.has_reported(actor.id, message.id):
        raise MessageRefused("report-again")
    author, text = UserRef(message.author, message.name), message.text[:REPORTED_TEXT_LIMIT]
    return MessageReported(room.name, actor.ref, author, now, message.id, parse_reason(action.reason), text)


def _resolve(room: Room, actor: Member, action: ResolveReports, now: datetime) -> ReportResolved:
    require(actor.role, Permission.HANDLE_REPORTS)
    found = room.moderation.reports.open_for(action.message_id)
    if not found:
        raise MessageRefused("report-gone")
    return ReportResolved(room.name, actor.ref, found.author, now, found.message_id, parse_reason(action.reason))


def parse_reason(text: object) -> str:
    """Return a reason on one line, or an empty string. Raises `TextRefused` if it is too long."""
    if not isinstance(text, str) or not any(map(is_visible, text)):
        return ""
    line = " ".join(clean_text(text).split())
    if len(line) > REASON_LIMIT:
        raise TextRefused("reason-too-long", limit=REASON_LIMIT)
    return line


def _outranked(room: Room, actor: Member, permission: Permission, target_id: object) -> UserRef:
    """Return the target if the actor has the permission and outranks them; raises `CommandRefused`, `NotAllowed`."""
    require(actor.role, permission)
    target = room.find_user(target_id)
    if target is None:
        raise CommandRefused("nobody")
    require(actor.role, permission, room.role_of(target.id))
    return target


def _check_duration(duration: timedelta) -> timedelta:
    if not timedelta() < duration <= MAX_DURATION:
        raise CommandRefused("duration-range", limit=MAX_DURATION.days)
    return duration


def _check_number(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int):
        raise CommandRefused("number-wanted")
    return value
