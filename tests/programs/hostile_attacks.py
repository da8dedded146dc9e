"""The attacks of `tests.programs.hostile`. Each returns a count of its outcomes."""

import ast
import asyncio
import html
import json
import socket
from collections import Counter
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp
import psutil
from aiohttp import WSMsgType

from chat.web.security.http_protocol import REQUEST_TIMEOUT
from tests.support.raw_page import _between

SECONDS = 4.0  # duration of a flood
ODD: list[Any] = [
    None, True, -1, 10**18, 1.5, "", "x" * 10_000, "\u202e\x00\n", [], {}, [[]], [None] * 5, {"a": {"b": []}},
    ["--clear", "", ""], ["--react", {}, []], ["--edit", "x", 7], ["--load", "-1", ""], ["--found", None, None],
    ["id", "text", ""], ["m0000000001abcdefg", 5, None], {"detail": {"unicode": {}}}, {"position": "high"},
    [-1, -1], ["@", -5], ["x", 10**30 % 10**18], "visible", "keys",
]  # fmt: skip


class Attacker:
    """A client with its own IP address and as many pages and sockets as the server allows."""

    def __init__(self, url: str, name: str) -> None:
        self.url = url
        self.headers = {"X-Forwarded-For": f"66.0.0.{NAMES.index(name) + 1}"}
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


ATTACKS: dict[str, Callable[[Attacker], Awaitable[Counter[str]]]] = {}


def attack(function: Callable[[Attacker], Awaitable[Counter[str]]]) -> Callable[[Attacker], Awaitable[Counter[str]]]:
    ATTACKS[function.__name__] = function
    return function


async def run(name: str, url: str) -> Counter[str]:
    attacker = Attacker(url, name)
    async with attacker.http:
        return await ATTACKS[name](attacker)


async def say(attacker: Attacker, frames: Iterable[str | bytes]) -> Counter[str]:
    """Send each frame on its own socket."""

    async def one(frame: str | bytes) -> str:
        page = await attacker.page()
        await page.connect()
        with suppress(OSError):
            if isinstance(frame, bytes):
                await page.socket.send_bytes(frame)
            else:
                await page.socket.send_str(frame.replace("CLIENT", page.client_id))
        return await page.fate()

    return Counter(await asyncio.gather(*(one(frame) for frame in frames)))


def frame(**changes: Any) -> str:
    return "42" + json.dumps(["event", {"id": 4, "client_id": "CLIENT", "listener_id": "x", "args": ["1"]} | changes])


@attack
async def wrong_types_and_missing_keys(attacker: Attacker) -> Counter[str]:
    names = ("id", "client_id", "listener_id", "args")
    frames = [frame(**{name: odd}) for name in names for odd in (None, [], {}, 1.5, [[1]], {"a": 1}, True)]
    frames += ['42["event"]', '42["event",{}]', '42["event",7]', '42["ack",{}]', '42["javascript_response",{}]']
    frames += ['42["handshake",{}]', '42["connect"]', '42["disconnect"]', "42{}", "42[]", "4", "9", "{", "40/x,"]
    return await say(attacker, frames)


@attack
async def unknown_elements_and_listeners(attacker: Attacker) -> Counter[str]:
    return await say(attacker, [frame(id=number) for number in (-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 99, 10**15)])


@attack
async def deep_json(attacker: Attacker) -> Counter[str]:
    deep = "[" * 1000 + "]" * 1000
    return await say(attacker, [frame(args=[deep]), f'42["event",{deep}]', "42" + "[" * 100_000] * 10)


@attack
async def empty_binary_and_oversized_frames(attacker: Attacker) -> Counter[str]:
    return await say(
        attacker, ["", b"", b"\x00" * 1000, "42" + "x" * 399_000, "4" * 5_000_000, b"\x04" * 5_000_000] * 3
    )


@attack
async def lone_surrogates_and_invalid_utf8(attacker: Attacker) -> Counter[str]:
    outcome = await say(attacker, [frame(args=['"\\ud800"']), '42["\\udfff",{}]'])
    for _ in range(10):
        page = await attacker.page()
        await page.connect()
        await page.socket._writer.send_frame(b'42["\xff\xfe\xed\xa0\x80"]', WSMsgType.TEXT)
        outcome[await page.fate()] += 1
    return outcome


@attack
async def attachments_never_sent(attacker: Attacker) -> Counter[str]:
    one = '["event",{"_placeholder":true,"num":0}]'
    return await say(attacker, [f"45{count}-{one}" for count in (1, 10, 999_999_999)] * 10)


async def flood(page: Page, send: Callable[[], Awaitable[None]]) -> Counter[str]:
    outcome: Counter[str] = Counter()
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(SECONDS):
            while True:
                await send()
                outcome["events"] += 1
    outcome[await page.fate(0.1)] += 1
    return outcome


@attack
async def ten_thousand_events_a_second(attacker: Attacker) -> Counter[str]:
    pages = [await attacker.join() for _ in range(5)]

    async def one(page: Page) -> Counter[str]:
        target = next(iter(page.listeners("input")))
        return await flood(page, lambda: page.emit(*target, ["x"]))

    return sum(await asyncio.gather(*map(one, pages)), Counter[str]())


@attack
async def odd_arguments_to_every_control(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    for odd in ODD:
        page = await attacker.join()
        for element, listener in page.listeners():
            with suppress(OSError):
                await page.emit(element, listener, odd if isinstance(odd, list) else [odd])
        outcome[await page.fate(0.15)] += 1
    return outcome


@attack
async def controls_that_are_not_shown(attacker: Attacker) -> Counter[str]:
    page = await attacker.join()
    for element, listener in page.listeners("command"):
        await page.emit(element, listener, ["--clear", "", ""])
    other = await attacker.page()
    await other.connect()
    for element, listener in page.listeners():  # registered on `page`, not on `other`
        await other.emit(element, listener, ["--clear", "", ""])
    outcome = Counter([await page.fate(1), await other.fate(1)])
    status, text = await attacker.get("history.json")
    outcome["history kept" if status == 200 and json.loads(text)["messages"] else "HISTORY GONE"] += 1
    return outcome


@attack
async def replayed_client_ids(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    page = await attacker.join()
    for changes in ({"tab_id": str(uuid4())}, {"client_id": str(uuid4())}, {"client_id": "x"}):
        other = await attacker.page()
        with suppress(aiohttp.ClientError):
            await other.connect(**{"client_id": page.client_id, **changes})
            await other.emit(*next(iter(page.listeners("submit"))), ["m0000000001abcdefg", "forged", ""])
        outcome[await other.fate(1)] += 1
    for _ in range(20):
        with suppress(OSError):
            await page.socket.send_str("40")
    outcome[await page.fate(1)] += 1
    return outcome


@attack
async def foreign_origins(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    for origin in ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1"] * 10:
        try:
            await (await attacker.page()).connect(headers={"Origin": origin})
            outcome["LET IN"] += 1
        except aiohttp.WSServerHandshakeError as refusal:
            outcome[str(refusal.status)] += 1
    return outcome


@attack
async def forged_log_lines(attacker: Attacker) -> Counter[str]:
    line = "\n2026-01-01 level=info event=forged\x1b[2J" * 50
    forged = json.dumps(["log", {"client_id": "CLIENT", "level": "error", "message": line}])
    outcome = await say(attacker, ["42" + forged] * 20)
    for path in ("%0a%0dforged", "x?%0aforged", "%1b[2J"):
        outcome[str((await attacker.get(path))[0])] += 1
    return outcome


@attack
async def two_thousand_404s(attacker: Attacker) -> Counter[str]:
    async def some(worker: int) -> Counter[str]:
        return Counter([str((await attacker.get(f"nowhere/{worker}/{number}"))[0]) for number in range(100)])

    return sum(await asyncio.gather(*map(some, range(20))), Counter[str]())


@attack
async def pages_without_sockets(attacker: Attacker) -> Counter[str]:
    async def some(_: int) -> Counter[str]:
        return Counter([str((await attacker.get())[0]) for _ in range(100)])

    return sum(await asyncio.gather(*map(some, range(5))), Counter[str]())


@attack
async def long_queries_and_polling(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    for _ in range(50):
        try:
            await (await attacker.page()).connect(tab_id="t" * 20_000)
            outcome["LET IN"] += 1
        except aiohttp.WSServerHandshakeError as refusal:
            outcome[str(refusal.status)] += 1
        outcome[str((await attacker.get("_nicegui_ws/socket.io/?EIO=4&transport=polling"))[0])] += 1
        outcome[str((await attacker.get("?" + "x" * 20_000))[0])] += 1
    return outcome


@attack
async def slow_readers(attacker: Attacker) -> Counter[str]:
    """Request much history, never read it, and wait to be cut off."""
    pages = [await attacker.join() for _ in range(30)]
    for page in pages:
        transport = page.socket._response.connection.transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        transport.pause_reading()
    for _ in range(20):
        for page in pages:
            for target in page.listeners("command"):
                with suppress(OSError, asyncio.TimeoutError):
                    await asyncio.wait_for(page.emit(*target, ["--load", "0", ""]), 0.5)
    await asyncio.sleep(40)
    return Counter("STILL OPEN" if is_open(page) else "cut" for page in pages)


def is_open(page: Page) -> bool:
    """Return whether the connection is still open; a client that doesn't read isn't told of its end."""
    line = page.socket._response.connection
    mine = line.transport.get_extra_info("sockname") if line else None
    return any(
        there.raddr == mine and there.status == psutil.CONN_ESTABLISHED for there in psutil.net_connections("tcp")
    )


@attack
async def pings_without_reading(attacker: Attacker) -> Counter[str]:
    page = await attacker.page()
    await page.connect()
    page.socket._response.connection.transport.pause_reading()
    return await flood(page, lambda: page.socket.ping(b"x" * 125))


@attack
async def half_open_sockets(attacker: Attacker) -> Counter[str]:
    """Connect, send nothing, part of a request or endless headers, and wait to be cut off."""
    host, port = attacker.url.removeprefix("http://").rstrip("/").split(":")
    upgrade = b"GET /_nicegui_ws/socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    starts = [b"", b"GET / HT", upgrade, upgrade + b"X: " + b"x" * 200_000]

    async def one(start: bytes) -> str:
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(start)
            async with asyncio.timeout(REQUEST_TIMEOUT + 10):
                await reader.read()
        except TimeoutError:
            return "STILL OPEN"
        except OSError:
            pass
        finally:
            writer.close()
        return "cut"

    outcome = Counter(await asyncio.gather(*(one(starts[number % len(starts)]) for number in range(200))))
    with suppress(aiohttp.ClientError):
        await attacker.http.ws_connect(f"{attacker.url}_nicegui_ws/socket.io/?EIO=4&transport=websocket")
        outcome["LET IN"] += 1
    return outcome


NAMES = list(ATTACKS)
