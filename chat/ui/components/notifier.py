"""Notifies one page of messages its member doesn't see: by sound and by system notification."""

from collections.abc import Collection
from datetime import timedelta
from functools import cached_property

from chat.domain.accounts.preferences import NotificationLevel, Preferences
from chat.domain.messages.message import Message
from chat.framework.elements import HtmlElement
from chat.text.markup.renderer import to_plain
from chat.ui import browser
from chat.ui.browser.notifying import close_notification, notify
from chat.ui.components.notification_offer import NotificationOffer
from chat.ui.page_context import PageContext

MIN_PAUSE = timedelta(seconds=1)  # between sounds


class PageNotifier:
    """Notifies a page while it is connected."""

    def __init__(self, page: PageContext, parent: HtmlElement) -> None:
        self._page = page
        self._parent = parent
        self._offer = NotificationOffer(page, parent)
        self._last_notified: Message | None = None
        self._shown_id = ""
        self._plays = 0
        self.session = page.client_identity.session
        self.member_id = page.member_id
        page.notifier = self
        page.client.on_connect(lambda: page.notifications.add(self))
        page.client.on_disconnect(lambda: page.notifications.remove(self))
        page.client.on_delete(lambda: page.notifications.remove(self))

    @property
    def wants_everything(self) -> bool:
        return NotificationLevel.EVERYTHING in {self._page.preferences.desktop, self._page.preferences.sound}

    def notify(self, message: Message) -> None:
        preferences = self._page.preferences
        if preferences.desktop.includes(message, self.member_id):
            self._show(message)
        if preferences.sound.includes(message, self.member_id) and not preferences.muted:
            if self._last_notified is None or message.at - self._last_notified.at >= MIN_PAUSE:
                self.play(preferences)
            self._last_notified = message

    def withdraw(self, message_ids: Collection[str] | None = None) -> None:
        if self._shown_id and (message_ids is None or self._shown_id in message_ids):
            self._shown_id = ""
            browser.call(self._page.client, close_notification)

    def offer(self) -> None:
        self._offer.show()

    def play(self, preferences: Preferences) -> None:
        self._plays += 1
        self._audio.set("volume", preferences.volume / 100)
        # The element plays whenever its URL changes.
        self._audio.set("src", f"/assets/sounds/{preferences.tone}.wav#{self._plays}")

    def _show(self, message: Message) -> None:
        brand = self._page.brand
        self._shown_id = message.id
        options = {
            "body": to_plain(message.text, 200),
            "tag": message.room,  # replaces the previous one of this room
            "lang": self._page.tr.tag,
            "icon": brand.picture,
            "silent": True,
        }
        browser.call(self._page.client, notify, f"{message.name} · {brand.title}", options)

    @cached_property
    def _audio(self) -> HtmlElement:
        with self._parent:
            return HtmlElement("audio", {"autoplay": True, "hidden": True})
