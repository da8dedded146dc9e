"""Offers to turn on notifications, once, after the member missed a mention."""

from dataclasses import replace

from nicegui import events

from chat.domain.accounts.preference_choices import NotificationLevel
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.messages.acting import refocus
from chat.ui.browser.notifying import ask_permission, emit_permission
from chat.ui.page_context import PageContext


class NotificationOffer:
    """A bar with a question; an answer removes it from all tabs of the browser (see `preferences_css`)."""

    def __init__(self, page: PageContext, parent: HtmlElement) -> None:
        self._page = page
        self._parent = parent
        self._bar: HtmlElement | None = None

    def show(self) -> None:
        """Show the bar if the browser hasn't been asked yet, and the member hasn't answered."""
        preferences = self._page.preferences
        if self._bar is None and not preferences.offered and preferences.desktop is not NotificationLevel.NOTHING:
            self._bar = self._build()

    def _build(self) -> HtmlElement:
        tr = self._page.tr
        with self._parent, HtmlElement("div", {"class": "offer", "role": "status", "hidden": True}) as bar:
            HtmlElement("p", text=tr("Turn on notifications?"))
            accept = HtmlElement("button", {"type": "button", "class": "primary"}, tr("Yes"))
            HtmlElement("button", {"type": "button"}, tr("No")).on("click", self._close)
        browser.on(accept, "click", ask_permission, self._close)
        browser.on(bar, "vnodeMounted", emit_permission, self._on_permission)
        return bar

    def _on_permission(self, event: events.GenericEventArguments) -> None:
        if self._bar and event.args == "default":
            self._bar.set("hidden", None)

    def _close(self) -> None:
        self._page.change_preferences(replace(self._page.preferences, offered=True))
        browser.call(self._page.client, refocus)
