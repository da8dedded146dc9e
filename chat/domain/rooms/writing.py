"""Checks that a message in a room would have readers."""

from chat.domain.errors import CommandRefused, RoomRefused
from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind


def check_can_write(people: People, member_id: str, room: RoomInfo) -> None:
    """Raise `RoomRefused` in an archived room, `CommandRefused` in a direct one with nobody to read it."""
    if room.is_archived:
        raise RoomRefused("room-archived")
    others = room.members - {member_id}
    if room.kind is RoomKind.DIRECT and not any(can_write_to(people, member_id, other_id) for other_id in others):
        raise CommandRefused("nobody")


def can_write_to(people: People, member_id: str, other_id: str) -> bool:
    """Tell whether the other person is here or within reach, or will read it later, as both have accounts."""
    accounts = people.accounts
    is_kept = accounts.get(member_id) is not None and accounts.get(other_id) is not None
    return is_kept or other_id in people.members or people.is_reached(other_id)
