"""Decides every moderation action, by the table of permissions and the state of the room."""

from datetime import datetime

from chat.domain.accounts.events import AvatarChanged, RoleChanged
from chat.domain.errors import CommandRefused
from chat.domain.messages.events import MessagesPurged, TopicChanged
from chat.domain.moderation import word_filter
from chat.domain.moderation.events import (
    ModerationEvent,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    WordFilterChanged,
)
from chat.domain.moderation.slow_mode import MAX_SLOW_MODE
from chat.domain.people.avatars import remove_picture
from chat.domain.permissions import Permission, require
from chat.domain.rooms.moderation import report_decisions, role_decisions, sanction_decisions
from chat.domain.rooms.moderation.decision_values import check_number, check_text
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    ChangeRole,
    ChangeTopic,
    ChangeWordFilter,
    KickMember,
    LockRoom,
    ModerationAction,
    MuteMember,
    PurgeMessages,
    RemovePicture,
    ReportMessage,
    ResolveReports,
    SetSlowMode,
    UnbanMember,
    UnlockRoom,
    UnmuteMember,
)
from chat.domain.rooms.room import Room
from chat.domain.users import Member

ModerationOutcome = ModerationEvent | MessagesPurged | TopicChanged | RoleChanged | AvatarChanged


def decide(room: Room, actor: Member, action: ModerationAction, now: datetime) -> ModerationOutcome:
    """Return the event of an action; raises `NotAllowed` or another `ChatError`."""
    match action:
        case MuteMember():
            return sanction_decisions.mute(room, actor, action, now)
        case UnmuteMember():
            return sanction_decisions.unmute(room, actor, action, now)
        case KickMember():
            return sanction_decisions.kick(room, actor, action, now)
        case BanMember():
            return sanction_decisions.ban(room, actor, action, now)
        case UnbanMember():
            return sanction_decisions.unban(room, actor, action, now)
        case PurgeMessages():
            return sanction_decisions.purge(room, actor, action, now)
        case ChangeRole():
            return role_decisions.change_role(room, actor, action, now)
        case RemovePicture(target_id=target_id):
            return remove_picture(actor, room.people.require_known(target_id), now)
        case ReportMessage():
            return report_decisions.report(room, actor, action, now)
        case ResolveReports():
            return report_decisions.resolve(room, actor, action, now)
        case ChangeTopic():
            return room.conversation.change_topic(actor, check_text(action.topic) or "-", now)
        case SetSlowMode():
            return _set_slow_mode(room, actor, action, now)
        case LockRoom():
            require(actor.role, Permission.LOCK_ROOM, is_direct=room.is_direct)
            return RoomLocked(room.id, actor.ref, now)
        case UnlockRoom():
            require(actor.role, Permission.LOCK_ROOM, is_direct=room.is_direct)
            room.people.require_not_below(actor, room.restrictions.locked_by)
            return RoomUnlocked(room.id, actor.ref, now)
        case ChangeWordFilter():
            return _change_word_filter(room, actor, action, now)


def _set_slow_mode(room: Room, actor: Member, action: SetSlowMode, now: datetime) -> SlowModeChanged:
    require(actor.role, Permission.SET_SLOW_MODE, is_direct=room.is_direct)
    seconds = check_number(action.seconds)
    if not 0 <= seconds <= MAX_SLOW_MODE:
        raise CommandRefused("slow-range", limit=MAX_SLOW_MODE)
    if seconds != room.restrictions.slow_mode.seconds:
        room.people.require_not_below(actor, room.restrictions.slow_mode.actor)
    return SlowModeChanged(room.id, actor.ref, now, seconds)


def _change_word_filter(room: Room, actor: Member, action: ChangeWordFilter, now: datetime) -> WordFilterChanged:
    require(actor.role, Permission.CHANGE_WORD_FILTER)
    added = frozenset(map(word_filter.parse_entry, action.added))
    removed = frozenset(map(word_filter.parse_entry, action.removed))
    if len((room.moderation.blocked_words | added) - removed) > word_filter.MAX_WORDS:
        raise CommandRefused("filter-full", limit=word_filter.MAX_WORDS)
    return WordFilterChanged(room.id, actor.ref, now, added, removed)
