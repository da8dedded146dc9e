"""Links to private rooms: following one makes a member. Each room has at most one, which expires."""

from datetime import datetime, timedelta

from chat.domain.errors import RoomRefused
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo, RoomLink
from chat.domain.rooms.events import MemberAdded, RoomLinkCreated, RoomLinkRevoked
from chat.domain.users import Member

LINK_LASTS = timedelta(days=7)


def create_link(
    directory: RoomDirectory, actor: Member, room_id: object, digest: str, now: datetime
) -> RoomLinkCreated:
    """Create the link to a private room, as every member of it may; it replaces the one before. Raises `RoomRefused`.

    `digest` is that of a secret of at least 128 bits.
    """
    room = directory.open_private_room_for(actor, room_id)
    return RoomLinkCreated(room.id, actor.ref, now, RoomLink(digest, now + LINK_LASTS))


def revoke_link(directory: RoomDirectory, actor: Member, room_id: object, now: datetime) -> RoomLinkRevoked:
    """Revoke the link to a private room; raises `RoomRefused`."""
    room = directory.private_room_for(actor, room_id)
    if room.link is None:
        raise RoomRefused("link-over")
    return RoomLinkRevoked(room.id, actor.ref, now)


def follow_link(directory: RoomDirectory, actor: Member, digest: str, now: datetime) -> RoomInfo | MemberAdded:
    """Return the room of a link, or the event that makes the actor its member.

    Raises the same `RoomRefused` for a link that has expired or was revoked, for one to an archived room, and for none.
    """
    for room in directory:
        if room.link and room.link.digest == digest and room.link.until > now:
            if actor.id in room.members:
                return room
            if not room.is_archived:
                return MemberAdded(room.id, actor.ref, actor.ref, now)
    raise RoomRefused("link-over")
