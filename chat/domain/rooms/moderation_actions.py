"""What moderators and admins do: each decides, and returns the fact, or raises `NotAllowed` or another `ChatError`."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from chat.domain.errors import CommandRefused, MessageRefused, NotAllowed, TextRefused
from chat.domain.events import MemberChanged
from chat.domain.messages.message import clean_text, is_visible
from chat.domain.moderation import word_filter as wordfilter
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
    Who,
    WordFilterChanged,
)
from chat.domain.moderation.sanctions import ADDRESS
from chat.domain.permissions import Action, is_above, may, require
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Role

LONGEST = timedelta(days=366)
KICKED_FOR = timedelta(minutes=1)
SLOWEST = 3600
WHY_LIMIT = 200
PURGED_AT_ONCE = 100
TEXT_KEPT = 500


def who(member: Member) -> Who:
    """A member as facts name them."""
    return Who(member.id, member.name)


def mute(room: Room, by: Member, whom: Who, now: datetime, *, length: timedelta, why: object = "") -> Muted:
    """Let somebody read only, for a time."""
    require(by.role, Action.MUTE, room.role_of(whom.id))
    return Muted(room.name, who(by), whom, now, now + _checked(length), room.moderation.marks_of(whom.id), reason(why))


def unmute(room: Room, by: Member, whom: Who, now: datetime) -> Unmuted:
    """Let somebody speak again; raises `CommandRefused` for who is not muted."""
    require(by.role, Action.MUTE, room.role_of(whom.id))
    if not room.moderation.mutes.get(whom.id):
        raise CommandRefused("not-muted", name=whom.name)
    return Unmuted(room.name, who(by), whom, now)


def kick(room: Room, by: Member, whom: Who, now: datetime, *, why: object = "") -> Kicked:
    """Send somebody out, for a minute."""
    require(by.role, Action.KICK, room.role_of(whom.id))
    marks = room.moderation.marks_of(whom.id)
    return Kicked(room.name, who(by), whom, now, now + KICKED_FOR, marks, reason(why))


def ban(room: Room, by: Member, whom: Who, now: datetime, *, length: timedelta | None, why: object = "") -> Banned:
    """Send somebody out for a time, or for good (None): account, session and address.

    An address that a moderator here comes from, too, is left out: it would bar everybody beside them.
    """
    require(by.role, Action.BAN, room.role_of(whom.id))
    own = [room.moderation.marks_of(m.id) for m in room.members.values() if may(m.role, Action.BAN)]
    shared = {mark for known in own for mark in known if mark.startswith(ADDRESS)}
    until = now + _checked(length) if length is not None else None
    return Banned(room.name, who(by), whom, now, until, room.moderation.marks_of(whom.id) - shared, reason(why))


def unban(room: Room, by: Member, member_id: object, now: datetime) -> Unbanned:
    """Let somebody come back; raises `CommandRefused` for who is not banned."""
    require(by.role, Action.BAN)
    found = room.moderation.bans.get(member_id) if isinstance(member_id, str) else None
    if not found:
        raise CommandRefused("not-banned")
    return Unbanned(room.name, who(by), found.whom, now)


def slow_down(room: Room, by: Member, seconds: int, now: datetime) -> SlowModeChanged:
    """Let people wait between two messages; 0 ends that."""
    require(by.role, Action.SLOW)
    if not 0 <= seconds <= SLOWEST:
        raise CommandRefused("slow-range", limit=SLOWEST)
    return SlowModeChanged(room.name, who(by), now, seconds)


def lock(room: Room, by: Member, on: bool, now: datetime) -> RoomLocked:
    """Make the room one to read only, or to write again."""
    require(by.role, Action.LOCK)
    return RoomLocked(room.name, who(by), now, on)


def purge(room: Room, by: Member, whom: Who, count: int, now: datetime) -> MessagesPurged:
    """Delete the last messages of somebody; raises `MessageRefused` where there are none."""
    require(by.role, Action.DELETE_OTHERS, room.role_of(whom.id))
    if not 1 <= count <= PURGED_AT_ONCE:
        raise CommandRefused("purge-range", limit=PURGED_AT_ONCE)
    said = [message.id for message in reversed(room.conversation.history) if message.author == whom.id]
    if not said:
        raise MessageRefused("purge-nothing", name=whom.name)
    return MessagesPurged(room.name, who(by), whom, now, tuple(said[:count]))


def change_filter(
    room: Room, by: Member, added: Iterable[object], removed: Iterable[object], now: datetime
) -> WordFilterChanged:
    """Refuse these words from now on, and those not any more."""
    require(by.role, Action.FILTER)
    new, gone = frozenset(map(wordfilter.entry, added)), frozenset(map(wordfilter.entry, removed))
    if len((room.moderation.words | new) - gone) > wordfilter.WORDS_LIMIT:
        raise CommandRefused("filter-full", limit=wordfilter.WORDS_LIMIT)
    return WordFilterChanged(room.name, who(by), now, new, gone)


def appoint(room: Room, by: Member, member_id: str, role: Role, now: datetime) -> MemberChanged:
    """Give somebody who is here, or has an account, another role; admins are appointed and dismissed by owners."""
    member = room.known(member_id)
    if member is None:
        raise CommandRefused("nobody")
    is_high = is_above(role, Role.MODERATOR) or is_above(member.role, Role.MODERATOR)
    require(by.role, Action.APPOINT_ADMINS if is_high else Action.APPOINT_MODERATORS, member.role)
    if not is_above(by.role, role):
        raise NotAllowed("role-too-high")
    return MemberChanged(room.name, member, member.promoted(role), now)


def report(room: Room, by: Member, message_id: object, now: datetime, *, why: object = "") -> MessageReported:
    """Tell the moderators about a message of somebody else; raises `MessageRefused` for who has done so before."""
    require(by.role, Action.REPORT)
    message = room.conversation.message(message_id)
    if message.author == by.id:
        raise MessageRefused("report-own")
    if room.moderation.reports.is_known(message.id, by.id):
        raise MessageRefused("report-again")
    author = Who(message.author, message.name)
    return MessageReported(room.name, who(by), author, now, message.id, reason(why), message.text[:TEXT_KEPT])


def settle(room: Room, by: Member, message_id: object, now: datetime, *, why: object = "") -> ReportResolved:
    """The reports of a message have been seen to; raises `MessageRefused` where there are none open."""
    require(by.role, Action.SEE_REPORTS)
    found = next((report for report in room.moderation.reports.open if report.message == message_id), None)
    if not found:
        raise MessageRefused("report-gone")
    return ReportResolved(room.name, who(by), found.author, now, found.message, reason(why))


def reason(text: object) -> str:
    """A reason as it is kept, in one line; nothing where there is none. Raises `TextRefused` for a long one."""
    if not isinstance(text, str) or not any(map(is_visible, text)):
        return ""
    line = " ".join(clean_text(text).split())
    if len(line) > WHY_LIMIT:
        raise TextRefused("reason-too-long", limit=WHY_LIMIT)
    return line


def _checked(length: timedelta) -> timedelta:
    if not timedelta() < length <= LONGEST:
        raise CommandRefused("duration-range", limit=LONGEST.days)
    return length
