"""Decides moderation actions against one member: mute, kick, ban, delete messages."""

from datetime import datetime, timedelta

from chat.domain.client_identity import shared_identifiers
from chat.domain.errors import CommandRefused, MessageRefused
from chat.domain.messages.events import MessagesPurged
from chat.domain.moderation.events import Banned, Kicked, Muted, Unbanned, Unmuted
from chat.domain.moderation.sanctions import Sanction
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.rooms.moderation.decision_values import check_number, parse_reason
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    KickMember,
    MuteMember,
    PurgeMessages,
    UnbanMember,
    UnmuteMember,
)
from chat.domain.rooms.room import Room
from chat.domain.users import Member, UserRef

MAX_DURATION = timedelta(days=366)
KICK_DURATION = timedelta(minutes=1)
MAX_PURGE = 100


def mute(room: Room, actor: Member, action: MuteMember, now: datetime) -> Muted:
    target = _outranked(room, actor, Permission.MUTE, action.target_id)
    until = now + _check_duration(action.duration)
    _check_not_shortened(room, actor, room.moderation.mutes.get(target.id), until)
    known = room.moderation.identifiers_of(target.id)
    return Muted(room.id, actor.ref, target, now, until, known, parse_reason(action.reason))


def unmute(room: Room, actor: Member, action: UnmuteMember, now: datetime) -> Unmuted:
    target = _outranked(room, actor, Permission.MUTE, action.target_id)
    found = room.moderation.mutes.get(target.id)
    if not found:
        raise CommandRefused("not-muted", name=target.name)
    room.people.require_not_below(actor, found.actor)
    return Unmuted(room.id, actor.ref, target, now)


def kick(room: Room, actor: Member, action: KickMember, now: datetime) -> Kicked:
    target = _outranked(room, actor, Permission.KICK, action.target_id)
    known = room.moderation.identifiers_of(target.id)
    return Kicked(room.id, actor.ref, target, now, now + KICK_DURATION, known, parse_reason(action.reason))


def ban(room: Room, actor: Member, action: BanMember, now: datetime) -> Banned:
    target = _outranked(room, actor, Permission.BAN, action.target_id)
    if action.purge:
        check_purge(room, actor, PurgeMessages(action.target_id, action.purge))
    until = now + _check_duration(action.duration) if action.duration is not None else None
    _check_not_shortened(room, actor, room.moderation.bans.get(target.id), until)
    known = room.moderation.identifiers_of(target.id) - _addresses_of_moderators(room)
    return Banned(room.id, actor.ref, target, now, until, known, parse_reason(action.reason))


def _addresses_of_moderators(room: Room) -> frozenset[str]:
    """Return the addresses of present moderators: banning these would bar the people who share them."""
    moderators = [member.id for member in room.people.members.values() if has_permission(member.role, Permission.BAN)]
    return frozenset().union(*(shared_identifiers(room.moderation.identifiers_of(i)) for i in moderators))


def unban(room: Room, actor: Member, action: UnbanMember, now: datetime) -> Unbanned:
    require(actor.role, Permission.BAN)
    found = room.moderation.bans.get(action.target_id) if isinstance(action.target_id, str) else None
    if not found:
        raise CommandRefused("not-banned")
    room.people.require_not_below(actor, found.actor)
    return Unbanned(room.id, actor.ref, found.target, now)


def purge(room: Room, actor: Member, action: PurgeMessages, now: datetime) -> MessagesPurged:
    require(actor.role, Permission.DELETE_ANY, is_direct=room.is_direct)
    target, count = check_purge(room, actor, action)
    posted = [message.id for message in reversed(room.conversation.history) if message.author == target.id]
    if not posted:
        raise MessageRefused("purge-nothing", name=target.name)
    return MessagesPurged(room.id, actor.ref, target, now, tuple(posted[:count]))


def check_purge(room: Room, actor: Member, action: PurgeMessages) -> tuple[UserRef, int]:
    """Return whose messages to delete, and how many; raises `CommandRefused`, `NotAllowed`."""
    target = _outranked(room, actor, Permission.DELETE_ANY, action.target_id)
    count = check_number(action.count)
    if not 1 <= count <= MAX_PURGE:
        raise CommandRefused("purge-range", limit=MAX_PURGE)
    return target, count


def _outranked(room: Room, actor: Member, permission: Permission, target_id: object) -> UserRef:
    """Return the target if the actor has the permission and outranks them; raises `CommandRefused`, `NotAllowed`."""
    require(actor.role, permission)
    target = room.people.find_user(target_id)
    if target is None:
        raise CommandRefused("nobody")
    require(actor.role, permission, room.people.role_of(target.id))
    return target


def _check_not_shortened(room: Room, actor: Member, found: Sanction | None, until: datetime | None) -> None:
    """Raise `NotAllowed` if a new sanction would end before the current one, which the actor may not lift."""
    if found and until and (found.until is None or until < found.until):
        room.people.require_not_below(actor, found.actor)


def _check_duration(duration: timedelta) -> timedelta:
    if not timedelta() < duration <= MAX_DURATION:
        raise CommandRefused("duration-range", limit=MAX_DURATION.days)
    return duration
