"""Direct rooms: opened by one member, visible to the others from the first message on, closed by each alone."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from chat.domain.errors import RoomRefused
from chat.domain.permissions import Permission, require
from chat.domain.rooms.directory.room_info import MAX_DIRECT, RoomInfo, RoomKind, direct_id, may_see
from chat.domain.rooms.events import DirectClosed, DirectOpened, RoomCreated
from chat.domain.users import Member

MAX_CREATED = 500  # direct rooms by one member
MAX_UNUSED = 10
"""Rooms without a message that one member may have: peeking into many leaves no more behind."""


@dataclass(frozen=True, slots=True)
class WriteDirect:
    """Write to these people; without a text, only open their room."""

    member_ids: tuple[str, ...]
    text: str = ""


def new_direct(actor: Member, others: Iterable[str], now: datetime) -> RoomInfo:
    """Return the room of the actor and these people as it begins.

    Raises `NotAllowed`, or `RoomRefused` without other people or with too many.
    """
    require(actor.role, Permission.WRITE_DIRECT)
    members = frozenset({actor.id, *others})
    if len(members) < 2:
        raise RoomRefused("direct-self")
    if len(members) > MAX_DIRECT:
        raise RoomRefused("direct-size", limit=MAX_DIRECT)
    openers = frozenset({actor.id})
    return RoomInfo(
        direct_id(members), RoomKind.DIRECT, creator=actor.id, created=now, members=members, openers=openers
    )


def open_direct(known: RoomInfo | None, new: RoomInfo, actor: Member, now: datetime) -> RoomCreated | DirectOpened:
    """Show a direct room to a member, as it is `known` or as it begins."""
    return RoomCreated(actor.ref, now, new) if known is None else DirectOpened(known.id, actor.id, now)


def check_not_full(rooms: Iterable[RoomInfo], member_id: str) -> None:
    """Raise `RoomRefused` if a member has created too many direct rooms."""
    if sum(room.kind is RoomKind.DIRECT and room.creator == member_id for room in rooms) >= MAX_CREATED:
        raise RoomRefused("rooms-full", limit=MAX_CREATED)


def close_direct(room: RoomInfo, member_id: str, last: int, now: datetime) -> DirectClosed:
    """Take a direct room, whose last event is `last`, off a member's list. Raises `RoomRefused` for any other room."""
    if room.kind is not RoomKind.DIRECT:
        raise RoomRefused("room-fixed")
    return DirectClosed(room.id, member_id, now, last)


def unused_rooms(rooms: Iterable[RoomInfo], member_id: str) -> list[RoomInfo]:
    """Return the direct rooms that only this member opened, and nobody wrote in, newest first."""
    unused = [room for room in rooms if room.openers == {member_id}]
    return sorted(unused, key=lambda room: room.created or datetime.min.replace(tzinfo=UTC), reverse=True)


def goes_on_without(room: RoomInfo, member_id: str) -> bool:
    """Tell whether a direct room still has two people or more, and one of them sees it, once a member left."""
    return len(room.members) > 2 and room.openers != {member_id}


def is_over(room: RoomInfo, is_gone: Callable[[str], bool]) -> bool:
    """Tell whether at most one person is left in a direct room, or none who sees it."""
    left = frozenset(member_id for member_id in room.members if not is_gone(member_id))
    return len(left) < 2 or left.isdisjoint(room.openers or room.members)


def is_open(room: RoomInfo, member_id: str, last: int) -> bool:
    """Tell whether a direct room, whose last event is `last`, is on a member's list."""
    is_used = room.kind is RoomKind.DIRECT and not room.openers and last > 0
    return is_used and may_see(room, member_id) and not is_closed(room, member_id, last)


def is_closed(room: RoomInfo, member_id: str, last: int) -> bool:
    """Tell whether a member closed a direct room, whose last event is `last`, and nothing has happened since."""
    return last <= room.closed.get(member_id, -1)


def begun(room: RoomInfo) -> RoomInfo:
    """Return a room that has messages."""
    return replace(room, openers=frozenset()) if room.openers else room


def opened_or_closed(room: RoomInfo, event: DirectOpened | DirectClosed) -> RoomInfo:
    """Return a room as it is after an event."""
    closed = {member_id: number for member_id, number in room.closed.items() if member_id != event.member_id}
    if isinstance(event, DirectClosed):
        closed[event.member_id] = event.number
        return replace(room, closed=closed, openers=room.openers - {event.member_id})
    return replace(room, closed=closed, openers=room.openers and room.openers | {event.member_id})
