"""What is written straight to sockets, in which order, and what must hold in Socket.IO and Engine.IO for it."""

import asyncio
from collections.abc import AsyncIterator
from typing import Any

import pytest
import socketio
from aiolimiter import AsyncLimiter
from engineio.async_server import AsyncServer
from engineio.async_socket import AsyncSocket
from nicegui import core
from socketio.async_manager import AsyncManager
from starlette.types import Message

from chat.framework.broadcasting import broadcast
from chat.framework.clients import queued_packets
from chat.web.security.frame_validation import FrameValidator
from chat.web.security.websocket import SHORT, GuardedSocket
from tests.unit.framework.contract import source_hash
from tests.web.security.sockets import QUERY


def test_sockets_are_those_the_broadcast_was_written_for():
    assert source_hash(AsyncSocket) == "af72dafc541d"
    assert source_hash(AsyncServer.send_packet) == "c54317440865"
    assert source_hash(AsyncManager.emit) == "01ccd5b82b4f"
    assert source_hash(socketio.AsyncServer._send_eio_packet) == "64cf72a2ab7d"
    assert AsyncServer().create_queue().__class__ is asyncio.Queue
    assert core.sio.eio.start_service_task  # it closes sockets that answer no ping


class Connection:
    """A WebSocket with Engine.IO's own reader and writer, above a transport that may be stopped."""

    def __init__(self, server: socketio.AsyncServer) -> None:
        self.server = server
        self.received: list[str] = []
        self.straight: list[str] = []
        self.writable, self.closed = asyncio.Event(), asyncio.Event()
        self.writable.set()
        self._arriving = [{"type": "websocket.connect"}, {"type": "websocket.receive", "text": "40"}]

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

    # ASGI.

    async def _receive(self) -> Message:
        if self._arriving:
            return self._arriving.pop(0)
        await self.closed.wait()
        return {"type": "websocket.disconnect"}

    async def _send(self, message: Message) -> None:
        await self.writable.wait()
        if message.get("text"):
            self.received.append(message["text"])

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


@pytest.fixture
async def connection(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    server = socketio.AsyncServer(async_mode="asgi", cors_allowed_origins="*", transports=["websocket"])
    monkeypatch.setattr(core, "sio", server)
    entered = asyncio.Event()

    @server.event
    async def connect(sid: str, environ: dict[str, Any]) -> None:
        await server.enter_room(sid, "room")
        entered.set()

    connection = Connection(server)
    running = asyncio.create_task(connection.run())
    await asyncio.wait_for(entered.wait(), 5)
    await _until(lambda: any(text.startswith("40") for text in connection.received))
    yield connection
    connection.writable.set()
    connection.closed.set()
    await running
    await server.shutdown()


async def _until(condition: Any) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0)


def test_idle_socket_is_written_to_at_once(connection: Connection):
    connection.straight.clear()
    broadcast("update", {"ü": "\u2028<b>"}, "room")
    assert connection.straight == ['42["update",{"ü":"\u2028<b>"}]']


async def test_order_holds_between_what_is_queued_and_what_is_written(connection: Connection):
    for number in range(60):
        if number % 3 == 0:
            await connection.server.emit("update", number, room="room")
        elif number % 3 == 1:
            (engine_sid,) = (one for _, one in connection.server.manager.get_participants("/", "room"))
            await connection.server.eio.send(engine_sid, f'2["update",{number}]')
        else:
            broadcast("update", number, "room")
        for _ in range(number % 7):  # the writer is at any of its steps when the next one comes
            await asyncio.sleep(0)
    await _until(lambda: len(connection.events()) == 60)
    assert connection.events() == [f'["update",{number}]' for number in range(60)]


@pytest.mark.parametrize("waiting", [1, 3])
@pytest.mark.parametrize("size", [1, SHORT + 1], ids=["short", "long"])
async def test_nothing_overtakes_what_waits_for_a_slow_reader(connection: Connection, size: int, waiting: int):
    texts = [str(number) * size for number in range(waiting)]
    connection.writable.clear()
    for text in texts:
        broadcast("update", text, "room")
        await asyncio.sleep(0.01)
    assert not connection.events()
    connection.writable.set()
    broadcast("update", "last", "room")  # before the writer goes on
    await _until(lambda: len(connection.events()) == waiting + 1)
    assert connection.events() == [f'["update","{text}"]' for text in (*texts, "last")]


async def test_frames_for_a_slow_reader_are_counted(connection: Connection):
    connection.writable.clear()
    broadcast("update", "the writer has this one", "room")
    await asyncio.sleep(0.01)
    for number in range(30):
        broadcast("update", number, "room")
    ((_, engine_sid),) = connection.server.manager.get_participants("/", "room")
    assert queued_packets(engine_sid) == 30


async def test_polling_socket_is_queued_to(connection: Connection):
    ((_, engine_sid),) = connection.server.manager.get_participants("/", "room")
    socket = connection.server.eio.sockets[engine_sid]
    socket.upgraded, count = False, len(connection.straight)
    broadcast("update", 1, "room")
    assert socket.queue.qsize() == 1
    assert len(connection.straight) == count


async def test_closed_socket_gets_nothing(connection: Connection):
    ((_, engine_sid),) = connection.server.manager.get_participants("/", "room")
    socket = connection.server.eio.sockets[engine_sid]
    socket.closed = True
    broadcast("update", 1, "room")
    assert socket.queue.empty()
    assert not connection.events()
