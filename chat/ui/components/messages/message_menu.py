"""The menu of a message, whose content is HTML only: a popover, or a sheet on touch screens."""

from nicegui import events

from chat.domain.messages.message import is_message_id
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.messages.message_menu import offer_source
from chat.ui.browser.messages.pressing import watch_long_press
from chat.ui.html.messages.actions import ACTIONS
from chat.ui.page_context import PageContext


class MessageMenu:
    """The browser opens it by itself, and copies; the other actions come as commands to `MessageActions`."""

    def __init__(self, page: PageContext, messages: HtmlElement) -> None:
        self._page = page
        self._conversation = page.room.conversation
        attributes = {"id": ACTIONS, "popover": "auto", "aria-label": page.tr("More actions")}
        LiveSlot(page.chat_view.region, ACTIONS, tag="dialog", attributes=attributes)
        browser.on(messages, "vnodeMounted", watch_long_press, self._on_long_press)

    def offer_source(self, message_id: str) -> None:
        """Send the browser the text of a message as its author would edit it, before the viewer copies it."""
        if self._page.member and (message := self._conversation.history.get(message_id)):
            text = self._conversation.mentions.text_with_current_names(message)
            browser.call(self._page.client, offer_source, message.id, text)

    def _on_long_press(self, event: events.GenericEventArguments) -> None:
        if is_message_id(event.args):
            self.offer_source(event.args)
