"""The page's one modal `<dialog>`."""

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from functools import partial

from chat.domain.errors import ChatError
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.dialogs.closing import close_outside, note_press
from chat.ui.browser.messages.acting import refocus, return_focus
from chat.ui.dialogs.forms import Field, Form
from chat.ui.html import chrome
from chat.ui.page_context import PageContext


class Dialog:
    """Opens with one content at a time, which is built when it opens.

    Closes by the button in its head, Escape, and a click outside unless that would lose typed text.
    """

    def __init__(self, page: PageContext, parent: HtmlElement) -> None:
        self.page = page
        self._parent = parent
        self._element: HtmlElement | None = None
        self._is_open_already = False
        self.openers: dict[str, Callable[..., object]] = {}
        page.client.on_delete(self._end)

    @contextmanager
    def open(self, name: str, heading: str, *again: str) -> Iterator[Callable[[], None]]:
        """Open with the content built in this context, which gets what closes it; `name` is for the style sheet.

        `again` names one of the `openers` and its arguments, if it isn't the one called `name` without any.
        """
        self.keep(*(again or [name]))
        if self._element:
            self._element.delete()
        attributes = {"id": "dialog", "class": f"{name}-dialog", "aria-labelledby": "dialog-heading"}
        with self.page.record.numbering("dialog"):
            with self._parent:
                self._element = HtmlElement("dialog", attributes)
            browser.on(self._element, "close", return_focus)
            browser.on(self._element, "pointerdown", note_press)
            browser.on(self._element, "click", close_outside)
            with self._element:
                HtmlElement("div", {"class": "dialog-head"}, html=chrome.dialog_head(self.page.tr, heading))
                yield partial(_close, self._element)
        if not self._is_open_already:
            self._element.run_method("showModal")

    def keep(self, *again: str) -> None:
        """Record how to open the dialog again."""
        self.page.record.keep(dialog=[*again])

    def reopen(self) -> None:
        """Restore the content after the page was built again. In the browser it is still open, or was closed."""
        match self.page.record.former.get("dialog"):
            case [name, *arguments] if name in self.openers:
                self._is_open_already = True
                self.openers[name](*arguments)
                self._is_open_already = False

    def close(self) -> None:
        """Close whatever is open."""
        if self._element:
            _close(self._element)

    def _end(self) -> None:
        self.openers.clear()  # they refer to the dialog

    def build_form(self, fields: list[Field], button: str, submit: Callable[..., Awaitable[None]]) -> Form:
        """Build a form with a button to cancel."""
        form = Form(self.page, fields, button, submit)
        with form.buttons:
            self.build_close_button(self.page.tr("Cancel"))
        return form

    def build_question(
        self, text: str, button: str, action: Callable[[str], Awaitable[None]], close: Callable[[], None]
    ) -> None:
        """Ask before an action, which gets the member's id. The button to cancel has the focus."""

        async def confirm() -> None:
            if not self.page.member:
                return
            try:
                await action(self.page.member.id)
            except ChatError as problem:
                error.show(self.page.error_message(problem))
            else:
                close()
                browser.call(self.page.client, refocus)

        HtmlElement("p", text=text)
        error = HtmlElement("p", {"class": "reason", "role": "alert"})
        with HtmlElement("div", {"class": "buttons"}):
            HtmlElement("button", {"type": "button", "class": "danger"}, button).on("click", confirm)
            self.build_close_button(self.page.tr("Cancel"), autofocus="")

    def build_close_button(self, label: str, **attributes: str) -> None:
        close = {"type": "button", "command": "close", "commandfor": "dialog", **attributes}
        HtmlElement("button", close, label)


def _close(element: HtmlElement) -> None:
    """Close a dialog, unless another one has taken its place while its action was carried out."""
    if not element.is_deleted:
        element.run_method("close")
