"""The log: previous_id the newest message, or holds still while somebody reads further up."""

import asyncio
from contextlib import suppress
from datetime import timedelta

from nicegui import background_tasks, events, ui

from chat.domain.accounts.preferences import NotificationLevel
from chat.domain.events import Event, HistoryCleared, MessageDeleted, MessagePosted, ViewingChanged
from chat.domain.messages.message import Message
from chat.domain.messages.unread import Unread
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.components.history_pager import HistoryPager
from chat.ui.components.message_nodes import CHUNK
from chat.ui.page_context import PageContext

INNER = {"class": "log-inner"}
SETTLES = 0.7  # seconds
NOTE_EVERY = timedelta(minutes=1)


class MessageList:
    """The scrolling log with the button that leads down to new messages.

    At the very bottom the style sheet alone previous_id (`column-reverse`). A little above it (within 100 px) the page is
    told to; further up the log holds still and the button counts.
    """

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._conversation = page.chat.room.conversation
        self.earlier = HistoryPager(page.client, page.room_view, page.tr)
        self._is_near_start = False
        self._visible = True
        self._unread = Unread(page.member.id if page.member else "")
        self._unread.since(page.last_seen.at, () if page.is_viewing_latest else reversed(self._conversation.history))
        self._settled = self._at_end = self._near_end = not self._unread.count
        self._place: tuple[str, int] | None = None
        self._is_ready = False
        self._speaks: asyncio.TimerHandle | None = None
        self._near_start: ui.element | None = None
        self._title_due: asyncio.TimerHandle | None = None
        self._build()
        page.style.mark_unread(self._unread.first_unread_id)
        unsubscribe = page.chat.subscribe(self._on_event, MessagePosted, MessageDeleted, HistoryCleared, ViewingChanged)
        page.client.on_delete(unsubscribe)

    def _build(self) -> None:
        attributes = {"class": "log", "role": "log", "aria-label": self._page.tr("Messages"), "tabindex": 0}
        with HtmlElement("div", {**attributes, "aria-live": "off"}) as self.element:
            self._inner = LiveSlot(self._page.room_view.region, "log", "outbox", "spot", attributes=INNER)
            with self._inner:
                _sentinel("end").on("visibility", self._set_at_end)
                _sentinel("near-end").on("visibility", self._set_near_end)
        browser.on(self.element, "keydown", browser.WALK)
        browser.on(self.element, "focusin", browser.FOCUSED)
        browser.on(self.element, "vnodeUpdated", browser.KEEP_FOCUS)
        browser.on(self.element, "mouseover", browser.ACTS)
        browser.on(self.element, "scrollend", browser.KEEP_PLACE)
        browser.on(self.element, "vnodeMounted", browser.RECALL_PLACE, self._recall_place)
        browser.on(self.element, "focusin", browser.ACTS)
        look = {"type": "button", "class": "pill", "hidden": True, "aria-label": self._page.tr("New messages")}
        self._pill = HtmlElement("button", look)
        browser.on(self._pill, "click", browser.DOWN, self._go_down)

    @property
    def _watching(self) -> bool:
        """Whether this page shows what is newest to somebody."""
        return self._visible and self._at_end and self._page.client.has_socket_connection

    async def on_ready(self) -> None:
        """The page is connected (again) and has all that is shared."""
        if not self._watching or self._unread.count:
            self._tell_watching(False)
        if not self._settled:
            self._show_unread()
            await self._reach(self._unread.first_unread_id or "")
            # Empty, the page was at its end; only now it tells where it is.
            with suppress(TimeoutError):
                self._at_end = await browser.jump(self._page.client, self._unread.first_unread_id or "", mark=False)
            self._settled = True
        await self._return_to_place()
        self._watching_changed(False)
        self._silence_live_region()
        if self._near_start is None and not self.earlier.is_complete:
            with self._inner:
                self._near_start = _sentinel("near-start").on("visibility", self._set_near_start)

    async def _recall_place(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str() as message_id, int() as offset] if self._conversation.history.get(message_id):
                self._place = message_id, offset
                if self._is_ready:
                    await self._return_to_place()

    async def _return_to_place(self) -> None:
        """Scroll to where the person was reading before the page was reloaded."""
        self._is_ready = True
        if self._place:
            (message_id, offset), self._place = self._place, None
            await self._reach(message_id)
            browser.scroll_back(self._page.client, message_id, offset)

    def _silence_live_region(self) -> None:
        """What is shown now is history: only what comes later is read out."""
        if self._speaks:
            self._speaks.cancel()
            self.element.set("aria-live", "off")
        self._speaks = asyncio.get_running_loop().call_later(SETTLES, self.element.set, "aria-live", "polite")

    # Earlier messages.

    async def load(self, value: str) -> None:
        """Load what is missing in the place of a chunk."""
        if self._page.member and value.isdecimal() and len(value) < 10:
            self._silence_live_region()
            await self.earlier.load(int(value))

    async def jump(self, message_id: str) -> None:
        """Scroll to a message, wherever in the history it is."""
        await self._reach(message_id)
        browser.jump(self._page.client, message_id)

    async def _reach(self, message_id: str) -> None:
        number = self._conversation.timeline.number(message_id)
        if self._page.member and number is not None:
            self._silence_live_region()
            await self.earlier.reach(number // CHUNK)

    async def _set_near_start(self, event: events.GenericEventArguments) -> None:
        self._is_near_start = event.args is True
        while self._page.member and self._is_near_start and not self.earlier.is_complete:
            self._silence_live_region()
            await self.earlier.load(self.earlier.first - 1)
            await asyncio.sleep(SETTLES)  # then the page has told if that has moved the start away

    # What is new.

    def set_visible(self, on: bool) -> None:
        """The page is in front of somebody, or in the background."""
        before, self._visible = self._watching, on
        self._watching_changed(before)
        self._show_title()

    def _set_at_end(self, event: events.GenericEventArguments) -> None:
        if self._settled:
            before, self._at_end = self._watching, event.args is True
            self._watching_changed(before)

    def _set_near_end(self, event: events.GenericEventArguments) -> None:
        self._near_end = event.args is True

    def _watching_changed(self, before: bool) -> None:
        if self._watching != before:
            self._page.last_seen.save()
            self._tell_watching(self._watching)
        if self._watching and self._unread.count:
            self._unread.mark_read()
            self._show_unread()

    def _tell_watching(self, on: bool) -> None:
        if self._page.member:
            self._page.chat.set_viewing_latest(self._page.member.id, self._page.client.id, on)

    def _on_event(self, event: Event) -> None:
        match event:
            case MessagePosted(message=message):
                self._notice(message)
            case MessageDeleted() | HistoryCleared() if self._unread.count:
                self._unread.since(self._page.last_seen.at, reversed(self._conversation.history))
                self._show_unread()
            case ViewingChanged(member=member_id, connection=connection, on=True):
                is_own = self._page.member and member_id == self._page.member.id
                if is_own and connection != self._page.client.id and self._unread.count:
                    self._unread.mark_read()
                    self._show_unread()

    def _notice(self, message: Message) -> None:
        if self._watching and self.earlier.is_long:
            background_tasks.create(self.earlier.forget(), name="forget")
        if self._watching and not self._unread.first_unread_id:
            self._page.last_seen.save(every=NOTE_EVERY)
        elif self._page.member and message.author == self._page.member.id:
            self._unread.mark_replied()
            self._go_down()
        elif self._visible and self._near_end and self._page.client.has_socket_connection:
            self._go_down()
        elif not self._page.is_viewing_latest:
            self._unread.add(message)
            if not self._conversation.history.get(self._unread.first_unread_id or ""):  # the history is full
                self._unread.since(self._page.last_seen.at, reversed(self._conversation.history))
            self._show_unread()

    def _go_down(self) -> None:
        self._unread.mark_read()
        self._show_unread()
        self.element.run_method("scrollTo", 0, 0)

    def _show_unread(self) -> None:
        count, tr = self._unread.count, self._page.tr
        self._page.style.mark_unread(self._unread.first_unread_id)
        self._pill.show(tr.plural("%(count)s new message", "%(count)s new messages", count))
        self._pill.set("hidden", None if count else True)
        if self._title_due is None:
            # Many messages in a second are one change of the title.
            self._title_due = asyncio.get_running_loop().call_later(1, self._show_title)

    def _show_title(self) -> None:
        if self._title_due:
            self._title_due.cancel()
            self._title_due = None
        counts = {
            NotificationLevel.EVERYTHING: self._unread.count,
            NotificationLevel.MENTIONS: self._unread.mention_count,
        }
        count = 0 if self._visible else counts.get(self._page.preferences.title, 0)
        self._page.set_title_prefix(f"({self._page.tr.number(count)}) " if count else "")


def _sentinel(name: str) -> ui.element:
    return ui.element("q-intersection").classes(f"sentinel {name}")
