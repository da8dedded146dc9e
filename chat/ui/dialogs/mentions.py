"""The list of all messages that mention the member or reply to them."""

from collections.abc import Callable
from weakref import finalize

from markupsafe import Markup
from nicegui import background_tasks, events

from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesPurged,
)
from chat.domain.messages.mentions import is_addressed_to
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import RoomInfo, may_see
from chat.domain.rooms.events import MemberRemoved, RoomDeleted
from chat.framework.elements import HtmlElement
from chat.text.markup.renderer import to_plain
from chat.ui import browser
from chat.ui.browser.dialogs.searching import enter_list, note_link
from chat.ui.browser.navigation.linking import follow_link
from chat.ui.browser.roving import move_in_menu
from chat.ui.html.escaping import concat, fill
from chat.ui.html.names_and_times import isolated, moment
from chat.ui.names import room_name
from chat.ui.page_context import PageContext
from chat.ui.weakly import weakly
from chat.web.paths import room_path

TEXT_LIMIT = 300
CHANGES = (
    AuthorAnonymized,
    HistoryCleared,
    MemberRemoved,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesPurged,
    RoomDeleted,
)


class Mentions:
    """Lists them, newest first; each is a link to its message."""

    def __init__(self, page: PageContext, close: Callable[[], None]) -> None:
        self._page = page
        self._close = close
        self._messages: list[Message] = []
        self._unread: set[tuple[str, str]] = set()
        self._status = HtmlElement("p", {"role": "status", "class": "found"}, page.tr("Loading…"))
        self._list = HtmlElement("ul", {"class": "results mentions", "aria-label": page.tr("Mentions")})
        browser.on(self._list, "keydown", move_in_menu)
        browser.on(self._list, "vnodeBeforeUpdate", note_link)
        browser.on(self._list, "vnodeUpdated", enter_list)
        browser.on(self._list, "click", follow_link, self._open, is_asked=True)
        finalize(self, page.chat.subscribe(weakly(self._on_event), *CHANGES))
        background_tasks.create(self._load(), name="mentions")

    async def _load(self) -> None:
        try:
            found = await self._page.chat.calls.mentions(self._page.member_id)
        except ChatError as problem:
            self._status.show(self._page.error_message(problem))
            return
        if not self._list.is_deleted:
            known = {(message.room, message.id) for message in found}
            new = [message for message in self._messages if (message.room, message.id) not in known]
            self._messages = [*new, *found]
            self._show()

    async def _open(self, event: events.GenericEventArguments) -> None:
        if self._page.switcher:
            self._close()
            await self._page.switcher.open_link(event)

    def _on_event(self, event: Event) -> None:
        if self._list.is_deleted:
            return
        before = self._messages
        match event:
            case MessagePosted(message=message):
                self._put(message.room, message.id)
            case MessageEdited(room_id=room_id, message_id=message_id):
                self._put(room_id, message_id)
            case AuthorAnonymized(room_id=room_id):
                for message_id in [message.id for message in before if message.room == room_id]:
                    self._put(room_id, message_id)
            case MessageDeleted(room_id=room_id, message_id=message_id):
                self._keep(lambda message: (message.room, message.id) != (room_id, message_id))
            case MessagesPurged(room_id=room_id, message_ids=message_ids):
                self._keep(lambda message: message.room != room_id or message.id not in message_ids)
            case HistoryCleared(room_id=room_id) | RoomDeleted(room_id=room_id):
                self._keep(lambda message: message.room != room_id)
            case MemberRemoved(room_id=room_id, target=target) if target.id == self._page.member_id:
                self._keep(lambda message: message.room != room_id)
        if self._messages != before:
            self._show()

    def _put(self, room_id: str, message_id: str) -> None:
        """Add, update or remove a message in the list."""
        self._keep(lambda message: (message.room, message.id) != (room_id, message_id))
        message = self._page.chat.room_access.loaded(room_id).conversation.history.get(message_id)
        room, member_id = self._page.chat.directory.get(room_id), self._page.member_id
        if message and is_addressed_to(message, member_id) and room and may_see(room, member_id):
            self._messages.append(message)
            self._messages.sort(key=lambda message: (message.at, message.number), reverse=True)

    def _keep(self, is_kept: Callable[[Message], bool]) -> None:
        self._messages = list(filter(is_kept, self._messages))

    def _show(self) -> None:
        self._unread = self._page.chat.unread.mentions(self._page.member_id)
        self._status.show("" if self._messages else self._page.tr("Nobody has mentioned you or replied to you yet."))
        rows = concat(map(self._row, self._messages))
        self._list.set("innerHTML", rows.replace("<a ", Markup("<a autofocus "), 1))

    def _row(self, message: Message) -> Markup:
        room = self._page.chat.directory.get(message.room)
        if room is None:
            return Markup()
        is_unread = (message.room, message.id) in self._unread
        unread = fill("<i class=spoken>, {unread}</i>", unread=self._page.tr("unread"))
        return fill(
            '<li><a href="{path}#m-{id}" class="{css}"><b>{name}</b>{where}{time}{unread}'
            "<span dir=auto>{text}</span></a></li>",
            path=room_path(room),
            id=message.id,
            css="unread" if is_unread else "",
            name=isolated(message.name),
            where=self._where(room),
            time=moment(message.at),
            unread=unread if is_unread else "",
            text=to_plain(message.text, TEXT_LIMIT) or message.excerpt,
        )

    def _where(self, room: RoomInfo) -> Markup:
        """Name a room, unless there is only one."""
        if len(self._page.chat.directory) == 1:
            return Markup()
        return fill("<bdi>{name}</bdi> ", name=room_name(self._page, room))
