"""Shows how many messages are unread."""

import asyncio

from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.messages.unread import Unread
from chat.domain.rooms.readers import UnreadCounts
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.pushing import show_badge
from chat.ui.names import show_title
from chat.ui.page_context import PageContext

TITLE_DELAY = 1  # seconds; many messages within them change the title once
MARKS_DELAY = 1  # seconds until this process knows what was read in a tab that another one had


class UnreadCounter:
    """Shows the unread messages in a button that leads to them, in the tab's title, and as a line above the first.

    The title also counts the messages in other rooms that are addressed to the member.
    """

    def __init__(self, page: PageContext, history: History) -> None:
        self._page = page
        self._history = history
        self._unread = Unread(page.member_id)
        self._count()
        self._is_page_visible, self._was_silent = True, False
        self._title_timer: asyncio.TimerHandle | None = None
        self._marks_timer: asyncio.TimerHandle | None = None
        page.title_prefix = ""
        page.shown.on_close(page.chat.unread.follow(page.member_id, page.read_marks, self._on_other_rooms))
        page.shown.on_close(self._stop_timers)

    def _count(self) -> None:
        """Count what is unread; of a page that is built again and had nothing unread, what has come since."""
        page, former = self._page, self._page.record.former
        seen = page.shown.last_seen.number
        match former.get("unread"):
            case ["read", first_id]:
                self._unread.draw_line(first_id)
                newest = self._history.get(former.get("newest_id", ""))
                seen = newest.number if newest else None
        self._unread.count_since(seen, () if page.is_viewing_latest else reversed(self._history))
        self._note()

    def _note(self) -> None:
        self._page.record.keep(unread=["unread" if self else "read", self.first_id])

    def __bool__(self) -> bool:
        return self._unread.count > 0

    @property
    def first_id(self) -> str | None:
        return self._unread.first_unread_id

    def build_button(self, message_list: HtmlElement) -> HtmlElement:
        """Build the button that leads down; the style sheet shows it while the list isn't at its end.

        The browser draws the unread line in the list (see `divide`).
        """
        self._list = message_list
        self._list.set("data-unread", self.first_id or "")
        self._button_label = self._page.tr("Go to the newest message")
        attributes = {"type": "button", "class": "pill", "aria-label": self._button_label, "title": self._button_label}
        self._button = HtmlElement("button", attributes)
        return self._button

    def add(self, message: Message) -> None:
        self._unread.add(message)
        if not self._history.get(self.first_id or ""):  # evicted from the full history
            self._unread.count_since(self._page.shown.last_seen.number, reversed(self._history))
        self.show()

    def mark_read(self) -> None:
        self._unread.mark_read()
        self.show()

    def mark_unread(self, message_id: str) -> None:
        self._unread.mark_unread(message_id, reversed(self._history))
        self.show()

    def mark_replied(self) -> None:
        self._unread.mark_replied()
        self.show()

    def recount(self) -> None:
        """Count again after messages were deleted."""
        self._unread.count_since(self._page.shown.last_seen.number, reversed(self._history))
        self.show()

    def add_unseen(self) -> None:
        """Count what was sent to this page after it was last heard; it may not have arrived.

        What was unread before it was lost stays so when it is back.
        """
        was_read = not self
        if self._count_unseen():
            self._was_silent = self._was_silent or was_read

    def add_unseen_elsewhere(self) -> None:
        """Do the same for another tab of the member, a moment later."""
        if self._marks_timer is None:
            self._marks_timer = asyncio.get_running_loop().call_later(MARKS_DELAY, self._count_unseen_elsewhere)

    def _count_unseen_elsewhere(self) -> None:
        self._marks_timer = None
        self._count_unseen()

    def _count_unseen(self) -> bool:
        """Return whether there is anything."""
        last, seen = next(reversed(self._history), None), self._page.shown.last_seen.number or 0
        if last is None or last.number <= seen or self._page.is_viewing_latest:
            return False
        self.recount()
        return True

    def confirm(self, newest_id: str) -> None:
        """Count again from the newest message that the browser had, once it is back after it was silent."""
        newest = self._history.get(newest_id) if self._was_silent else None
        self._was_silent = False
        if newest:
            self._unread.count_since(newest.number, reversed(self._history))
            self.show()

    def set_page_visible(self, is_visible: bool) -> None:
        self._is_page_visible = is_visible
        if is_visible:
            self._show_button()
        self._show_title()

    def show(self) -> None:
        self._note()
        if self._unread.mention_count and self._page.notifier:
            self._page.notifier.offer()
        self._list.set("data-unread", self.first_id or "")
        if self._is_page_visible:
            self._show_button()
        else:  # most pages of a large chat: all that anybody sees of them is the title
            self._show_title_soon()

    def _show_button(self) -> None:
        count = self._unread.count
        text = self._page.tr.plural("%(count)s new message", "%(count)s new messages", count) if count else ""
        self._button.show(text)
        self._button.set("aria-label", text or self._button_label)

    def _on_other_rooms(self, _unread: UnreadCounts) -> None:
        if not self._is_page_visible:
            self._show_title_soon()

    def _show_title_soon(self) -> None:
        if self._title_timer is None:
            self._title_timer = asyncio.get_running_loop().call_later(TITLE_DELAY, self._show_title)

    def _show_title(self) -> None:
        self._stop_title()
        count = 0 if self._is_page_visible else self._title_count
        prefix = f"({self._page.tr.number(count)}) " if count else ""
        if prefix != self._page.title_prefix:
            self._page.title_prefix = prefix
            show_title(self._page)
            browser.call(self._page.client, show_badge, count)

    @property
    def _title_count(self) -> int:
        page, preferences = self._page, self._page.preferences
        if preferences.title is NotificationLevel.NOTHING:
            return 0
        counts = {
            NotificationLevel.EVERYTHING: self._unread.count,
            NotificationLevel.MENTIONS: self._unread.mention_count,
        }
        here = counts.get(page.preferences_in(page.room_info).title, 0)
        unread = page.chat.unread.of(page.member_id).items()
        elsewhere = (
            calls for room_id, calls in unread if room_id != page.room.id and preferences.shows_unread(room_id, calls)
        )
        return here + sum(elsewhere)

    def _stop_title(self) -> None:
        if self._title_timer:
            self._title_timer.cancel()
            self._title_timer = None

    def _stop_timers(self) -> None:
        self._stop_title()
        if self._marks_timer:
            self._marks_timer.cancel()
            self._marks_timer = None
