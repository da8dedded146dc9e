"""The places in the quick switcher: rooms, and people to write to."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from chat.domain.messages.search_query import QUERY_LIMIT, query_in
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind, may_see
from chat.domain.rooms.writing import can_write_to
from chat.domain.text.matching import best, rank_words
from chat.domain.users import UserRef
from chat.ui.names import room_name
from chat.ui.page_context import PageContext

MAX_FOUND = 6  # rooms, and as many people: messages follow
MAX_LISTED = 8  # when nothing is typed yet

_FILTER = re.compile(r"(?:^|\s)(?:from|in|before|after|has):", re.IGNORECASE)
_ROOM_FILTER = re.compile(r"(?:^|\s)in:", re.IGNORECASE)
_OPEN_FILTER = re.compile(r"""(?:^|\s)(in:(?:["“„«][#@]?([^"“”»]*)|[#@]?([^\s"“„«]*)))$""", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Place:
    """A room, or a person, who has a room if there is talk with them. `name` is what the member calls it.

    `query`, if there is one, limits a search to the place.
    """

    name: str
    room: RoomInfo | None = None
    person: UserRef | None = None
    query: str = ""

    @property
    def room_id(self) -> str:
        return self.room.id if self.room else ""


@dataclass(frozen=True, slots=True)
class Places:
    """Rooms with a name, and people: one by one, or several in a room of theirs."""

    rooms: list[Place]
    people: list[Place]

    def __iter__(self) -> Iterator[Place]:
        yield from self.rooms
        yield from self.people


def find_places(page: PageContext, query: str) -> Places:
    """Return the places that a query names, the best first; then those with unread messages, and those visited last.

    For a query that ends with `in:` these are places to search in. One with other filters names no place.
    """
    if len(query) > QUERY_LIMIT:
        return Places([], [])
    if begun := _OPEN_FILTER.search(query):
        before, typed = query[: begun.start(1)], begun[2] or begun[3] or ""
        talks = [place for place in _people(page) if place.person and place.room]
        rooms, people = _best(typed, _rooms(page)), _best(typed, talks)
        return Places([_to_search_in(room, before) for room in rooms], [_to_search_in(each, before) for each in people])
    if _FILTER.search(query):
        return Places([], [])
    if query.strip():
        return Places(_best(query.strip(), _rooms(page)), _best(query.strip(), _people(page)))
    elsewhere = [place for place in _rooms(page) if place.room_id != page.room.id]
    return Places(elsewhere[:MAX_LISTED], _near(page, _people(page))[:MAX_LISTED])


def narrow(page: PageContext, query: str) -> str:
    """Return a query that searches only the shown room; empty if it names a room, or there is only one."""
    room = page.room_info
    place = _talk(page, room) if room.kind is RoomKind.DIRECT else Place(room.name, room)
    if not query.strip() or not has_rooms(page) or _ROOM_FILTER.search(query) or not (room.name or place.person):
        return ""
    return _to_search_in(place, f"{query.strip()} ").query


def has_rooms(page: PageContext) -> bool:
    """Whether the member may see other rooms than the lobby."""
    return any(room.id != LOBBY and may_see(room, page.member_id) for room in page.chat.directory)


def _best(typed: str, places: list[Place]) -> list[Place]:
    return best(typed, (((place.name, *_slug(place.room)), place) for place in places), rank_words)[:MAX_FOUND]


def _slug(room: RoomInfo | None) -> tuple[str, ...]:
    return (room.slug,) if room and room.kind is RoomKind.PUBLIC else ()


def _to_search_in(place: Place, before: str) -> Place:
    sign = "@" if place.person else "#"
    name = place.person.name if place.person else place.room.name if place.room else ""
    return replace(place, query=f"{before}{query_in(sign + name)} ")


def _rooms(page: PageContext) -> list[Place]:
    rooms = [room for room in page.chat.directory.visible_to(page.member_id) if room.kind is not RoomKind.DIRECT]
    # Members with only the lobby need not know of rooms.
    return _ordered(page, [Place(room_name(page, room), room) for room in rooms]) if len(rooms) > 1 else []


def _people(page: PageContext) -> list[Place]:
    """Return the member's direct rooms, newest first, and the people to write to, by name: present ones first."""
    people, directory, me = page.chat.people, page.chat.directory, page.member_id
    rooms = directory.open_direct_rooms(me)
    rooms += [room for room in directory.visible_to(me) if room.kind is RoomKind.DIRECT and room not in rooms]
    talks = {room.members - {me}: _talk(page, room) for room in rooms}
    users = [*(member.ref for member in people.roster()), *people.away(())]
    others = [user for user in users if user.id != me and frozenset({user.id}) not in talks]
    new = (Place(user.name, person=user) for user in others if can_write_to(people, me, user.id))
    return _ordered(page, [*talks.values(), *new])


def _talk(page: PageContext, room: RoomInfo) -> Place:
    others = room.members - {page.member_id}
    person = page.chat.people.find_user(*others) if len(others) == 1 else None
    return Place(room_name(page, room), room, person)


def _near(page: PageContext, people: Iterable[Place]) -> list[Place]:
    """Leave out the shown room, and those who are away unless there is talk with them."""
    here = page.chat.people.members
    elsewhere = (place for place in people if place.room_id != page.room.id)
    return [place for place in elsewhere if place.room or (place.person and place.person.id in here)]


def _ordered(page: PageContext, places: list[Place]) -> list[Place]:
    """Put those with unread messages first, then those visited last; the others keep their order."""
    unread = page.chat.unread.of(page.member_id)
    visited = {room_id: number for number, room_id in enumerate(page.visited)}
    return sorted(places, key=lambda place: (place.room_id not in unread, visited.get(place.room_id, len(visited))))
