"""Shows moderators at once how many reports are open."""

from functools import cached_property

from chat.domain.accounts.events import RoleChanged
from chat.domain.moderation.events import MessageReported, ReportResolved
from chat.domain.permissions import Permission, has_permission
from chat.framework.elements import HtmlElement
from chat.ui.page_context import PageContext


class ReportBadge:
    """The number on the menu's button, which only style sheets of moderators have, and a text for screen readers."""

    def __init__(self, page: PageContext, parent: HtmlElement) -> None:
        self._page = page
        self._parent = parent
        self._show()
        page.client.on_delete(page.chat.subscribe(self._on_event, MessageReported, ReportResolved, RoleChanged))

    def _on_event(self, event: MessageReported | ReportResolved | RoleChanged) -> None:
        if not isinstance(event, RoleChanged) or event.member_id == self._page.member_id:
            self._show()
        if isinstance(event, MessageReported) and self._count:
            text = self._page.tr.plural("%(count)s open report", "%(count)s open reports", self._count)
            self._status.show(text)

    def _show(self) -> None:
        self._page.style.show_reports(self._count)

    @property
    def _count(self) -> int:
        """The number of open reports; 0 for members who may not see them."""
        room = self._page.room
        may_see = has_permission(room.people.role_of(self._page.member_id), Permission.HANDLE_REPORTS)
        return len(room.moderation.reports.open) if may_see else 0

    @cached_property
    def _status(self) -> HtmlElement:
        with self._parent:
            return HtmlElement("p", {"role": "status", "class": "spoken"})
