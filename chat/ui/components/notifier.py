"""Telling people of messages that they do not see: by a sound, by a notification of their system."""

from collections import defaultdict
from datetime import timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from chat.domain.accounts.preferences import NotificationLevel, Preferences
from chat.domain.events import Event, MessagePosted
from chat.domain.messages.mentions import ALL
from chat.domain.messages.message import Message
from chat.framework.elements import HtmlElement
from chat.state.chat import Chat
from chat.text.markup.renderer import to_plain
from chat.ui import browser

if TYPE_CHECKING:
    from chat.ui.page_context import PageContext

PAUSE = timedelta(seconds=1)  # between sounds


class Notifications:
    """Finds the bells to ring for a message. Pages that are not meant by it cost nothing."""

    def __init__(self, chat: Chat) -> None:
        self._bells: defaultdict[str, set[PageNotifier]] = defaultdict(set)
        self._eager: set[PageNotifier] = set()
        self._presence = chat.room.presence
        chat.subscribe(self._on_event, MessagePosted)

    def add(self, bell: "PageNotifier") -> None:
        """Ring this bell from now on, as its person wants it now."""
        self._bells[bell.member].add(bell)
        (self._eager.add if bell.wants_everything else self._eager.discard)(bell)

    def renew(self, bell: "PageNotifier") -> None:
        """Its person wants something else now."""
        if bell in self._bells.get(bell.member, ()):
            self.add(bell)

    def remove(self, bell: "PageNotifier") -> None:
        """Ring it no more."""
        self._eager.discard(bell)
        self._bells[bell.member].discard(bell)
        if not self._bells[bell.member]:
            del self._bells[bell.member]

    def _on_event(self, event: Event) -> None:
        if isinstance(event, MessagePosted):
            # Of the tabs of one browser, one rings.
            bells = {bell.browser: bell for bell in self._meant_by(event.message)}
            for bell in bells.values():
                if bell.member != event.message.author and not self._presence.is_viewing_latest(bell.member):
                    bell.ring(event.message)

    def _meant_by(self, message: Message) -> "set[PageNotifier]":
        called = set(message.mentions.values())
        if message.reply:
            called.add(message.reply.author)
        members = self._bells if ALL in called else called & self._bells.keys()
        return self._eager.union(*(self._bells[member] for member in members))


class PageNotifier:
    """Rings on one page, while it is connected."""

    def __init__(self, visit: "PageContext", home: HtmlElement) -> None:
        self._visit = visit
        self._home = home
        self._rung: Message | None = None
        self._plays = 0
        self.browser = visit.where.session
        self.member = visit.member.id if visit.member else ""
        visit.bell = self
        visit.client.on_connect(lambda: visit.alerts.add(self))
        visit.client.on_disconnect(lambda: visit.alerts.remove(self))
        visit.client.on_delete(lambda: visit.alerts.remove(self))

    @property
    def wants_everything(self) -> bool:
        """Whether its person asked to be told of every message."""
        return NotificationLevel.EVERYTHING in {self._visit.preferences.desktop, self._visit.preferences.sound}

    def ring(self, message: Message) -> None:
        """Tell of a message, in the ways its person wants."""
        preferences = self._visit.preferences
        if preferences.desktop.includes(message, self.member):
            brand, body = self._visit.brand, to_plain(message.text, 200)
            look = {"language": self._visit._.tag, "icon": brand.picture}
            browser.notify(self._visit.client, message.room, f"{message.name} · {brand.title}", body=body, **look)
        if preferences.sound.includes(message, self.member) and not preferences.muted:
            if self._rung is None or message.at - self._rung.at >= PAUSE:
                self.play(preferences)
            self._rung = message

    def play(self, preferences: Preferences) -> None:
        """Play the sound that was chosen."""
        self._plays += 1
        self._audio.set("volume", preferences.volume / 100)
        self._audio.set("src", f"/assets/sounds/{preferences.tone}.wav#{self._plays}")

    @cached_property
    def _audio(self) -> HtmlElement:
        """Plays whenever it has a new address."""
        with self._home:
            return HtmlElement("audio", {"autoplay": True, "hidden": True})
