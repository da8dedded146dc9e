"""The links to the direct rooms of a page's member."""

from collections.abc import Callable
from functools import cached_property

from chat.domain.accounts.events import AvatarChanged, MemberRenamed
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted
from chat.domain.people.events import Connected, Disconnected, MemberJoined, MemberLeft
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import DirectClosed, DirectOpened, MemberRemoved, RoomCreated, RoomDeleted
from chat.framework.elements import HtmlElement, RawElement, spare_numbers
from chat.ui.html import direct_rooms
from chat.ui.page_context import PageContext

MAX_SHOWN = 50  # rooms; the others are found by the names of their people

CHANGES = (RoomCreated, RoomDeleted, DirectOpened, DirectClosed, MemberRemoved)
PEOPLE = (MemberJoined, MemberLeft, MemberRenamed, AvatarChanged, Connected, Disconnected)


class DirectRooms:
    """The member's open direct rooms, newest message first, and the one that the page shows.

    It is built with the member's first direct room. A message costs only the pages of the people in its room.
    """

    def __init__(self, page: PageContext, parent: RawElement) -> None:
        self._page = page
        self._parent = parent
        self._rooms: list[RoomInfo] = []
        self._people: dict[str, Callable[[], None]] = {}
        self._followed: dict[str, Callable[[], None]] = {}
        page.client.on_delete(page.chat.subscribe(self._on_directory, *CHANGES))
        page.client.on_delete(self._unfollow)
        for room in page.chat.directory.direct_rooms_of(page.member_id):
            self._follow(room)
        self.show()

    def show(self) -> None:
        """Show the list as it is now. Called when something in it changed, or the page shows another room."""
        page, directory = self._page, self._page.chat.directory
        rooms = directory.open_direct_rooms(page.member_id)[:MAX_SHOWN]
        shown = directory.get(page.room.id)
        if shown and shown.kind is RoomKind.DIRECT and shown not in rooms:
            rooms.insert(0, shown)
        if rooms or self._rooms:
            self._rooms = rooms
            self._follow_people({member_id for room in rooms for member_id in room.members})
            self._list.set("innerHTML", direct_rooms.section(page.tr, page.chat.people, rooms, page.member_id))

    def _on_directory(self, event: Event) -> None:
        match event:
            case RoomCreated(room=room) if room.kind is RoomKind.DIRECT and self._page.member_id in room.members:
                self._follow(room)
            case RoomDeleted(room_id=room_id) if room_id in self._followed:
                self._followed.pop(room_id)()
            case DirectOpened(member_id=self._page.member_id) | DirectClosed(member_id=self._page.member_id):
                pass
            case MemberRemoved(room_id=room_id) if room_id in self._followed:
                pass
            case _:
                return
        if self._page.member:
            self.show()

    def _on_message(self, event: MessagePosted) -> None:
        if self._page.member and (not self._rooms or self._rooms[0].id != event.room_id):
            self.show()

    def _on_person(self, _event: Event) -> None:
        if self._page.member:
            self.show()

    def _follow(self, room: RoomInfo) -> None:
        """Listen to the messages of a room, also of one that is hidden until its first one."""
        self._followed[room.id] = self._page.chat.subscribe(self._on_message, MessagePosted, room_id=room.id)

    def _follow_people(self, people: set[str]) -> None:
        for gone in self._people.keys() - people:
            self._people.pop(gone)()
        for member_id in people - self._people.keys():
            self._people[member_id] = self._page.chat.subscribe(self._on_person, *PEOPLE, member_id=member_id)

    def _unfollow(self) -> None:
        for end in (*self._followed.values(), *self._people.values()):
            end()

    @cached_property
    def _list(self) -> HtmlElement:
        with self._parent, spare_numbers(self._page.client):
            return HtmlElement("section", {"class": "direct-rooms"})
