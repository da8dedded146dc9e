"""The card of a person, which a click on their name, avatar or roster row opens."""

from collections.abc import Callable
from functools import cached_property
from typing import get_args

from nicegui import events

from chat.domain.accounts.events import AvatarChanged, MemberRenamed, RoleChanged
from chat.domain.errors import ChatError
from chat.domain.messages.search_query import query_by_author
from chat.domain.people.events import Connected, Disconnected, MemberJoined, MemberLeft
from chat.domain.rooms.writing import can_write_to
from chat.domain.users import UserRef
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.messages.person_card import emit_person, mention, note_item, open_card, return_to_item
from chat.ui.components.messages.message_actions import Action
from chat.ui.components.messages.message_list import MessageList
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.html import person
from chat.ui.page_context import PageContext

Change = MemberRenamed | RoleChanged | AvatarChanged | MemberJoined | MemberLeft | Connected | Disconnected
CHANGES = get_args(Change)


class PersonCard:
    """A popover, built when it is opened for the first time. Ids come from a browser and may be anything."""

    def __init__(
        self,
        page: PageContext,
        parent: HtmlElement,
        messages: MessageList,
        dialogs: RoomDialogs,
        show_error: Callable[[ChatError], None],
    ) -> None:
        self._page = page
        self._parent = parent
        self._dialogs = dialogs
        self._show_error = show_error
        self._room = page.room
        self._member_id = ""
        browser.on(messages.element, "click", emit_person, self._on_name)

    @property
    def commands(self) -> dict[str, Action]:
        """The actions of its buttons, and of those that open it."""
        return {
            "--card": lambda member_id, _: self._open(member_id),
            "--mention": lambda member_id, _: self._mention(member_id),
            "--direct": lambda member_id, _: self._write(member_id),
            "--messages-by": lambda member_id, _: self._show_messages(member_id),
        }

    def _on_name(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str() as member_id, str() as message_id]:
                self._open(member_id, message_id)

    def _open(self, member_id: str, message_id: str = "") -> None:
        """Open beside a message, or beside the person's row."""
        user = self._room.people.find_user(member_id)
        if user and self._show(user):
            browser.call(self._page.client, open_card, member_id, message_id)

    def reopen(self) -> None:
        """Build the card that there was before the page was built again."""
        match self._page.record.former.get("card"):
            case [member_id, name]:  # a guest who isn't back yet is known by no one else
                self._show(self._room.people.find_user(member_id) or UserRef(member_id, name))

    def _show(self, user: UserRef) -> bool:
        if not self._page.member:
            return False
        self._member_id = user.id
        self._page.record.keep(card=[user.id, user.name])
        can_write = can_write_to(self._page.chat.people, self._page.member.id, user.id)
        html = person.card(self._page.tr, self._room.people, self._page.member, user, can_write=can_write)
        self._element.set("innerHTML", html)
        return True

    def _mention(self, member_id: str) -> None:
        if user := self._room.people.find_user(member_id):
            browser.call(self._page.client, mention, user.name)

    async def _write(self, member_id: str) -> None:
        self._element.run_method("hidePopover")
        try:
            await self._page.open_direct([member_id])
        except ChatError as problem:
            self._show_error(problem)

    def _show_messages(self, member_id: str) -> None:
        if user := self._room.people.find_user(member_id):
            names = [message.name for message in self._room.conversation.history if message.author == member_id]
            self._dialogs.search(query_by_author(dict.fromkeys([user.name, *reversed(names)])))

    def _on_event(self, event: Change) -> None:
        if event.member_id == self._member_id and (user := self._room.people.find_user(event.member_id)):
            self._show(user)

    @cached_property
    def _element(self) -> HtmlElement:
        attributes = {"id": person.CARD, "popover": "auto", "role": "dialog", "aria-labelledby": person.HEADING}
        with self._page.record.numbering("card"), self._parent:
            element = HtmlElement("div", attributes)
        browser.on(element, "vnodeBeforeUpdate", note_item)
        browser.on(element, "vnodeUpdated", return_to_item)
        self._page.shown.subscribe(self._on_event, *CHANGES, everywhere=True)
        return element
