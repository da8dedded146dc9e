"""Marks unread rooms, with the number of messages addressed to the member."""

from chat.domain.rooms.readers import UnreadCounts
from chat.framework.elements import HtmlElement
from chat.ui.page_context import PageContext
from chat.ui.personal_css import unread_css


class UnreadBadges:
    """A style sheet of its own, so that a change costs the page one small frame."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._css = ""
        self._element = HtmlElement("style")
        page.client.on_delete(page.chat.unread.follow(page.member_id, page.read_marks, self._show))
        self.show()

    def show(self) -> None:
        """Update the badges after the page shows another room, or the member chose other preferences."""
        self._show(self._page.chat.unread.of(self._page.member_id))

    def _show(self, unread: UnreadCounts) -> None:
        page, shows_unread = self._page, self._page.preferences.shows_unread
        unread = {room_id: calls for room_id, calls in unread.items() if shows_unread(room_id, calls)}
        elsewhere = {room_id: count for room_id, count in unread.items() if room_id != page.room.id}
        mentions = [room_id for room_id, _ in page.chat.unread.mentions(page.member_id) if room_id in unread]
        css = unread_css(page.tr, unread, elsewhere, len(mentions))
        if css != self._css:
            self._css = css
            self._element.show(css)
