"""Replies to commands, visible only to the member who ran them."""

from functools import cached_property

from chat.domain.commands.replies import Reply
from chat.framework.elements import HtmlElement, RawElement
from chat.i18n import phrases
from chat.ui import browser
from chat.ui.browser.acting import refocus
from chat.ui.html import chrome
from chat.ui.html.message import isolated
from chat.ui.page_context import PageContext


class AnswerPanel:
    """The panel above the field, built when there is a reply for the first time."""

    def __init__(self, page: PageContext, parent: RawElement) -> None:
        self._page = page
        self._parent = parent
        self.is_open = False

    def show(self, reply: Reply) -> None:
        lines = phrases.describe_reply(self._page.tr.html, reply, isolated)
        self._element.set("innerHTML", chrome.answer(self._page.tr, lines))
        self._element.set("hidden", None)
        self.is_open = True

    def close(self) -> None:
        self._element.set("hidden", True)
        self.is_open = False
        browser.call(self._page.client, refocus)

    @cached_property
    def _element(self) -> HtmlElement:
        attributes = {"class": "answer", "role": "status", "aria-label": self._page.tr("Response")}
        with self._parent:
            element = HtmlElement("div", attributes)
        element.move(target_index=0)
        return element
