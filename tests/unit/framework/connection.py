"""A WebSocket whose both ends a test holds, below the Engine.IO that the chat has."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
import socketio
from aiolimiter import AsyncLimiter
from nicegui import core
from starlette.types import Message

from chat.framework.patches.engineio_sockets import serve_websockets_only
from chat.web.security.connections.frame_validation import FrameValidator
from chat.web.security.connections.websocket import GuardedSocket
from tests.web.security.sockets import QUERY


class Connection:
    """A WebSocket above a transport that may be stopped."""

    def __init__(self, server: socketio.AsyncServer) -> None:
        self.server = server
        self.received: list[str] = []
        self.straight: list[str] = []
        self.writable, self.closed = asyncio.Event(), asyncio.Event()
        self.writable.set()
        self.disconnected_because = ""
        self.running: asyncio.Task[None] | None = None
        self._arriving = asyncio.Queue[Message]()
        self._arriving.put_nowait({"type": "websocket.connect"})
        self.arrives("40")

    # The transport.

    is_full, unsent = False, 0

    @property
    def is_clear(self) -> bool:
        return self.writable.is_set()

    def write(self, text: str) -> None:
        self.received.append(text)
        self.straight.append(text)

    def abort(self) -> None:
        self.closed.set()
        self._arriving.put_nowait({"type": "websocket.disconnect"})

    # The client.

    def arrives(self, text: str) -> None:
        self._arriving.put_nowait({"type": "websocket.receive", "text": text})

    async def answer_pings(self) -> None:
        for answered in itertools.count():
            await until(lambda: self.pings > answered)  # noqa: B023
            self.arrives("3")

    @property
    def pings(self) -> int:
        return self.received.count("2")

    # ASGI.

    async def _receive(self) -> Message:
        return await self._arriving.get()

    async def _send(self, message: Message) -> None:
        await self.writable.wait()
        if message.get("text"):
            self.received.append(message["text"])
        elif message["type"] == "websocket.close":
            self.closed.set()

    async def run(self) -> None:
        socket = GuardedSocket(
            self._receive,
            self._send,
            transport=self,
            validator=FrameValidator(QUERY),
            buckets=(AsyncLimiter(200, 4), AsyncLimiter(200, 4)),
            queued=lambda sid: 0,
            on_dropped=lambda reason: None,
        )
        headers = [(b"connection", b"Upgrade"), (b"upgrade", b"websocket")]
        scope = {"type": "websocket", "path": "/", "query_string": b"EIO=4&transport=websocket", "headers": headers}
        app = socketio.ASGIApp(self.server, socketio_path="/")
        await app(scope, socket.receive, socket.send)

    def events(self) -> list[str]:
        """Return what arrived after the connection was made."""
        return [text.removeprefix("42") for text in self.received if text.startswith("42")]


@asynccontextmanager
async def connect(monkeypatch: pytest.MonkeyPatch, **options: float) -> AsyncIterator[Connection]:
    """Connect a WebSocket, which enters the room `room`; `options` are the server's."""
    serve_websockets_only()
    server = socketio.AsyncServer(
        async_mode="asgi", async_handlers=False, cors_allowed_origins="*", transports=["websocket"], **options
    )
    monkeypatch.setattr(core, "sio", server)
    connection = Connection(server)

    @server.event
    async def connect(sid: str, environ: dict[str, Any]) -> None:
        await server.enter_room(sid, "room")

    @server.event
    async def disconnect(sid: str, reason: str) -> None:
        connection.disconnected_because = reason

    connection.running = asyncio.create_task(connection.run())
    try:
        await until(lambda: any(text.startswith("40") for text in connection.received))
        yield connection
    finally:
        connection.writable.set()
        connection.abort()
        await asyncio.wait_for(connection.running, 5)
        await server.shutdown()


async def until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)
