"""Shows which rooms are unread, and how many messages there call the member."""

from chat.domain.rooms.readers import UnreadCounts
from chat.framework.elements import HtmlElement
from chat.ui.page_context import PageContext
from chat.ui.personal_css import unread_css


class UnreadBadges:
    """A style sheet of its own, so that a change costs the page one small frame. Rooms of the level nothing are out."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._css = ""
        self._element = HtmlElement("style")
        page.show_unread = self.show
        page.client.on_delete(page.chat.unread.follow(page.member_id, page.read_marks, self._on_change))
        self.show()

    def show(self) -> None:
        """Show what is unread now, as the page shows another room, for example."""
        page, muted = self._page, self._page.preferences.muted_rooms
        unread = page.unread_counts
        elsewhere = {room_id: count for room_id, count in unread.items() if room_id != page.room.id}
        mentions = [room_id for room_id in page.chat.unread.mentions(page.member_id).values() if room_id not in muted]
        css = unread_css(page.tr, unread, elsewhere, len(mentions))
        if css != self._css:
            self._css = css
            self._element.show(css)

    def _on_change(self, _unread: UnreadCounts) -> None:
        self.show()
