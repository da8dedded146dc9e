"""What moderators and admins do: each decides, and returns the fact, or raises `NotAllowed` or another `ChatError`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chat.domain.errors import CommandRefused, MessageRefused, NotAllowed, TextRefused
from chat.domain.events import MemberChanged
from chat.domain.messages.message import clean_text, is_visible
from chat.domain.moderation import word_filter
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    MessagesPurged,
    Muted,
    ReportResolved,
    RoomLocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
    UserRef,
    WordFilterChanged,
)
from chat.domain.moderation.sanctions import ADDRESS
from chat.domain.permissions import Permission, has_permission, is_above, require
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role

MAX_DURATION = timedelta(days=366)
KICK_DURATION = timedelta(minutes=1)
MAX_SLOW_MODE = 3600
REASON_LIMIT = 200
PURGE_LIMIT = 100
REPORTED_TEXT_LIMIT = 500


def user_ref(member: Member) -> UserRef:
    """A member as facts name them."""
    return UserRef(member.id, member.name)


def mute(room: Room, by: Member, whom: UserRef, now: datetime, *, length: timedelta, why: object = "") -> Muted:
    """Let somebody read only, for a time."""
    require(by.role, Permission.MUTE, room.role_of(whom.id))
    return Muted(
        room.name, user_ref(by), whom, now, now + _checked(length), room.moderation.identifiers_of(whom.id), reason(why)
    )


def unmute(room: Room, by: Member, whom: UserRef, now: datetime) -> Unmuted:
    """Let somebody speak again; raises `CommandRefused` for who is not muted."""
    require(by.role, Permission.MUTE, room.role_of(whom.id))
    if not room.moderation.mutes.get(whom.id):
        raise CommandRefused("not-muted", name=whom.name)
    return Unmuted(room.name, user_ref(by), whom, now)


def kick(room: Room, by: Member, whom: UserRef, now: datetime, *, why: object = "") -> Kicked:
    """Send somebody out, for a minute."""
    require(by.role, Permission.KICK, room.role_of(whom.id))
    identifiers = room.moderation.identifiers_of(whom.id)
    return Kicked(room.name, user_ref(by), whom, now, now + KICK_DURATION, identifiers, reason(why))


def ban(room: Room, by: Member, whom: UserRef, now: datetime, *, length: timedelta | None, why: object = "") -> Banned:
    """Send somebody out for a time, or for good (None): account, session and address.

    An address that a moderator here comes from, too, is left out: it would bar everybody beside them.
    """
    require(by.role, Permission.BAN, room.role_of(whom.id))
    own = [
        room.moderation.identifiers_of(m.id) for m in room.members.values() if has_permission(m.role, Permission.BAN)
    ]
    shared = {mark for known in own for mark in known if mark.startswith(ADDRESS)}
    until = now + _checked(length) if length is not None else None
    return Banned(
        room.name, user_ref(by), whom, now, until, room.moderation.identifiers_of(whom.id) - shared, reason(why)
    )


def unban(room: Room, by: Member, member_id: object, now: datetime) -> Unbanned:
    """Let somebody come back; raises `CommandRefused` for who is not banned."""
    require(by.role, Permission.BAN)
    found = room.moderation.bans.get(member_id) if isinstance(member_id, str) else None
    if not found:
        raise CommandRefused("not-banned")
    return Unbanned(room.name, user_ref(by), found.whom, now)


def set_slow_mode(room: Room, by: Member, seconds: int, now: datetime) -> SlowModeChanged:
    """Let people wait between two messages; 0 ends that."""
    require(by.role, Permission.SET_SLOW_MODE)
    if not 0 <= seconds <= MAX_SLOW_MODE:
        raise CommandRefused("slow-range", limit=MAX_SLOW_MODE)
    return SlowModeChanged(room.name, user_ref(by), now, seconds)


def lock(room: Room, by: Member, on: bool, now: datetime) -> RoomLocked:
    """Make the room one to read only, or to write again."""
    require(by.role, Permission.LOCK_ROOM)
    return RoomLocked(room.name, user_ref(by), now, on)


def purge(room: Room, by: Member, whom: UserRef, count: int, now: datetime) -> MessagesPurged:
    """Delete the last messages of somebody; raises `MessageRefused` where there are none."""
    require(by.role, Permission.DELETE_ANY, room.role_of(whom.id))
    if not 1 <= count <= PURGE_LIMIT:
        raise CommandRefused("purge-range", limit=PURGE_LIMIT)
    said = [message.id for message in reversed(room.conversation.history) if message.author == whom.id]
    if not said:
        raise MessageRefused("purge-nothing", name=whom.name)
    return MessagesPurged(room.name, user_ref(by), whom, now, tuple(said[:count]))


def change_filter(
    room: Room, by: Member, added: Iterable[object], removed: Iterable[object], now: datetime
) -> WordFilterChanged:
    """Refuse these words from now on, and those not any more."""
    require(by.role, Permission.CHANGE_WORD_FILTER)
    new, gone = frozenset(map(word_filter.entry, added)), frozenset(map(word_filter.entry, removed))
    if len((room.moderation.words | new) - gone) > word_filter.WORDS_LIMIT:
        raise CommandRefused("filter-full", limit=word_filter.WORDS_LIMIT)
    return WordFilterChanged(room.name, user_ref(by), now, new, gone)


def change_role(room: Room, by: Member, member_id: str, role: Role, now: datetime) -> MemberChanged:
    """Give somebody who is here, or has an account, another role; admins are appointed and dismissed by owners."""
    member = room.known(member_id)
    if member is None:
        raise CommandRefused("nobody")
    is_high = is_above(role, Role.MODERATOR) or is_above(member.role, Role.MODERATOR)
    require(by.role, Permission.CHANGE_ADMINS if is_high else Permission.CHANGE_MODERATORS, member.role)
    if not is_above(by.role, role):
        raise NotAllowed("role-too-high")
    return MemberChanged(room.name, member, member.with_role(role), now)


def report(room: Room, by: Member, message_id: object, now: datetime, *, why: object = "") -> MessageReported:
    """Tell the moderators about a message of somebody else; raises `MessageRefused` for who has done so before."""
    require(by.role, Permission.REPORT)
    message = room.conversation.message(message_id)
    if message.author == by.id:
        raise MessageRefused("report-own")
    if room.moderation.reports.is_known(message.id, by.id):
        raise MessageRefused("report-again")
    author = UserRef(message.author, message.name)
    return MessageReported(
        room.name, user_ref(by), author, now, message.id, reason(why), message.text[:REPORTED_TEXT_LIMIT]
    )


def resolve(room: Room, by: Member, message_id: object, now: datetime, *, why: object = "") -> ReportResolved:
    """The reports of a message have been seen to; raises `MessageRefused` where there are none open."""
    require(by.role, Permission.HANDLE_REPORTS)
    found = next((report for report in room.moderation.reports.open if report.message == message_id), None)
    if not found:
        raise MessageRefused("report-gone")
    return ReportResolved(room.name, user_ref(by), found.author, now, found.message, reason(why))


def reason(text: object) -> str:
    """A reason as it is kept, in one line; nothing where there is none. Raises `TextRefused` for a long one."""
    if not isinstance(text, str) or not any(map(is_visible, text)):
        return ""
    line = " ".join(clean_text(text).split())
    if len(line) > REASON_LIMIT:
        raise TextRefused("reason-too-long", limit=REASON_LIMIT)
    return line


def _checked(length: timedelta) -> timedelta:
    if not timedelta() < length <= MAX_DURATION:
        raise CommandRefused("duration-range", limit=MAX_DURATION.days)
    return length
