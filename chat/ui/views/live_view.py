"""A part of the page that many pages share: its live region, and which of its parts an event changes."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Set
from functools import partial

from nicegui import Client

from chat.domain.events import DurableEvent, Event
from chat.framework.live_region import LiveRegion, Node
from chat.state.chat import Chat

DELAY = 0.25  # seconds
DELAY_PER_MEMBER = 0.0025  # with 200 members, each page gets 1.3 frames a second instead of four

Changes = dict[type[Event], Set[str]]
"""The parts of a live region that an event changes."""

OwnNodes = Callable[[], Mapping[str, Node | None]]
"""Returns nodes for one page only; None removes a node."""


class LiveView(ABC):
    """Keeps a live region up to date.

    Durable events show immediately; joining, leaving and typing are gathered and show a moment later.
    """

    def __init__(self, chat: Chat, region: LiveRegion) -> None:
        self.region = region
        self._chat = chat
        self._due: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._unsubscribe: list[Callable[[], None]] = []

    @abstractmethod
    def nodes(self, part: str) -> dict[str, Node]:
        """Return the nodes of a part."""

    async def enter(self, client: Client, own_nodes: OwnNodes = dict) -> None:
        """Send a page everything now, and every change from now on. `own_nodes` returns nodes for this page only."""
        await self.region.enter(client, own_nodes)

    def close(self) -> None:
        """Stop following the chat."""
        for unsubscribe in self._unsubscribe:
            unsubscribe()
        if self._timer:
            self._timer.cancel()

    def follow(self, changes: Changes, room_id: str | None = None) -> None:
        """Show from now on what these events change, in one room or wherever they happen."""
        listener = partial(self._on_event, changes)
        self._unsubscribe.append(self._chat.subscribe(listener, *changes, room_id=room_id))

    def show(self, parts: Set[str]) -> None:
        self.region.update({part: self.nodes(part) for part in parts})

    def _on_event(self, changes: Changes, event: Event) -> None:
        parts = changes[type(event)]
        if isinstance(event, DurableEvent):
            self.show(parts)
            return
        # A hundred members who join at once make a few frames for each page, not a hundred.
        self._due |= parts
        if self._timer is None:
            delay = DELAY + DELAY_PER_MEMBER * len(self._chat.people.members)
            self._timer = asyncio.get_running_loop().call_later(delay, self._show_due)

    def _show_due(self) -> None:
        self._timer = None
        due, self._due = self._due, set()
        self.show(due)
