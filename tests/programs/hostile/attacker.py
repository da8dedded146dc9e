"""A client that attacks: pages, sockets and connections without a browser."""

import asyncio
import json
import time
from collections import Counter
from collections.abc import Coroutine, Iterable
from typing import Any
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import psutil
from aiohttp import WSMsgType

from tests.support.page_source import parse_page


class Attacker:
    """A client with its own IP address and as many pages and sockets as the server allows."""

    def __init__(self, url: str, address: str) -> None:
        self.url = url
        self.address = address
        self.calm: tuple[float, float] | None = None  # from when until when it rested (`time.perf_counter`)
        self.http = aiohttp.ClientSession(
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(limit=0, local_addr=(address, 0)),
            timeout=aiohttp.ClientTimeout(20),
        )

    async def rest(self, seconds: float) -> None:
        """Do nothing for a while, with which the others' delays from then on are compared."""
        since = time.perf_counter()
        await asyncio.sleep(seconds)
        self.calm = since, time.perf_counter()

    async def get(self, path: str = "", **headers: str) -> tuple[int, str]:
        async with self.http.get(f"{self.url}{path}", headers=headers) as response:
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
        if card.is_room:
            return card  # the session cookie has already joined
        await card.emit(*next(card.listeners("submit")), [f"Mallory {uuid4().hex[:8]}"])
        async with asyncio.timeout(10):
            while '"open"' not in await card.socket.receive_str():
                pass
        await card.socket.close()
        room = await self.page()
        await room.connect()
        return room

    async def join_as_guests(self, count: int) -> "list[Page]":
        """Return the pages of so many guests, each with a session of their own."""
        pages = []
        for _ in range(count):
            self.http.cookie_jar.clear()
            pages.append(await self.join())
        return pages

    async def connection(self, address: str = "") -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        """Return a bare TCP connection, by default from the attacker's own address."""
        server = urlsplit(self.url)
        return await asyncio.open_connection(server.hostname, server.port, local_addr=(address or self.address, 0))


class Page:
    """A loaded page and its socket."""

    def __init__(self, attacker: Attacker, source: str) -> None:
        self.attacker = attacker
        self.elements, self.query = parse_page(source)
        self.client_id = self.query["client_id"]
        self.tab = str(uuid4())

    @property
    def is_room(self) -> bool:
        return any(self.listeners("resend"))

    def listeners(self, event_type: str | None = None) -> Iterable[tuple[int, str]]:
        return (
            (int(element_id), event["listener_id"])
            for element_id, element in self.elements.items()
            for event in (element or {}).get("events", [])
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

    async def choose(self, command: str, message_id: str = "") -> None:
        """Choose an item of the menu, or one of a message."""
        [menu] = (key for key, element in self.elements.items() if (element or {}).get("props", {}).get("id") == "menu")
        target = next(target for target in self.listeners("command") if target[0] == int(menu))
        await self.emit(*target, [command, "", message_id])

    async def element(self, event_type: str, **props: str) -> tuple[int, str]:
        """Wait until there is an element with these props, and return its listener; others read the frames."""
        async with asyncio.timeout(10):
            while True:
                for target in self.listeners(event_type):
                    given = self.elements[str(target[0])]["props"]
                    if props.items() <= given.items():
                        return target
                await asyncio.sleep(0.05)

    async def frames(self) -> Iterable[Any]:
        """Wait for a frame with changed elements, and return these."""
        while True:
            frame = await self.socket.receive_str()
            if frame == "2":
                await self.socket.send_str("3")
            elif frame.startswith('42["update",'):
                changed = json.loads(frame[2:])[1]
                changed.pop("_id", None)
                self.elements |= {key: element for key, element in changed.items() if key.isdecimal()}
                return changed.values()

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


async def run_for(seconds: float, outcome: Counter[str], *work: Coroutine[Any, Any, None]) -> None:
    """Do all this work for so long, or until some of it fails, which is counted in `outcome`."""
    tasks = [asyncio.create_task(part) for part in work]
    await asyncio.wait(tasks, timeout=seconds, return_when=asyncio.FIRST_EXCEPTION)
    for task in tasks:
        if task.done():
            outcome[f"ended by {type(task.exception()).__name__}"] += 1
        task.cancel()


def unread_fates(transports: Iterable[asyncio.BaseTransport]) -> Counter[str]:
    """Count which connections the server has cut; a client that doesn't read isn't told."""
    established = (there for there in psutil.net_connections("tcp") if there.status == psutil.CONN_ESTABLISHED)
    clients = {there.raddr for there in established}
    names = (transport.get_extra_info("sockname") for transport in transports)
    return Counter("STILL OPEN" if name in clients else "cut" for name in names)


def server_process(url: str) -> psutil.Process:
    """Return the server at this URL, which runs on this machine."""
    port = urlsplit(url).port
    listeners = (line for line in psutil.net_connections("tcp") if line.status == psutil.CONN_LISTEN)
    return next(psutil.Process(line.pid) for line in listeners if line.laddr.port == port)
