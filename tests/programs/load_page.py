"""The pages of the load test."""

import json
from typing import Any
from uuid import uuid4

from chat.domain.rooms.directory.room_info import LOBBY
from tests.programs.load_floor import Socket, Watch
from tests.support.page_source import parse_page

UNLIMITED = {
    "CHAT_MESSAGE_RATE": "100000 per 10 seconds",
    "CHAT_REQUEST_RATE": "100000 per minute",
    "CHAT_PAGES_PER_ADDRESS": "10000",
}
TEXT = "Sixty characters are what people write in a chat on average."


class Page(Socket):
    """A browser on the app's page, at `path`: the traffic of NiceGUI's script, without rendering.

    `sign` is in the snapshot of the room.
    """

    path, room_id, sign = "", LOBBY, '"online"'

    async def join(self, name: str) -> None:
        """Enter a name at the welcome card."""
        await self._load()
        joined = Watch('["open"', [self])
        await self._fire(self._form, "submit", name)
        assert not await joined.wait(20), f"{name} could not join"
        await self.disconnect()

    async def open(self) -> None:
        """Enter the room and wait for its snapshot."""
        snapshot = Watch(self.sign, [self])
        await self._load()
        assert not await snapshot.wait(3 * self.patience), "no snapshot"

    async def post(self, message_id: str, text: str, about: str = "") -> None:
        """Send as the composer does."""
        await self._fire(self._form, "submit", message_id, text, about, self.room_id)

    async def type(self) -> None:
        """Report what the field contains, as the first key does."""
        await self._fire(self._typing, "input", TEXT[:1])

    async def react(self, message_id: str, emoji: str) -> None:
        """Press a button of the quick row."""
        await self._fire(self._menu, "command", "--react", emoji, message_id)

    async def _load(self) -> None:
        async with self.http.get(f"/{self.path}") as response:
            response.raise_for_status()
            page = await response.text()
        elements, self._query = parse_page(page)
        # The first form is the welcome card's or the composer's.
        self._form = next((int(i), e["events"]) for i, e in elements.items() if e["tag"] == "form")
        menus = ((int(i), e["events"]) for i, e in elements.items() if e.get("props", {}).get("id") == "menu")
        self._menu = next(menus, None)  # the welcome card has none
        handlers = (_handler(int(i), e, "report_typing") for i, e in elements.items())
        self._typing = next(filter(None, handlers), None)
        self._links = next(filter(None, (_handler(int(i), e, "follow_url") for i, e in elements.items())), None)
        query = {name: json.dumps(value).strip('"') for name, value in self._query.items()}
        tab = {"document_id": str(uuid4()), "tab_id": str(uuid4()), "old_tab_id": "null"}
        await self.connect("/_nicegui_ws/socket.io/", query | tab)

    async def _fire(self, element: tuple[int, list], event: str, *arguments: str) -> None:
        number, events = element
        listener = next(e["listener_id"] for e in events if e["type"] == event)
        ids = {"id": number, "client_id": self._query["client_id"], "listener_id": listener}
        await self.emit("event", {**ids, "args": [json.dumps(argument) for argument in arguments]})


def address_of(number: int) -> str:
    """Return the address of a person, who has one of their own: the chat limits what it does for each."""
    return f"10.{number >> 16}.{number >> 8 & 255}.{number & 255}"


def _handler(number: int, element: dict[str, Any], function: str) -> tuple[int, list] | None:
    """Return an element and the event of it that a function of the browser handles."""
    found = [event for event in element.get("events", ()) if f"chat.{function}(" in (event.get("js_handler") or "")]
    return (number, found) if found else None
