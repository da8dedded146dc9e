"""A hostile client: it can press any control, and ignores being told to leave."""

import asyncio
import json
from collections.abc import Callable
from typing import Any
from uuid import uuid4

from tests.support.raw_page import RawPage
from tests.support.sights import PATIENCE

PASSWORD = "seven wild geese"


class Program(RawPage):
    """A page without a browser; with `like`, one that has a copy of another page's session cookie."""

    def __init__(self, url: str, name: str, like: RawPage | None = None) -> None:
        super().__init__(url, name, patience=20)
        self.redirects: list[str] = []
        self._sent = 0
        self._prefix = uuid4().hex[:10]
        if like:
            self.http.cookie_jar.update_cookies({cookie.key: cookie.value for cookie in like.http.cookie_jar})

    async def say(self, text: str) -> bool:
        """Send a message; return whether it was accepted."""
        return await self.send(text)

    async def send(self, text: str, about: str = "") -> bool:
        """Send a message, a reply (`about` is `reply-ID`) or an edit (`edit-ID`); return whether it was accepted."""
        self._sent += 1
        message_id = f"{self._prefix}{self._sent:06}"
        await self._emit("submit", message_id, text, about, self.room_id)
        await self._until(lambda: message_id in self.settled | self.refused)
        return message_id not in self.refused

    async def sign_up(self, name: str) -> None:
        """Create an account at the welcome card and enter the room."""
        await self.fill_in_card("Sign up", name)
        await self.follow_redirect()

    async def leave(self) -> None:
        """Leave as a guest, and confirm it."""
        await self.choose("--leave")
        await self.press("Leave")

    async def follow_redirect(self) -> None:
        """Load the page that the server redirects to, and wait for the room."""
        await self._until(lambda: self._asked_to_reload)
        await self.close()
        assert await self._load(self.redirects[-1].lstrip("/")), f"{self.name} could not sign up"
        await self._until(lambda: self._has_snapshot)

    async def fill_in_card(self, method: str, name: str) -> None:
        """Enter name and password at the welcome card."""
        await self.open_card(method)
        await self.fill_in(name, PASSWORD)

    async def open_card(self, method: str) -> None:
        """Open the welcome card and choose a method."""
        await self._load()
        await self.press(method)

    async def open_invitation(self, link: str) -> None:
        await self._load(f"invite/{link.rpartition('/')[2]}")

    async def open_reset(self, token: str) -> None:
        """Follow the link to choose a new password."""
        await self._load(f"reset/{token}")

    async def open_moderation(self) -> None:
        """Open the moderation page and wait for its content."""
        await self._load("moderation")
        await self._reads("Audit log")

    async def fill_in(self, *values: str) -> None:
        """Submit the last form on the page."""
        await self._send(
            self._find(lambda element: element["tag"] == "form" and "events" in element), "submit", *values
        )

    async def sees(self, text: str) -> None:
        """Wait for a text anywhere on the page."""
        await self._reads(text)

    async def _reads(self, text: str) -> None:
        await self._until(lambda: text in self.text())

    async def press(self, text: str) -> None:
        """Wait for a button with this text, and press the last one."""
        await self._reads(f'"{text}"')
        await self._send(self._find(lambda element: element["props"].get("textContent") == text), "click")

    async def choose(self, command: str, value: str = "", message_id: str = "") -> None:
        """Invoke a command of the menu or of an HTML-only button, optionally on a message."""
        menu = self._find(lambda element: element["props"].get("id") == "menu")
        await self._send(menu, "command", command, value, message_id)

    async def is_disconnected(self) -> None:
        """Wait until the server has closed the connection."""
        async with asyncio.timeout(PATIENCE):
            await self._socket.wait()
        assert not self._socket.connected

    async def status(self, path: str) -> int:
        """Return the HTTP status of a request, without following redirects."""
        async with self.http.get(f"{self.url}{path}", allow_redirects=False) as response:
            return response.status

    async def _send(self, element: str, event: str, *values: str, which: int = -1) -> None:
        listeners = [known["listener_id"] for known in self.elements[element]["events"] if known["type"] == event]
        ids = {"id": int(element), "client_id": self._client_id, "listener_id": listeners[which]}
        await self._socket.emit("event", {**ids, "args": [json.dumps(value) for value in values]})

    def _find(self, predicate: Callable[[dict[str, Any]], bool]) -> str:
        return self._find_all(predicate)[-1]

    def _find_all(self, predicate: Callable[[dict[str, Any]], bool]) -> list[str]:
        known = ((key, element) for key, element in self.elements.items() if key.isdecimal() and element)
        return [key for key, element in known if predicate({"props": {}, **element})]

    def _reload(self, call: dict[str, str]) -> None:
        self.redirects.append(call["path"])
        super()._reload(call)
