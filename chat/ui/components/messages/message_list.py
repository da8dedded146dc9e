"""The message list: follows the newest message, or holds still while the member reads further up."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

from nicegui import events

from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagePosted, MessagesPurged
from chat.domain.people.events import Disconnected, ViewingChanged
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.listening import renew
from chat.ui.browser.messages.placing import keep_place, scroll_back
from chat.ui.browser.messages.reading import go_down, jump
from chat.ui.components.messages.earlier_messages import EarlierMessages, sentinel
from chat.ui.components.messages.unread_counter import UnreadCounter
from chat.ui.page_context import PageContext

CHANGES = (MessageDeleted, MessagesPurged, HistoryCleared)


class MessageList:
    """The scrolling list, with the button that leads down.

    At the very bottom the style sheet alone follows (`column-reverse`). Within 100 px of it the server makes the page
    scroll; further up the list holds still and messages count as unread. They also do once the member has marked one
    as unread, until they come back to the list or to its end.

    While the member views the newest message, a new one costs this page nothing on the server.
    """

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._room_id, self._conversation = page.room.id, page.room.conversation
        self._unread = UnreadCounter(page, self._conversation.history)
        self._is_page_visible, self._is_marked_unread = page.is_visible, False
        is_rebuilt = bool(page.record.former)  # then the browser is somewhere, and reports where
        self._is_settled = (is_rebuilt and page.record.was_open) or not self._unread
        self._is_at_end = self._is_near_end = not is_rebuilt and not self._unread
        self._is_ready = asyncio.Event()
        self._build()
        self._end_following: Callable[[], None] | None = None
        self._follow_messages()
        page.shown.subscribe(self._on_event, *CHANGES)
        page.shown.subscribe(self._on_viewing, ViewingChanged, Disconnected, member_id=page.member_id)
        page.shown.on_close(page.chat.unread.marked.follow(page.member_id, self._room_id, self._on_marked))
        page.shown.on_close(self._close)

    def _build(self) -> None:
        tr, region = self._page.tr, self._page.shown.view.region
        attributes = {"class": "log", "role": "log", "aria-label": tr("Messages"), "tabindex": 0}
        with (
            HtmlElement("div", {**attributes, "aria-live": "off", "data-new": tr("New messages")}) as self.element,
            LiveSlot(region, "log", "outbox", "spot", attributes={"class": "log-inner"}) as content,
        ):
            sentinel("end").on("visibility", self._set_at_end)
            sentinel("near-end").on("visibility", self._set_near_end)
        self.earlier = EarlierMessages(self._page, self.element, content)
        browser.on(self.element, "vnodeMounted", keep_place, self._restore_place)
        browser.on(self.element, "vnodeUpdated", renew)
        browser.on(self._unread.build_button(self.element), "click", go_down, self._unread.mark_read)

    async def on_ready(self) -> None:
        """Called after (re)connecting, once the snapshot was sent."""
        if not self._is_settled:
            await self._scroll_to_unread()
        if self.element.is_deleted:
            return  # the page shows another room meanwhile
        self._is_ready.set()
        self._unread.confirm(self._page.record.newest_id)
        self._update_viewing(was_viewing=False)
        self.earlier.silence_live_region()
        self.earlier.watch_start()

    async def _scroll_to_unread(self) -> None:
        self._unread.show()
        first_id = self._unread.first_id or ""
        self.earlier.load_around(first_id)
        # The empty page was at its end; only now does it report where it is.
        with suppress(TimeoutError):
            self._is_at_end = await browser.result_of(self._page.client, jump, first_id, False)
        self._is_settled = True

    async def _restore_place(self, event: events.GenericEventArguments) -> None:
        """Scroll to where the member was reading before the page was reloaded."""
        match event.args:
            case [str() as message_id, int() as offset] if self._conversation.history.get(message_id):
                await self._is_ready.wait()
                self.earlier.load_around(message_id)
                browser.call(self._page.client, scroll_back, message_id, offset)

    async def jump(self, message_id: str) -> None:
        """Scroll to a message, loading it first if needed."""
        await self._is_ready.wait()
        self.earlier.load_around(message_id)
        browser.call(self._page.client, jump, message_id)

    @property
    def _is_viewing_latest(self) -> bool:
        return self._is_at_end and self._is_following

    def set_page_visible(self, is_visible: bool) -> None:
        """Note that the tab was shown or hidden."""
        was_viewing, self._is_page_visible = self._is_viewing_latest, is_visible
        self._is_marked_unread = False
        self._update_viewing(was_viewing)
        self._unread.set_page_visible(is_visible)

    def unload_earlier(self) -> None:
        """Remove earlier messages from a page that has gathered many, and is at the end."""
        if self._is_viewing_latest and self.earlier.pager.is_long:
            self.earlier.pager.unload()

    def _set_at_end(self, event: events.GenericEventArguments) -> None:
        if self._is_settled:
            was_viewing, self._is_at_end = self._is_viewing_latest, event.args is True
            self._is_marked_unread = self._is_marked_unread and self._is_at_end
            self._update_viewing(was_viewing)

    def _set_near_end(self, event: events.GenericEventArguments) -> None:
        self._is_near_end = event.args is True

    def _update_viewing(self, was_viewing: bool) -> None:
        if self._is_viewing_latest != was_viewing:
            self._page.shown.last_seen.save()
            self._report_viewing(self._is_viewing_latest)
        if self._is_viewing_latest and self._unread:
            self._unread.mark_read()

    def _report_viewing(self, is_viewing: bool) -> None:
        if member := self._page.member:
            self._page.chat.members.set_viewing_latest(member.id, self._page.connection_id, self._room_id, is_viewing)

    def _on_event(self, _event: object) -> None:
        if self._unread:
            self._unread.recount()
            self._follow_messages()

    def _on_viewing(self, event: ViewingChanged | Disconnected) -> None:
        is_elsewhere = event.connection_id != self._page.connection_id
        if isinstance(event, Disconnected) and is_elsewhere:
            self._unread.add_unseen_elsewhere()
        elif isinstance(event, Disconnected):
            self._unread.add_unseen()
        elif is_elsewhere and event.is_viewing and event.room_id == self._room_id and self._unread:
            self._forget_mark()
            self._unread.mark_read()
        self._follow_messages()

    def _on_marked(self, message_id: str | None) -> None:
        if message_id is None:
            self._unread.mark_replied()
            self._forget_mark()
        else:
            self._is_marked_unread = True
            self._unread.mark_unread(message_id)
            self._report_viewing(False)
        self._follow_messages()

    def _forget_mark(self) -> None:
        was_viewing, self._is_marked_unread = self._is_viewing_latest, False
        self._update_viewing(was_viewing)

    def _follow_messages(self) -> None:
        """Listen to new messages only if they may change something, as there are hundreds of pages."""
        is_viewing = self._page.chat.people.presence.viewed_by(self._page.connection_id) == self._room_id
        if not is_viewing or self._unread.first_id:
            self._end_following = self._end_following or self._page.shown.subscribe(self._on_message, MessagePosted)
        elif self._end_following:
            self._end_following()
            self._end_following = None

    def _close(self) -> None:
        self._report_viewing(False)
        self._is_ready.set()  # a page may close before it is ready
        self._end_following = None  # it refers to the list

    def _on_message(self, event: MessagePosted) -> None:
        if self._is_viewing_latest and not self._unread.first_id:
            return
        message, is_own = event.message, event.message.author == self._page.member_id
        if is_own and message.id not in self._page.late_ids:
            self._forget_mark()
            self._page.shown.last_seen.save()
            self._unread.mark_replied()
            self._go_down()
        elif self._is_near_end and self._is_following:
            self._go_down()
        elif not self._page.is_viewing_latest and not is_own:
            self._unread.add(message)
        self._follow_messages()

    @property
    def _is_following(self) -> bool:
        """Whether new messages near the end make the list scroll."""
        return self._is_page_visible and not self._is_marked_unread and self._page.client.has_socket_connection

    def _go_down(self) -> None:
        self._unread.mark_read()
        self.element.run_method("scrollTo", 0, 0)
