"""A room in one language: what is live there, and which part a fact changes."""

import asyncio
from collections.abc import Callable, Set
from typing import get_args

from nicegui import Client

from chat.branding import Brand
from chat.domain.events import (
    AuthorAnonymized,
    Connected,
    Disconnected,
    DurableEvent,
    Event,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
    TypingStarted,
    TypingStopped,
)
from chat.domain.moderation.events import RoomLocked, SlowModeChanged
from chat.domain.rooms.timeline import PublicModerationEvent
from chat.framework.live_region import LiveRegion, Node
from chat.i18n.translator import translator
from chat.state.chat import Chat
from chat.ui.components.message_nodes import MessageNodes
from chat.ui.html import chrome as frame
from chat.ui.html import roster as people_nodes

SOON = 0.25  # seconds
SOON_PER_PERSON = 0.0025  # with two hundred people, a frame for each of them 1.3 times a second, not four times

CHANGES: dict[type[Event], Set[str]] = {
    MessagePosted: {"log", "typing"},
    MessageEdited: {"log", "earlier"},
    MessageDeleted: {"log", "earlier"},
    Reacted: {"log", "earlier"},
    TopicChanged: {"log", "brand"},
    HistoryCleared: {"log", "earlier"},
    AuthorAnonymized: {"log", "earlier"},
    MemberJoined: {"log", "people", "online"},
    MemberLeft: {"log", "people", "online", "typing"},
    MemberChanged: {"log", "earlier", "people", "typing"},
    Connected: {"people"},
    Disconnected: {"people"},
    **{act: {"log", "typing"} for act in get_args(PublicModerationEvent)},
    SlowModeChanged: {"log", "mode"},
    RoomLocked: {"log", "typing", "mode"},
    TypingStarted: {"typing"},
    TypingStopped: {"typing"},
}


class RoomView:
    """The live region of a room in one language, kept true.

    What lasts shows at once, comings and goings and typing a moment later together.
    """

    def __init__(self, chat: Chat, brand: Brand, language: str) -> None:
        self._room = chat.room
        self._tr = translator(language)
        self.log = MessageNodes(self._tr, chat.room.conversation)
        self.region = LiveRegion(f"{chat.room.name}:{language}", self.log.keeps)
        self._due: set[str] = set()
        self._soon: asyncio.TimerHandle | None = None
        self._brand = brand
        self.region.update({"frame": frame.nodes(self._tr), "lost": frame.lost(self._tr)})
        self._show(frozenset({"log", "brand", "people", "online", "mode", "typing"}))
        chat.subscribe(self._on_event, *CHANGES)

    async def enter(self, client: Client, more: Callable[[], dict[str, Node]]) -> None:
        """Let a page see the room: all of it now (at least itself in the count), and every change from now on.

        `more` gives what only this page has.
        """
        await self.region.enter(client, lambda: {**self._nodes("online"), **more()})

    def announce_restart(self) -> None:
        """Tell all pages that the server is about to end, and most likely comes back."""
        self.region.update({"lost": frame.lost(self._tr, is_restart=True)})

    def _on_event(self, event: Event) -> None:
        if isinstance(event, DurableEvent):
            self._show(CHANGES[type(event)])
            return
        # A hundred people who come at once are a few frames for each page, not a hundred.
        self._due |= CHANGES[type(event)]
        if self._soon is None:
            delay = SOON + SOON_PER_PERSON * len(self._room.members)
            self._soon = asyncio.get_running_loop().call_later(delay, self._show_due)

    def _show_due(self) -> None:
        self._soon = None
        due, self._due = self._due, set()
        self._show(due)

    def _show(self, parts: Set[str]) -> None:
        self.region.update({part: self._nodes(part) for part in parts - {"earlier"}})
        if "earlier" in parts:
            self.region.tell(self.log.changed_earlier())

    def _nodes(self, part: str) -> dict[str, Node]:
        match part:
            case "log":
                return self.log.newest()
            case "brand":
                return frame.brand(self._brand, self._room.conversation.history.topic)
            case "people":
                return people_nodes.people(self._tr, self._room)
            case "online":
                return people_nodes.online(self._tr, self._room)
            case "mode":
                return people_nodes.mode(self._tr, self._room)
            case _:
                return people_nodes.typing(self._tr, self._room)


class RoomViews:
    """One board for each language in use."""

    def __init__(self, chat: Chat, brand: Brand) -> None:
        self._chat = chat
        self._brand = brand
        self._room_views: dict[str, RoomView] = {}

    def get(self, language: str) -> RoomView:
        """The board in this language."""
        if language not in self._room_views:
            self._room_views[language] = RoomView(self._chat, self._brand, language)
        return self._room_views[language]

    def announce_restart(self) -> None:
        """Tell all pages that the server is about to end."""
        for board in self._room_views.values():
            board.announce_restart()
