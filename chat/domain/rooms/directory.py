"""The directory of rooms, always in memory: decides changes of rooms and their members, and applies the events."""

from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime

from chat.domain.errors import RoomRefused
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.rooms.decision_values import parse_line
from chat.domain.rooms.direct_rooms import begun, is_open
from chat.domain.rooms.events import (
    DirectoryEvent,
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomDeleted,
    RoomDescribed,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.rooms.room_changes import changed
from chat.domain.rooms.room_info import LOBBY, RoomInfo, RoomKind, audience, may_see
from chat.domain.rooms.room_policy import RoomPolicy, may_manage
from chat.domain.rooms.slugs import make_slug
from chat.domain.text.folding import fold
from chat.domain.users import Member, UserRef

NAME_LIMIT = 40
DESCRIPTION_LIMIT = 200
MAX_ROOMS = 10_000
MAX_OWN_ROOMS = 50  # of a member who is no admin


class RoomDirectory:
    """Rooms by id and by slug; the lobby is always one of them. Decisions change nothing; `apply` does.

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
        """Tell whether a room is there that not everyone sees."""
        room = self.get(room_id)
        return room is not None and audience(room) is not None

    def room_for(self, member_id: str, room_id: object) -> RoomInfo:
        """Return a room that the member may see; raises the same `RoomRefused` for any other and for none."""
        room = self._by_id.get(room_id) if isinstance(room_id, str) else None
        if room is None or not may_see(room, member_id):
            raise RoomRefused("room-gone")
        return room

    def find_by_slug(self, member_id: str, slug: object) -> RoomInfo:
        """Return the room that an address leads to, by its slug or a former one; raises `RoomRefused`."""
        return self.room_for(member_id, self._by_slug.get(slug) if isinstance(slug, str) else None)

    def public_slug(self, slug: str) -> str | None:
        """Return the slug of the room of everyone that has this slug or had it, whatever its case and accents."""
        room = self._by_id.get(self._by_slug.get(fold(slug), ""))
        return room.slug if room and room.kind is RoomKind.PUBLIC else None

    def public(self) -> list[RoomInfo]:
        """Return the rooms of everyone that aren't archived, by name; the lobby is first."""
        return self._listed(lambda room: room.kind is RoomKind.PUBLIC)

    def visible_to(self, member_id: str) -> list[RoomInfo]:
        """Return the rooms that a member may see and that aren't archived, by name; the lobby is first."""
        return self._listed(lambda room: may_see(room, member_id))

    def _listed(self, is_wanted: Callable[[RoomInfo], bool]) -> list[RoomInfo]:
        rooms = [room for room in self if not room.is_archived and is_wanted(room)]
        return sorted(rooms, key=lambda room: (room.id != LOBBY, fold(room.name), room.id))

    def archived(self, actor: Member) -> list[RoomInfo]:
        """Return the archived rooms that a member may reopen, by name."""
        rooms = [room for room in self if room.is_archived and may_see(room, actor.id) and may_manage(actor, room)]
        return sorted(rooms, key=lambda room: (fold(room.name), room.id))

    def direct_rooms_of(self, member_id: str) -> list[RoomInfo]:
        """Return the direct rooms that a member is in, also those that they can't see before the first message."""
        return [room for room in self if room.kind is RoomKind.DIRECT and member_id in room.members]

    def open_direct_rooms(self, member_id: str) -> list[RoomInfo]:
        """Return the direct rooms on a member's list, by their last messages, newest first."""
        rooms = [room for room in self if is_open(room, member_id, self.last.get(room.id, 0))]
        return sorted(rooms, key=self._talked_at, reverse=True)

    # Decisions.

    def create(
        self, actor: Member, name: object, room_id: str, now: datetime, policy: RoomPolicy, *, is_private: bool = False
    ) -> RoomCreated:
        """Create a room; of a private one the actor is the first member. Raises `NotAllowed`, `RoomRefused`."""
        policy.require(actor.role)
        if sum(room.kind is not RoomKind.DIRECT for room in self) >= MAX_ROOMS:
            raise RoomRefused("rooms-full", limit=MAX_ROOMS)
        is_limited = not has_permission(actor.role, Permission.MANAGE_ROOMS)
        if is_limited and sum(self._is_of(room, actor) for room in self) >= MAX_OWN_ROOMS:
            raise RoomRefused("own-rooms-full", limit=MAX_OWN_ROOMS)
        kind = RoomKind.PRIVATE if is_private else RoomKind.PUBLIC
        members = frozenset({actor.id} if is_private else ())
        title = _check_name(name)
        room = RoomInfo(room_id, kind, title, self._slug(title, kind, room_id), "", actor.id, now, members)
        return RoomCreated(actor.ref, now, room)

    def rename(self, actor: Member, room_id: object, name: object, now: datetime) -> RoomRenamed:
        """Give a room another name; raises `NotAllowed`, `RoomRefused`, `TextRefused`."""
        room, title = self._managed(actor, room_id), _check_name(name)
        slug = self._slug(title, room.kind, room.id)
        return RoomRenamed(room.id, actor.ref, now, title, slug, room.name, room.kind is RoomKind.PRIVATE)

    def describe(self, actor: Member, room_id: object, description: object, now: datetime) -> RoomDescribed:
        """Set the description, or remove it (empty). Raises `NotAllowed`, `RoomRefused`."""
        room = self._managed(actor, room_id)
        return RoomDescribed(room.id, actor.ref, now, parse_line(description, DESCRIPTION_LIMIT))

    def archive(self, actor: Member, room_id: object, now: datetime) -> RoomArchived:
        """End the talk in a room; raises `NotAllowed`, `RoomRefused`."""
        room = self._managed(actor, room_id)
        if room.id == LOBBY:
            raise RoomRefused("room-fixed")
        if room.is_archived:
            raise RoomRefused("room-archived")
        return RoomArchived(room.id, actor.ref, now, room.name, room.kind is RoomKind.PRIVATE)

    def reopen(self, actor: Member, room_id: object, now: datetime) -> RoomReopened:
        """Let the talk in an archived room go on; raises `NotAllowed`, `RoomRefused`."""
        room = self._managed(actor, room_id)
        if not room.is_archived:
            raise RoomRefused("room-open")
        return RoomReopened(room.id, actor.ref, now, room.name, room.kind is RoomKind.PRIVATE)

    def add_member(self, actor: Member, room_id: object, target: UserRef, now: datetime) -> MemberAdded:
        """Invite someone to a private room, as every member of it may. Raises `RoomRefused`."""
        room = self.private_room_for(actor, room_id)
        if target.id in room.members:
            raise RoomRefused("room-member", name=target.name)
        return MemberAdded(room.id, actor.ref, target, now)

    def remove_member(self, actor: Member, room_id: object, target: UserRef, now: datetime) -> MemberRemoved:
        """Leave a private room, or remove someone from it. Raises `NotAllowed`, `RoomRefused`."""
        room = self.private_room_for(actor, room_id)
        if target.id != actor.id:
            self._managed(actor, room_id)
        if target.id not in room.members:
            raise RoomRefused("room-no-member", name=target.name)
        return MemberRemoved(room.id, actor.ref, target, now)

    def _is_of(self, room: RoomInfo, actor: Member) -> bool:
        return room.creator == actor.id and room.kind is not RoomKind.DIRECT

    def _talked_at(self, room: RoomInfo) -> datetime:
        return self.last_at.get(room.id) or room.created or datetime.min.replace(tzinfo=UTC)

    def _managed(self, actor: Member, room_id: object) -> RoomInfo:
        room = self.room_for(actor.id, room_id)
        if room.kind is RoomKind.DIRECT:
            raise RoomRefused("room-fixed")
        if not may_manage(actor, room):
            require(actor.role, Permission.MANAGE_ROOMS)
        return room

    def private_room_for(self, actor: Member, room_id: object) -> RoomInfo:
        """Return a private room of the actor; raises `RoomRefused`."""
        room = self.room_for(actor.id, room_id)
        if room.kind is not RoomKind.PRIVATE:
            raise RoomRefused("room-not-private")
        return room

    def _slug(self, name: str, kind: RoomKind, room_id: str) -> str:
        # A private room's slug has a part of its id: a number would tell others that there is a room of this name.
        suffix = room_id[:6] if kind is RoomKind.PRIVATE else ""
        return make_slug(name, lambda slug: self._by_slug.get(slug, room_id) != room_id, suffix)

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


def _check_name(name: object) -> str:
    line = parse_line(name, NAME_LIMIT)
    if not line:
        raise RoomRefused("name-empty")
    return line
