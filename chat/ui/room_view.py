"""A room in one language: its live region, and which parts of it an event changes."""

import asyncio
from collections import Counter
from collections.abc import Callable, Set
from functools import partial
from typing import get_args

from nicegui import Client

from chat.branding import Brand
from chat.domain.accounts.events import AccountCreated, AccountDeleted, MemberRenamed, RoleChanged
from chat.domain.events import DurableEvent, Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    MessagesPurged,
    ReactionAdded,
    ReactionRemoved,
    TopicChanged,
)
from chat.domain.moderation.events import Banned, Muted, RoomLocked, RoomUnlocked, SlowModeChanged, Unbanned
from chat.domain.people.events import Connected, Disconnected, MemberJoined, MemberLeft
from chat.domain.rooms.events import TypingStarted, TypingStopped
from chat.domain.rooms.notices import PublicModerationEvent
from chat.framework.live_region import LiveRegion, Node
from chat.i18n.translator import translator
from chat.state.chat import Chat
from chat.ui.components.message_nodes import MessageNodes
from chat.ui.html import chrome, roster

SMALL = 20  # members; in a larger room, joins and leaves are hidden by default
DELAY = 0.25  # seconds
DELAY_PER_MEMBER = 0.0025  # with 200 members, each page gets 1.3 frames a second instead of four

CHANGES: dict[type[Event], Set[str]] = {
    MessagePosted: {"log", "typing"},
    MessageEdited: {"log", "earlier"},
    MessageDeleted: {"log", "earlier", "away"},
    ReactionAdded: {"log", "earlier"},
    ReactionRemoved: {"log", "earlier"},
    TopicChanged: {"log", "brand"},
    HistoryCleared: {"log", "earlier", "away"},
    AuthorAnonymized: {"log", "earlier", "away"},
    **{event: {"log"} for event in get_args(PublicModerationEvent)},
    SlowModeChanged: {"log", "mode"},
    RoomLocked: {"log", "typing", "mode"},
    RoomUnlocked: {"log", "mode"},
    MessagesPurged: {"log", "earlier", "away"},
    TypingStarted: {"typing"},
    TypingStopped: {"typing"},
}
"""The parts of the live region that an event in the room changes."""

CHANGES_EVERYWHERE: dict[type[Event], Set[str]] = {
    MemberJoined: {"log", "earlier", "people", "away", "online"},
    MemberLeft: {"log", "people", "away", "online", "typing"},
    MemberRenamed: {"log", "earlier", "people", "typing"},
    RoleChanged: {"log", "earlier", "people", "away", "typing"},
    AccountCreated: {"log", "earlier", "people", "typing"},
    AccountDeleted: {"away"},
    Connected: {"people"},
    Disconnected: {"people", "typing"},
    Muted: {"typing"},
    Banned: {"away"},
    Unbanned: {"away"},
}
"""The parts that an event changes wherever it happens."""


class RoomView:
    """Keeps the live region of a room in one language up to date.

    Durable events show immediately; joining, leaving and typing are gathered and show a moment later.
    """

    def __init__(self, chat: Chat, brand: Brand, language: str) -> None:
        self._room = chat.lobby
        self._tr = translator(language)
        self._brand = brand
        self.message_nodes = MessageNodes(self._tr, chat.lobby, chat.directory)
        self.region = LiveRegion(f"{chat.lobby.id}:{language}", self.message_nodes.keeps)
        self._due: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self.region.update({"frame": chrome.nodes(self._tr), "lost": chrome.connection_lost(self._tr)})
        self._show(frozenset({"log", "brand", "people", "away", "online", "mode", "typing"}))
        self._unsubscribe = [
            chat.subscribe(partial(self._on_event, CHANGES), *CHANGES, room_id=self._room.id),
            chat.subscribe(partial(self._on_event, CHANGES_EVERYWHERE), *CHANGES_EVERYWHERE),
        ]

    async def enter(self, client: Client, own_nodes: Callable[[], dict[str, Node]]) -> None:
        """Send a page the room now, and every change from now on. `own_nodes` returns nodes for this page only."""
        # The count is not gathered for the page that changes it: it sees at least itself.
        await self.region.enter(client, lambda: {**self._nodes("online"), **own_nodes()})

    def announce_restart(self) -> None:
        """Tell all pages that the server is about to restart."""
        self.region.update({"lost": chrome.connection_lost(self._tr, is_restart=True)})

    def close(self) -> None:
        """Follow the room no longer."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        if self._timer:
            self._timer.cancel()

    def _on_event(self, changes: dict[type[Event], Set[str]], event: Event) -> None:
        parts = changes[type(event)]
        if isinstance(event, DurableEvent):
            self._show(parts)
            return
        # A hundred members who join at once make a few frames for each page, not a hundred.
        self._due |= parts
        if self._timer is None:
            delay = DELAY + DELAY_PER_MEMBER * len(self._room.people.members)
            self._timer = asyncio.get_running_loop().call_later(delay, self._show_due)

    def _show_due(self) -> None:
        self._timer = None
        due, self._due = self._due, set()
        self._show(due)

    def _show(self, parts: Set[str]) -> None:
        self.region.update({part: self._nodes(part) for part in parts - {"earlier"}})
        if "earlier" in parts:
            self.region.broadcast(self.message_nodes.changed_earlier())

    def _nodes(self, part: str) -> dict[str, Node]:
        match part:
            case "log":
                return self.message_nodes.newest(is_large_room=len(self._room.people.members) > SMALL)
            case "brand":
                return chrome.brand(self._brand, self._room.conversation.history.topic)
            case "people":
                return roster.people(self._tr, self._room.people)
            case "away":
                return roster.away(self._tr, self._room)
            case "online":
                return roster.online(self._tr, self._room.people)
            case "mode":
                return roster.mode(self._tr, self._room)
            case _:
                return roster.typing(self._tr, self._room)


class RoomViews:
    """The views of the room, one for each language in use."""

    def __init__(self, chat: Chat, brand: Brand) -> None:
        self._chat = chat
        self._brand = brand
        self._views: dict[str, RoomView] = {}
        self._pages = Counter[str]()

    def __len__(self) -> int:
        return len(self._views)

    def open(self, language: str, client: Client) -> RoomView:
        """Return the view for a page of this language; a view lasts as long as its pages."""
        if language not in self._views:
            self._views[language] = RoomView(self._chat, self._brand, language)
        self._pages[language] += 1
        client.on_delete(lambda: self._close(language))
        return self._views[language]

    def announce_restart(self) -> None:
        for view in self._views.values():
            view.announce_restart()

    def _close(self, language: str) -> None:
        self._pages[language] -= 1
        if not self._pages[language]:
            del self._pages[language]
            self._views.pop(language).close()
