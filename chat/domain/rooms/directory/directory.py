"""The directory of rooms, always in memory: finds rooms, and applies the events that change them."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime
from itertools import count

from chat.domain.errors import RoomRefused
from chat.domain.rooms.directory.direct_rooms import begun, is_open
from chat.domain.rooms.directory.room_changes import changed
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind, audience, direct_id, may_see
from chat.domain.rooms.directory.room_policy import may_manage
from chat.domain.rooms.directory.slugs import make_slug
from chat.domain.rooms.events import (
    DirectoryEvent,
    RoomCreated,
    RoomDeleted,
)
from chat.domain.text.folding import fold
from chat.domain.users import Member


class RoomDirectory:
    """Rooms by id and by slug; the lobby is always one of them. Only `apply` and `advance` change it.

    `last` has the number of each room's last event, also of rooms that aren't loaded; `last_at` the time of its last
    message, if that is known.
    """

    def __init__(self, rooms: Iterable[RoomInfo] = ()) -> None:
        self._by_id = {LOBBY: RoomInfo(LOBBY, RoomKind.PUBLIC, "Lobby", LOBBY)}
        self._by_id |= {room.id: room for room in rooms}
        self.last: dict[str, int] = {}
        self.last_at: dict[str, datetime] = {}
        self._by_slug = {slug: room.id for room in self for slug in (*room.former_slugs, room.slug) if slug}

    def __iter__(self) -> Iterator[RoomInfo]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, room_id: str) -> RoomInfo | None:
        return self._by_id.get(room_id)

    def is_private(self, room_id: str) -> bool:
        """Tell whether there is such a room, and not everyone sees it."""
        room = self.get(room_id)
        return room is not None and audience(room) is not None

    def room_for(self, member_id: str, room_id: object) -> RoomInfo:
        """Return a room that the member may see; raises the same `RoomRefused` for any other and for none."""
        room = self._by_id.get(room_id) if isinstance(room_id, str) else None
        if room is None or not may_see(room, member_id):
            raise RoomRefused("room-gone")
        return room

    def find_by_slug(self, member_id: str, slug: object) -> RoomInfo:
        """Return the room with this slug, current or former; raises `RoomRefused`."""
        return self.room_for(member_id, self._by_slug.get(slug) if isinstance(slug, str) else None)

    def private_room_for(self, actor: Member, room_id: object) -> RoomInfo:
        """Return a private room of the actor; raises `RoomRefused`."""
        room = self.room_for(actor.id, room_id)
        if room.kind is not RoomKind.PRIVATE:
            raise RoomRefused("room-not-private")
        return room

    def open_private_room_for(self, actor: Member, room_id: object) -> RoomInfo:
        """Return a private room of the actor that isn't archived; raises `RoomRefused`."""
        room = self.private_room_for(actor, room_id)
        if room.is_archived:
            raise RoomRefused("room-archived")
        return room

    def public_slug(self, slug: str) -> str | None:
        """Return the slug of the public room that has or had this slug, regardless of case and accents."""
        room = self._by_id.get(self._by_slug.get(fold(slug), ""))
        return room.slug if room and room.kind is RoomKind.PUBLIC else None

    def free_slug(self, name: str, kind: RoomKind, room_id: str) -> str:
        """Return a slug for a room of this name that no other room has or had."""
        # A private room's slug has a part of its id: a number would tell others that there is a room of this name.
        suffix = room_id[:6] if kind is RoomKind.PRIVATE else ""
        return make_slug(name, lambda slug: self._by_slug.get(slug, room_id) != room_id, suffix)

    def public(self) -> list[RoomInfo]:
        """Return the public rooms that aren't archived, by name; the lobby is first."""
        return self._listed(lambda room: room.kind is RoomKind.PUBLIC)

    def visible_to(self, member_id: str) -> list[RoomInfo]:
        """Return the rooms that a member may see and that aren't archived, by name; the lobby is first."""
        return self._listed(lambda room: may_see(room, member_id))

    def archived(self, actor: Member) -> list[RoomInfo]:
        """Return the archived rooms that a member may reopen, by name."""
        rooms = [room for room in self if room.is_archived and may_see(room, actor.id) and may_manage(actor, room)]
        return sorted(rooms, key=lambda room: (fold(room.name), room.id))

    def direct_rooms_of(self, member_id: str) -> list[RoomInfo]:
        """Return the direct rooms that a member is in, also those that they can't see before the first message."""
        return [room for room in self if room.kind is RoomKind.DIRECT and member_id in room.members]

    def direct_room_of(self, members: frozenset[str]) -> RoomInfo | None:
        """Return the direct room of these people and nobody else, first of all the one that began as theirs."""
        begun_as_theirs = self._by_id.get(direct_id(members))
        if begun_as_theirs and begun_as_theirs.members == members:
            return begun_as_theirs
        return next((room for room in self if room.kind is RoomKind.DIRECT and room.members == members), None)

    def free_direct_id(self, members: frozenset[str]) -> str:
        """Return a free id for a direct room of these people; a room that somebody left may have their first."""
        ids = (direct_id(members, attempt) for attempt in count())
        return next(room_id for room_id in ids if room_id not in self._by_id)

    def open_direct_rooms(self, member_id: str) -> list[RoomInfo]:
        """Return the direct rooms on a member's list, by their last messages, newest first."""
        rooms = [room for room in self if is_open(room, member_id, self.last.get(room.id, 0))]
        return sorted(rooms, key=self._talked_at, reverse=True)

    def _listed(self, is_wanted: Callable[[RoomInfo], bool]) -> list[RoomInfo]:
        rooms = [room for room in self if not room.is_archived and is_wanted(room)]
        return sorted(rooms, key=lambda room: (room.id != LOBBY, fold(room.name), room.id))

    def _talked_at(self, room: RoomInfo) -> datetime:
        return self.last_at.get(room.id) or room.created or datetime.min.replace(tzinfo=UTC)

    # Events.

    def apply(self, event: DirectoryEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case RoomCreated(room=room):
                return room.id not in self._by_id and self._put(room)
            case RoomDeleted(room_id=room_id):
                return self._drop(room_id)
        return self._change(event.room_id, lambda room: changed(room, event))

    def advance(self, room_id: str, number: int, at: datetime | None = None) -> None:
        """Note a room's last event and, if that is known, the time of its last message."""
        self.last[room_id] = max(self.last.get(room_id, 0), number)
        if at:
            self.last_at[room_id] = at
        if number:
            self._change(room_id, begun)

    def restore(self, other: "RoomDirectory") -> None:
        """Replace all rooms by those of another directory."""
        self._by_id, self._by_slug = other._by_id.copy(), other._by_slug.copy()
        for room_id, number in self.last.items():
            self.advance(room_id, number)

    def copy(self) -> "RoomDirectory":
        """Return a copy for trying out a change."""
        return RoomDirectory(self)

    def _put(self, room: RoomInfo) -> bool:
        before = self._by_id.get(room.id)
        for forgotten in set(before.former_slugs if before else ()).difference(room.former_slugs):
            self._by_slug.pop(forgotten, None)
        self._by_id[room.id] = room
        if room.slug:
            self._by_slug[room.slug] = room.id
        return True

    def _drop(self, room_id: str) -> bool:
        room = self._by_id.pop(room_id, None)
        self.last.pop(room_id, None)
        self.last_at.pop(room_id, None)
        for slug in (*room.former_slugs, room.slug) if room else ():
            self._by_slug.pop(slug, None)
        return room is not None

    def _change(self, room_id: str, change: Callable[[RoomInfo], RoomInfo]) -> bool:
        before = self._by_id.get(room_id)
        room = before and change(before)
        return room is not None and room != before and self._put(room)
