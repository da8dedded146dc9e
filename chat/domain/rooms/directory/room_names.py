"""The names of rooms, and of the people in direct rooms."""

from chat.domain.people.people import People
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.users import UserRef


def others_in(room: RoomInfo, member_id: str, people: People) -> list[UserRef]:
    """Return the other people of a direct room, by name, without those whose name is forgotten."""
    found = map(people.find_user, room.members - {member_id})
    return sorted(filter(None, found), key=lambda user: user.name.casefold())


def names_of(room: RoomInfo, member_id: str, people: People) -> list[str]:
    """Return what a search can call a room: `#name` and `#slug`, or `@name` of each of the others in a direct room."""
    if room.kind is RoomKind.DIRECT:
        return [f"@{user.name}" for user in others_in(room, member_id, people)]
    return [f"#{room.name}", f"#{room.slug}"]
