"""A program that has a page and does what no browser does: presses what it likes, and stays when it is told to go."""

import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.support.raw_page import RawPage

PASSWORD = "seven wild geese"


class Program(RawPage):
    """Somebody's page, or (with `like`) that of who has a copy of somebody's session cookie."""

    def __init__(self, url: str, name: str, like: RawPage | None = None) -> None:
        super().__init__(url, name, patience=20)
        self.told: list[str] = []
        self._sent = 0
        self._prefix = uuid4().hex[:10]
        if like:
            self.http.cookie_jar.update_cookies({cookie.key: cookie.value for cookie in like.http.cookie_jar})

    async def say(self, text: str) -> bool:
        """Write and wait for the answer; returns whether it was accepted."""
        return await self.send(text)

    async def send(self, text: str, about: str = "") -> bool:
        """Write, perhaps about a message (`reply-ID`, `edit-ID`); return whether it was accepted."""
        self._sent += 1
        message_id = f"{self._prefix}{self._sent:06}"
        await self._emit("submit", message_id, text, about)
        await self._until(lambda: message_id in self.settled | self.refused)
        return message_id in self.settled

    async def sign_up(self, name: str) -> None:
        """Make an account at the card, and be in the room."""
        await self.at_card("Sign up", name)
        await self.is_led_in()

    async def is_led_in(self) -> None:
        """Go where the page is told to, and be in the room."""
        await self._until(lambda: self._asked_to_reload)
        await self.close()
        assert await self._load(self.told[-1].lstrip("/")), f"{self.name} could not sign up"
        await self._until(lambda: self._has_snapshot)

    async def at_card(self, way: str, name: str) -> None:
        """Give name and password at the card."""
        await self._load()
        await self.press(way)
        await self.fill_in(name, PASSWORD)

    async def comes_by(self, link: str) -> None:
        """Open the page by the link of an invitation."""
        await self._load(f"invite/{link.rpartition('/')[2]}")

    async def moderates(self) -> None:
        """Open the page for moderators."""
        await self._load("moderation")
        await self._reads("Audit log")

    async def fill_in(self, *values: str) -> None:
        """Send the last form that there is."""
        await self._send(
            self._find(lambda element: element["tag"] == "form" and "events" in element), "submit", *values
        )

    async def sees(self, text: str) -> None:
        """Wait for a text anywhere on the page."""
        await self._reads(text)

    async def _reads(self, text: str) -> None:
        await self._until(lambda: text in self.text())

    async def press(self, text: str) -> None:
        """Press the last button with this text."""
        await self._reads(f'"{text}"')
        await self._send(self._find(lambda element: element["props"].get("textContent") == text), "click")

    async def choose(self, command: str, value: str = "", message_id: str = "") -> None:
        """Invoke a command of the menu, or of a button that is HTML only, perhaps of a message."""
        menu = self._find(lambda element: element["props"].get("id") == "menu")
        await self._send(menu, "command", command, value, message_id)

    async def is_cut(self) -> None:
        """Wait until the server has ended the connection."""
        await self._socket.wait()
        assert not self._socket.connected

    async def status(self, path: str) -> int:
        """The status of a download."""
        async with self.http.get(f"{self.url}{path}", allow_redirects=False) as response:
            return response.status

    def text(self) -> str:
        """All that stands on the page, and in hidden places of it."""
        return json.dumps([element for element in self.elements.values() if element], ensure_ascii=False)

    async def _send(self, element: str, event: str, *values: str, which: int = -1) -> None:
        listeners = [known["listener_id"] for known in self.elements[element]["events"] if known["type"] == event]
        ids = {"id": int(element), "client_id": self._client_id, "listener_id": listeners[which]}
        await self._socket.emit("event", {**ids, "args": [json.dumps(value) for value in values]})

    def _find(self, is_meant: Callable[[dict[str, Any]], bool]) -> str:
        return self._find_all(is_meant)[-1]

    def _find_all(self, is_meant: Callable[[dict[str, Any]], bool]) -> list[str]:
        known = ((key, element) for key, element in self.elements.items() if key.isdecimal() and element)
        return [key for key, element in known if is_meant({"props": {}, **element})]

    def _reload(self, call: dict[str, str]) -> None:
        self.told.append(call["path"])
        super()._reload(call)
