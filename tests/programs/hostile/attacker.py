"""A client that attacks: pages and sockets without a browser."""

import ast
import asyncio
import html
import json
from collections.abc import Iterable
from typing import Any
from uuid import uuid4

import aiohttp
from aiohttp import WSMsgType

from tests.support.raw_page import _between


class Attacker:
    """A client with its own IP address and as many pages and sockets as the server allows."""

    def __init__(self, url: str, number: int) -> None:
        self.url = url
        self.headers = {"X-Forwarded-For": f"66.0.0.{number}"}
        self.http = aiohttp.ClientSession(
            headers=self.headers,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(limit=0),
            timeout=aiohttp.ClientTimeout(20),
        )

    async def get(self, path: str = "") -> tuple[int, str]:
        async with self.http.get(f"{self.url}{path}") as response:
            return response.status, await response.text()

    async def page(self) -> "Page":
        status, source = await self.get()
        if status != 200:
            raise PermissionError(str(status))
        return Page(self, source)

    async def join(self) -> "Page":
        """Return a page in the room, joining first if needed."""
        card = await self.page()
        await card.connect()
        if any(card.listeners("resend")):
            return card  # the session cookie has already joined
        await card.emit(*next(card.listeners("submit")), [f"Mallory {uuid4().hex[:8]}"])
        async with asyncio.timeout(10):
            while '"open"' not in await card.socket.receive_str():
                pass
        await card.socket.close()
        room = await self.page()
        await room.connect()
        return room


class Page:
    """A loaded page and its socket."""

    def __init__(self, attacker: Attacker, source: str) -> None:
        self.attacker = attacker
        self.elements = json.loads(html.unescape(_between(source, "parseElements(String.raw`", "`")))
        self.query = ast.literal_eval(_between(source, "query: ", ",\n"))
        self.client_id = self.query["client_id"]
        self.tab = str(uuid4())

    def listeners(self, event_type: str | None = None) -> Iterable[tuple[int, str]]:
        return (
            (int(element_id), event["listener_id"])
            for element_id, element in self.elements.items()
            for event in element.get("events", [])
            if event_type in {None, event["type"]}
        )

    async def connect(self, *, headers: dict[str, str] | None = None, **changes: str) -> None:
        ids = {"tab_id": self.tab, "old_tab_id": "null", "document_id": uuid4(), "implicit_handshake": "true"}
        query = {"EIO": 4, "transport": "websocket", **self.query, **ids, **changes}
        target = "&".join(f"{name}={value}" for name, value in query.items())
        self.socket = await self.attacker.http.ws_connect(
            f"{self.attacker.url}_nicegui_ws/socket.io/?{target}", headers=headers, max_msg_size=0
        )
        await self.socket.receive()
        await self.socket.send_str("40")
        await self.socket.receive()

    async def emit(self, element: int, listener: str, arguments: list[Any]) -> None:
        message = {"id": element, "client_id": self.client_id, "listener_id": listener}
        message["args"] = [json.dumps(argument) for argument in arguments]
        await self.socket.send_str("42" + json.dumps(["event", message]))

    async def fate(self, seconds: float = 3.0) -> str:
        """Return whether the server cuts the socket within `seconds` or ignores the attack."""
        try:
            async with asyncio.timeout(seconds):
                while (await self.socket.receive()).type in {WSMsgType.TEXT, WSMsgType.BINARY}:
                    pass
        except TimeoutError:
            await self.socket.close()
            return "ignored"
        except OSError:
            pass
        return "cut"
