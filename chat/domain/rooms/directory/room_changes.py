"""How events change a room in the directory."""

from dataclasses import replace

from chat.domain.rooms.directory.direct_rooms import opened_or_closed
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.events import (
    DirectClosed,
    DirectOpened,
    DirectoryEvent,
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomDescribed,
    RoomLinkCreated,
    RoomLinkRevoked,
    RoomRenamed,
    RoomReopened,
)

MAX_FORMER_SLUGS = 50  # of a room; any earlier ones are free again


def changed(room: RoomInfo, event: DirectoryEvent) -> RoomInfo:
    """Return a room as it is after an event; after the same event again, it is the same."""
    match event:
        case RoomRenamed(name=name, slug=slug):
            former = tuple(known for known in (*room.former_slugs, room.slug) if known != slug)
            return replace(room, name=name, slug=slug, former_slugs=former[-MAX_FORMER_SLUGS:])
        case RoomDescribed(description=description):
            return replace(room, description=description)
        case RoomArchived():
            return replace(room, is_archived=True)
        case RoomReopened():
            return replace(room, is_archived=False)
        case MemberAdded(actor=actor, target=target, at=at):
            invited = room.invited if actor.id == target.id else {**room.invited, target.id: at}
            return replace(room, members=room.members | {target.id}, invited=invited)
        case MemberRemoved(actor=actor, target=target):
            # The removed member may know the link.
            link = room.link if actor.id == target.id else None
            members, openers = room.members - {target.id}, room.openers - {target.id}
            invited = {member_id: at for member_id, at in room.invited.items() if member_id != target.id}
            return replace(room, members=members, openers=openers, link=link, invited=invited)
        case RoomLinkCreated(link=link):
            return replace(room, link=link)
        case RoomLinkRevoked():
            return replace(room, link=None)
        case DirectOpened() | DirectClosed():
            return opened_or_closed(room, event)
    return room
