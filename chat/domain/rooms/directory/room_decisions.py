"""Decides changes of rooms and their members: each function returns the event, or raises why there is none."""

from datetime import datetime

from chat.domain.errors import RoomRefused
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind
from chat.domain.rooms.directory.room_policy import RoomPolicy, may_manage
from chat.domain.rooms.events import (
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomDescribed,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.rooms.moderation.decision_values import parse_line
from chat.domain.users import Member, UserRef

NAME_LIMIT = 40
DESCRIPTION_LIMIT = 200
MAX_ROOMS = 10_000
MAX_OWN_ROOMS = 50  # of a member who is no admin


def create_room(
    directory: RoomDirectory,
    actor: Member,
    name: object,
    room_id: str,
    now: datetime,
    *,
    policy: RoomPolicy,
    is_private: bool = False,
) -> RoomCreated:
    """Create a room; of a private one the actor is the first member. Raises `NotAllowed`, `RoomRefused`."""
    policy.require(actor.role)
    if sum(room.kind is not RoomKind.DIRECT for room in directory) >= MAX_ROOMS:
        raise RoomRefused("rooms-full", limit=MAX_ROOMS)
    is_limited = not has_permission(actor.role, Permission.MANAGE_ROOMS)
    if is_limited and sum(_is_of(room, actor) for room in directory) >= MAX_OWN_ROOMS:
        raise RoomRefused("own-rooms-full", limit=MAX_OWN_ROOMS)
    kind = RoomKind.PRIVATE if is_private else RoomKind.PUBLIC
    members = frozenset({actor.id} if is_private else ())
    title = _check_name(name)
    room = RoomInfo(room_id, kind, title, directory.free_slug(title, kind, room_id), "", actor.id, now, members)
    return RoomCreated(actor.ref, now, room)


def rename_room(directory: RoomDirectory, actor: Member, room_id: object, name: object, now: datetime) -> RoomRenamed:
    """Give a room another name; raises `NotAllowed`, `RoomRefused`, `TextRefused`."""
    room, title = _managed(directory, actor, room_id), _check_name(name)
    slug = directory.free_slug(title, room.kind, room.id)
    return RoomRenamed(room.id, actor.ref, now, title, slug, room.name, room.kind is RoomKind.PRIVATE)


def describe_room(
    directory: RoomDirectory, actor: Member, room_id: object, description: object, now: datetime
) -> RoomDescribed:
    """Set the description, or remove it (empty). Raises `NotAllowed`, `RoomRefused`."""
    room = _managed(directory, actor, room_id)
    return RoomDescribed(room.id, actor.ref, now, parse_line(description, DESCRIPTION_LIMIT))


def archive_room(directory: RoomDirectory, actor: Member, room_id: object, now: datetime) -> RoomArchived:
    """Archive a room; raises `NotAllowed`, `RoomRefused`."""
    room = _managed(directory, actor, room_id)
    if room.id == LOBBY:
        raise RoomRefused("room-fixed")
    if room.is_archived:
        raise RoomRefused("room-archived")
    return RoomArchived(room.id, actor.ref, now, room.name, room.kind is RoomKind.PRIVATE)


def reopen_room(directory: RoomDirectory, actor: Member, room_id: object, now: datetime) -> RoomReopened:
    """Reopen an archived room; raises `NotAllowed`, `RoomRefused`."""
    room = _managed(directory, actor, room_id)
    if not room.is_archived:
        raise RoomRefused("room-open")
    return RoomReopened(room.id, actor.ref, now, room.name, room.kind is RoomKind.PRIVATE)


def add_member(directory: RoomDirectory, actor: Member, room_id: object, target: UserRef, now: datetime) -> MemberAdded:
    """Invite someone to a private room, as every member of it may. Raises `RoomRefused`."""
    room = directory.open_private_room_for(actor, room_id)
    if target.id in room.members:
        raise RoomRefused("room-member", name=target.name)
    return MemberAdded(room.id, actor.ref, target, now)


def remove_member(
    directory: RoomDirectory, actor: Member, room_id: object, target: UserRef, now: datetime
) -> MemberRemoved:
    """Leave a private room, or remove someone from it. Raises `NotAllowed`, `RoomRefused`."""
    room = directory.private_room_for(actor, room_id)
    if target.id != actor.id:
        _managed(directory, actor, room_id)
    if target.id not in room.members:
        raise RoomRefused("room-no-member", name=target.name)
    return MemberRemoved(room.id, actor.ref, target, now)


def _is_of(room: RoomInfo, actor: Member) -> bool:
    return room.creator == actor.id and room.kind is not RoomKind.DIRECT


def _managed(directory: RoomDirectory, actor: Member, room_id: object) -> RoomInfo:
    room = directory.room_for(actor.id, room_id)
    if room.kind is RoomKind.DIRECT:
        raise RoomRefused("room-fixed")
    if not may_manage(actor, room):
        require(actor.role, Permission.MANAGE_ROOMS)
    return room


def _check_name(name: object) -> str:
    line = parse_line(name, NAME_LIMIT)
    if not line:
        raise RoomRefused("name-empty")
    return line
