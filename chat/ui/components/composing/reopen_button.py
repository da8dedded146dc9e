"""The button in place of the field of an archived room."""

from chat.domain.errors import ChatError
from chat.domain.rooms.directory.room_policy import may_manage
from chat.framework.elements import HtmlElement, RawElement
from chat.ui import browser
from chat.ui.browser.composing.fitting import fit_height
from chat.ui.components.composing.refusal_line import RefusalLine
from chat.ui.page_context import PageContext


class ReopenButton:
    """Lets members with that permission reopen the room. The field keeps its text meanwhile."""

    def __init__(self, page: PageContext, footer: RawElement, form: HtmlElement, line: RefusalLine) -> None:
        self._page = page
        self._footer = footer
        self._form = form
        self._line = line
        self._button: HtmlElement | None = None

    def check(self) -> None:
        """Offer to reopen the room, or no longer."""
        is_offered = self._is_offered()
        if is_offered and not self._button:
            attributes = {"type": "button", "class": "reopen"}
            with self._footer:
                self._button = HtmlElement("button", attributes, self._page.tr("Reopen room"))
            self._button.on("click", self._reopen)
            self._form.set("hidden", True)
        elif self._button and not is_offered:
            self._button.delete()
            self._button = None
            self._form.set("hidden", None)
            browser.call(self._page.client, fit_height)  # it has none while it is hidden

    def _is_offered(self) -> bool:
        page = self._page
        room = page.chat.directory.get(page.room.id)
        return room is not None and room.is_archived and page.member is not None and may_manage(page.member, room)

    async def _reopen(self) -> None:
        page = self._page
        try:
            await page.chat.rooms.reopen(page.member_id, page.room.id)
        except ChatError as problem:
            if problem.key != "room-open":  # someone else was faster
                self._line.show(problem)
