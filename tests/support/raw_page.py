"""A page without a browser: loads it, speaks Socket.IO like the page's script, and records what it is sent."""

import asyncio
import html
import json
import re
from collections.abc import Callable
from contextlib import suppress
from types import TracebackType
from urllib.parse import urlsplit
from uuid import uuid4

import aiohttp
import socketio
from yarl import URL

from chat.domain.rooms.directory.room_info import LOBBY
from tests.support.page_source import parse_page

TEXT = re.compile(r'<div class="?text\b[^>]*>(.*?)</div>', re.DOTALL)
SETTLED = re.compile(r'chat\.(?:confirm|restore_text)\("(\w+)"')
REFUSED = re.compile(r'chat\.restore_text\("(\w+)"')


class RawPage:
    """One person with one tab at `path`, which can be reopened; the session cookie identifies the person.

    `patience` is the connection timeout in seconds, `address` what a proxy says is the person's. `shown` maps the id of
    every message ever shown to its text; `settled` has the ids the server has processed, `refused` those it rejected.
    """

    def __init__(self, url: str, name: str, patience: float = 1, path: str = "", address: str = "") -> None:
        self.url = url
        self.path, self.room_id = path, LOBBY
        self.patience = patience
        self.name = name
        self.shown: dict[str, str] = {}
        self.settled: set[str] = set()
        self.refused: set[str] = set()
        self._refusal = ""
        self._headers = {"X-Forwarded-For": address} if address else {}
        self.http = aiohttp.ClientSession(
            headers=self._headers,
            cookie_jar=aiohttp.CookieJar(unsafe=True),
            connector=aiohttp.TCPConnector(force_close=True),  # a balancer may lead each request to another process
        )
        self._changed = asyncio.Event()

    async def __aenter__(self) -> "RawPage":
        return self

    async def __aexit__(self, *_: type[BaseException] | BaseException | TracebackType | None) -> None:
        await self.http.close()

    async def open(self) -> None:
        """Load the page and enter the room, joining first if needed; raise `ConnectionError` on failure."""
        try:
            if not await self._load():
                await self._give_name()
                assert await self._load(), f"{self.name} could not join"
            await self._until(lambda: self._has_snapshot)
        except (aiohttp.ClientError, socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise ConnectionError(self._refusal or str(error)) from error

    async def come_back(self, **query: str) -> None:
        """Connect again after the connection was lost, as the same page; raise `ConnectionError` if that is refused.

        `query` has what to send instead of what a browser would.
        """
        self._has_snapshot, self._refusal = False, ""
        self.query |= {"page": self.record, "next_message_id": self._next_message_id, **query}
        try:
            await self._connect()
            await self._until(lambda: self._has_snapshot)
        except (socketio.exceptions.SocketIOError, TimeoutError) as error:
            raise ConnectionError(self._refusal or str(error)) from error

    @property
    def record(self) -> str:
        """What the page keeps to be built again."""
        [value] = [each["props"]["value"] for each in self.elements.values() if each and each["tag"] == "data"]
        return value

    async def join(self) -> dict[str, str]:
        """Enter the name at the welcome card; return the session cookie, which admits its holder to the room.

        It is a dict with `name` and `value`.
        """
        await self._load()
        await self._give_name()
        [cookie] = self.http.cookie_jar
        return {"name": cookie.key, "value": cookie.value}

    async def close(self) -> None:
        await self._socket.disconnect()

    async def post(self, message_id: str, text: str) -> None:
        """Send a message and wait until it is processed; raise `ConnectionError` on failure."""
        await self._emit("submit", message_id, text, "", self.room_id)
        await self._until(lambda: message_id in self.settled)

    async def resend(self, message_id: str, text: str) -> None:
        """Resend a message that was in flight when the connection was lost, and wait until it is processed."""
        await self._emit("resend", message_id, text, "", self.room_id)
        await self._until(lambda: message_id in self.settled)

    async def history(self) -> list[dict]:
        """Return the messages of the JSON download."""
        async with self.http.get(f"{self.url}history.json") as response:
            response.raise_for_status()
            return (await response.json())["messages"]

    def text(self) -> str:
        """Return everything on the page as JSON, including hidden elements."""
        return json.dumps([element for element in self.elements.values() if element], ensure_ascii=False)

    async def _load(self, path: str | None = None) -> bool:
        """Load and connect; return whether this is the room rather than the welcome card."""
        self._asked_to_reload = self._has_snapshot = False
        async with self.http.get(f"{self.url}{self.path if path is None else path}") as response:
            response.raise_for_status()
            source = await response.text()
        elements, query = parse_page(source)
        self.elements = elements
        self._client_id, self._next_message_id = query["client_id"], query["next_message_id"]
        self._form = next((int(i) for i, element in elements.items() if element["tag"] == "form"), 0)
        form = elements[str(self._form)]
        self.room_id = form["props"].get("data-room", LOBBY)
        events = form.get("events", [])
        self._listeners = {event["type"]: event["listener_id"] for event in events}
        ids = {"tab_id": uuid4(), "old_tab_id": "null", "document_id": uuid4(), "implicit_handshake": "true"}
        self.query = query | ids
        await self._connect()
        return "resend" in self._listeners

    async def _connect(self) -> None:
        self._socket = socketio.AsyncClient(reconnection=False)
        self._socket.on("update", self._update)
        self._socket.on("run_javascript", self._run)
        self._socket.on("open", self._reload)
        self._socket.on("disconnect", self._changed.set)
        self._socket.on("connect_error", self._note_refusal)
        arguments = "&".join(f"{key}={value}" for key, value in self.query.items())
        cookies = self.http.cookie_jar.filter_cookies(URL(self.url))
        await self._socket.connect(
            f"{self.url}?{arguments}",
            headers={
                **self._headers,
                "Cookie": "; ".join(f"{cookie.key}={cookie.value}" for cookie in cookies.values()),
            },
            socketio_path=f"{urlsplit(self.url).path}_nicegui_ws/socket.io",
            transports=["websocket"],
            wait_timeout=self.patience,
        )

    async def _give_name(self) -> None:
        await self._emit("submit", self.name)
        await self._until(lambda: self._asked_to_reload)
        await self.close()

    async def _emit(self, event: str, *arguments: str) -> None:
        ids = {"id": self._form, "client_id": self._client_id, "listener_id": self._listeners[event]}
        try:
            await self._socket.emit("event", {**ids, "args": [json.dumps(argument) for argument in arguments]})
        except socketio.exceptions.SocketIOError as error:
            raise ConnectionError(str(error)) from error

    async def _until(self, condition: Callable[[], bool]) -> None:
        try:
            async with asyncio.timeout(max(20, self.patience)):
                while not condition():
                    if not self._socket.connected:
                        raise ConnectionError("the connection is lost")
                    self._changed.clear()
                    await self._changed.wait()
        except TimeoutError:
            raise TimeoutError(f"{self.name} still sees {self.text()}") from None

    def _update(self, frame: dict) -> None:
        self._count(frame)
        self.elements |= frame
        for node in frame.values():
            if node and node.get("tag") == "article":
                [text] = TEXT.findall(node["props"]["innerHTML"])
                self.shown[node["props"]["id"].removeprefix("m-")] = html.unescape(text)
        self._has_snapshot |= "online" in frame  # what is around the room comes last
        self._changed.set()

    async def _run(self, call: dict) -> None:
        self._count(call)
        self.settled |= set(SETTLED.findall(call["code"]))
        self.refused |= set(REFUSED.findall(call["code"]))
        self._changed.set()
        if "request_id" in call:  # the server waits for the end of it
            with suppress(socketio.exceptions.SocketIOError):
                response = {"request_id": call["request_id"], "client_id": self._client_id, "result": None}
                await self._socket.emit("javascript_response", response)

    def _note_refusal(self, error: dict | str) -> None:
        self._refusal = error["message"] if isinstance(error, dict) else error

    def _count(self, message: dict) -> None:
        number = message.pop("_id", None)
        if number is not None:
            self._next_message_id = number + 1

    def _reload(self, message: dict) -> None:
        self._count(message)
        self._asked_to_reload = True
        self._changed.set()
