"""Notifies one page of what its member doesn't see, by sound and by system notification."""

from collections.abc import Collection
from datetime import datetime, timedelta
from functools import cached_property

from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.messages.message import Message
from chat.domain.moderation.events import MessageReported
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.domain.rooms.events import MemberAdded
from chat.framework.elements import HtmlElement
from chat.i18n.phrases import describe_invitation, notification_title
from chat.text.markup.renderer import to_plain
from chat.ui import browser
from chat.ui.browser.notifying import close_notification, notify
from chat.ui.browser.pushing import close_pushed
from chat.ui.components.notification_offer import NotificationOffer
from chat.ui.page_context import PageContext
from chat.web.paths import icon_path, room_path

MIN_PAUSE = timedelta(seconds=1)  # between sounds
TEXT_LIMIT = 200
REPORTS = "reports"  # the tag of their notifications


class PageNotifier:
    """Notifies a page while it is connected."""

    def __init__(self, page: PageContext, parent: HtmlElement) -> None:
        self._page = page
        self._parent = parent
        self._offer = NotificationOffer(page, parent)
        self._last_sound: datetime | None = None
        self._shown: dict[str, str] = {}  # the messages of shown notifications, by tag
        self._plays = 0
        self.session = page.access.client_identity.session
        self.member_id = page.member_id
        page.notifier = self
        page.client.on_connect(lambda: page.notifications.add(self))
        page.client.on_disconnect(lambda: page.notifications.remove(self))
        page.client.on_delete(lambda: page.notifications.remove(self))
        page.access.on_revoke(lambda: page.notifications.remove(self))

    @property
    def wants_everything(self) -> bool:
        return NotificationLevel.EVERYTHING in {self._page.preferences.desktop, self._page.preferences.sound}

    @property
    def rooms_wanted(self) -> list[str]:
        levels = self._page.preferences.levels
        return [room_id for room_id, level in levels.items() if level is NotificationLevel.EVERYTHING]

    @property
    def is_page_visible(self) -> bool:
        return self._page.is_visible

    def notify(self, message: Message) -> None:
        room = self._page.chat.directory.get(message.room)
        if room is None:
            return
        preferences = self._page.preferences_in(room)
        if preferences.desktop.includes(message, self.member_id):
            title = notification_title(self._page.tr, self._page.chat.people, message, room, self.member_id)
            text = to_plain(message.text, TEXT_LIMIT) or message.excerpt
            path = f"{room_path(room)}#m-{message.id}"
            icon = icon_path(self._page.chat.people.avatar_of(message.author), self._page.brand.picture)
            # Replaces the previous one of this room.
            self._show(title, text, message.id, tag=message.room, path=path, icon=icon)
        if preferences.sound.includes(message, self.member_id):
            self._ring(message.at)

    def notify_of_report(self, report: MessageReported) -> None:
        preferences = self._page.preferences
        if preferences.desktop.is_on:
            title = self._page.tr(
                "%(by)s reported a message by %(name)s", by=report.actor.name, name=report.target.name
            )
            text = report.reason or to_plain(report.text, TEXT_LIMIT)
            icon = self._page.brand.picture
            self._show(title, text, report.message_id, tag=REPORTS, path="moderation", icon=icon)
        if preferences.sound.is_on:
            self._ring(report.at)

    def notify_of_invitation(self, event: MemberAdded, room: RoomInfo) -> None:
        preferences = self._page.preferences_in(room)
        if preferences.desktop.is_on:
            title = describe_invitation(self._page.tr, event, room)
            icon = icon_path(self._page.chat.people.avatar_of(event.actor.id), self._page.brand.picture)
            self._show(title, room.description, "", tag=room.id, path=room_path(room), icon=icon)
        if preferences.sound.is_on:
            self._ring(event.at)

    def withdraw(self, room_id: str, message_ids: Collection[str] | None = None) -> None:
        self._close(room_id, message_ids)
        if self._page.push.is_on:
            browser.call(self._page.client, close_pushed, room_id, None if message_ids is None else [*message_ids])

    def withdraw_report(self, message_id: str) -> None:
        self._close(REPORTS, {message_id})

    def offer(self) -> None:
        self._offer.show()

    def play(self, preferences: Preferences) -> None:
        self._plays += 1
        self._audio.set("volume", preferences.volume / 100)
        # The element plays whenever its URL changes.
        self._audio.set("src", f"assets/sounds/{preferences.tone}.wav#{self._plays}")

    def _show(self, title: str, body: str, message_id: str, *, tag: str, path: str, icon: str) -> None:
        """Show a system notification; a click leads to `path`."""
        self._shown[tag] = message_id
        options = {"body": body, "tag": tag, "lang": self._page.tr.tag, "icon": icon, "silent": True}
        browser.call(self._page.client, notify, f"{title} · {self._page.brand.title}", options, path)

    def _close(self, tag: str, message_ids: Collection[str] | None) -> None:
        if tag in self._shown and (message_ids is None or self._shown[tag] in message_ids):
            del self._shown[tag]
            browser.call(self._page.client, close_notification, tag)

    def _ring(self, at: datetime) -> None:
        preferences = self._page.preferences
        if preferences.muted:
            return
        if self._last_sound is None or abs(at - self._last_sound) >= MIN_PAUSE:
            self.play(preferences)
        self._last_sound = at

    @cached_property
    def _audio(self) -> HtmlElement:
        with self._parent:
            return HtmlElement("audio", {"autoplay": True, "hidden": True})
