"""Loads earlier messages when the member scrolls up, presses a button in a gap, or jumps to one."""

import asyncio
from secrets import token_hex

from nicegui import events

from chat.framework.elements import HtmlElement, RawElement
from chat.ui.components.messages.history_pager import HistoryPager
from chat.ui.components.messages.message_nodes import CHUNK
from chat.ui.page_context import PageContext

SETTLE_TIME = 0.7  # seconds until the browser has laid out and reported the nodes it was sent


class EarlierMessages:
    """Extends the message list upwards, silently: screen readers read out new messages only."""

    def __init__(self, page: PageContext, list_element: HtmlElement, content: RawElement) -> None:
        self._page = page
        self._list_element = list_element
        self._content = content
        self._timeline = page.room.conversation.timeline
        self.pager = HistoryPager(page)
        self._is_near_start = False
        self._sentinel: HtmlElement | None = None
        self._announce_timer: asyncio.TimerHandle | None = None
        page.shown.on_close(self._stop)

    def watch_start(self) -> None:
        """Load more whenever the start of the list comes near, until there is no more."""
        if self._sentinel is None and not self.pager.is_complete:
            with self._content:
                self._sentinel = sentinel("near-start").on("visibility", self._set_near_start)

    def load(self, value: str) -> None:
        """Load the chunk whose number a button sent, and its neighbours."""
        if self._page.member and value.isdecimal() and len(value) < 10:
            self.silence_live_region()
            self.pager.load(int(value))

    def load_around(self, message_id: str) -> None:
        number = self._timeline.number(message_id)
        if self._page.member and number is not None:
            self.silence_live_region()
            self.pager.load_around(number // CHUNK)

    def silence_live_region(self) -> None:
        """Keep screen readers from reading out history until the browser has laid it out."""
        if self._announce_timer:
            self._announce_timer.cancel()
            self._list_element.set("aria-live", "off")
        loop = asyncio.get_running_loop()
        self._announce_timer = loop.call_later(SETTLE_TIME, self._list_element.set, "aria-live", "polite")

    def _stop(self) -> None:
        if self._announce_timer:
            self._announce_timer.cancel()

    async def _set_near_start(self, event: events.GenericEventArguments) -> None:
        self._is_near_start = event.args is True
        while self._page.member and self._is_near_start and not self.pager.is_complete and not self._content.is_deleted:
            self.silence_live_region()
            self.pager.load(self.pager.first - 1)
            await asyncio.sleep(SETTLE_TIME)  # by then the page has reported whether the start has moved away


def sentinel(name: str) -> HtmlElement:
    """An element that reports whether it is in sight, again if its page was built again: it has a new key then."""
    return HtmlElement("q-intersection", {"class": f"sentinel {name}", "key": token_hex(4)})
