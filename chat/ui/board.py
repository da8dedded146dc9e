"""A room in one language: what is live there, and which part a fact changes."""

import asyncio
from collections.abc import Set

from nicegui import Client

from chat.events import (
    Connected,
    Disconnected,
    Fact,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    TypingStarted,
    TypingStopped,
)
from chat.i18n import translator
from chat.state import Chat
from chat.ui import fragments, frame
from chat.ui.live import LiveRegion, Node

SOON = 0.25

CHANGES: dict[type[Fact], Set[str]] = {
    MessagePosted: {"log", "typing"},
    HistoryCleared: {"log"},
    MemberJoined: {"log", "people", "online"},
    MemberLeft: {"log", "people", "online", "typing"},
    MemberChanged: {"log", "people", "typing"},
    Connected: {"people"},
    Disconnected: {"people"},
    TypingStarted: {"typing"},
    TypingStopped: {"typing"},
}


class Board:
    """The live region of a room in one language, kept true. Messages show at once, the rest a moment later together."""

    def __init__(self, chat: Chat, title: str, language: str) -> None:
        self.region = LiveRegion(f"{chat.room.name}:{language}")
        self._room = chat.room
        self._ = translator(language)
        self._log = fragments.Log(self._)
        self._due: set[str] = set()
        self._soon: asyncio.TimerHandle | None = None
        self.region.update({"frame": frame.nodes(self._, title)})
        self._show(frozenset({"log", "people", "online", "typing"}))
        chat.subscribe(self._on_fact)

    async def enter(self, client: Client) -> None:
        """Let a page see the room: all of it now (at least itself in the count), and every change from now on."""
        await self.region.enter(client, self._nodes("online"))

    def _on_fact(self, fact: Fact) -> None:
        if isinstance(fact, MessagePosted | HistoryCleared):
            self._show(CHANGES[type(fact)])
            return
        # A hundred people who come at once are a few frames for each page, not a hundred.
        self._due |= CHANGES[type(fact)]
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SOON, self._show_due)

    def _show_due(self) -> None:
        self._soon = None
        due, self._due = self._due, set()
        self._show(due)

    def _show(self, parts: Set[str]) -> None:
        self.region.update({part: self._nodes(part) for part in parts})

    def _nodes(self, part: str) -> dict[str, Node]:
        match part:
            case "log":
                return self._log.nodes(self._room.timeline)
            case "people":
                return fragments.people(self._, self._room)
            case "online":
                return fragments.online(self._, self._room)
            case _:
                return fragments.typing(self._, self._room)


class Boards:
    """One board for each language in use."""

    def __init__(self, chat: Chat, title: str) -> None:
        self._chat = chat
        self._title = title
        self._boards: dict[str, Board] = {}

    def get(self, language: str) -> Board:
        """The board in this language."""
        if language not in self._boards:
            self._boards[language] = Board(self._chat, self._title, language)
        return self._boards[language]
