"""The links to the member's private rooms, and a word to the member when someone adds them to one."""

from functools import cached_property
from typing import get_args

from chat.domain.events import Event
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import DirectoryEvent, MemberAdded
from chat.framework.elements import HtmlElement, RawElement, spare_numbers
from chat.i18n.phrases import describe_invitation
from chat.ui import browser
from chat.ui.browser.messages.copying import say
from chat.ui.html import navigation
from chat.ui.page_context import PageContext


class OwnRooms:
    """A list that is built when the member has the first private room."""

    def __init__(self, page: PageContext, parent: RawElement) -> None:
        self._page = page
        self._parent = parent
        self._shown: list[RoomInfo] = []
        self._show()
        page.client.on_delete(page.chat.subscribe(self._on_event, *get_args(DirectoryEvent)))

    def _show(self) -> None:
        visible = self._page.chat.directory.visible_to(self._page.member_id)
        rooms = [room for room in visible if room.kind is RoomKind.PRIVATE]
        if rooms != self._shown:
            self._shown = rooms
            self._list.set("innerHTML", navigation.own_rooms(self._page.tr, rooms))

    def _on_event(self, event: Event) -> None:
        if self._page.member:
            self._show()
        match event:
            case MemberAdded(actor=actor, target=target) if self._page.member_id == target.id != actor.id:
                if room := self._page.chat.directory.get(event.room_id):
                    browser.call(self._page.client, say, describe_invitation(self._page.tr, event, room))

    @cached_property
    def _list(self) -> HtmlElement:
        with self._parent, spare_numbers(self._page.client):
            rooms = HtmlElement("ul")
        rooms.move(target_index=0)  # before the direct messages
        return rooms
