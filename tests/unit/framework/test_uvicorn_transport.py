"""The connection below uvicorn's WebSockets."""

import asyncio
import inspect
from types import SimpleNamespace
from typing import Any

import aiohttp
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from chat.framework import uvicorn_transport as module
from chat.framework.uvicorn_transport import UvicornTransport, throttle_reads, uvicorn_transport
from tests.support.server import free_port
from tests.unit.framework.contract import source_hash


def test_protocol_is_the_one_the_transport_was_written_for():
    assert source_hash(WSProtocol.handle_events) == "5e75811173ff"
    assert source_hash(WSProtocol.send) == "f7f6ddb90bd1"
    assert "self.app(self.scope, self.receive, self.send)" in inspect.getsource(WSProtocol.run_asgi)


async def test_there_is_no_transport_outside_of_uvicorn():
    async def send(message: object) -> None: ...

    assert uvicorn_transport(send) is None


async def test_text_written_to_the_transport_arrives_like_text_sent():
    transports: list[UvicornTransport] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        transport = uvicorn_transport(send)
        assert transport
        transports.append(transport)
        await receive()
        assert not transport.is_clear
        await send({"type": "websocket.accept"})
        assert transport.is_clear
        assert not transport.is_full
        for text in ("short", "ü" * 200, "x" * 70_000):
            await send({"type": "websocket.send", "text": text})
            transport.write(text)
        await receive()
        transport.abort()
        assert transport.unsent == 0

    port = free_port()
    config = uvicorn.Config(
        app, port=port, ws="wsproto", ws_per_message_deflate=False, lifespan="off", log_config=None, log_level="warning"
    )
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    while not server.started:  # noqa: ASYNC110
        await asyncio.sleep(0.01)
    async with aiohttp.ClientSession() as http, http.ws_connect(f"http://127.0.0.1:{port}/") as socket:
        received = [await socket.receive_str() for _ in range(6)]
        await socket.send_str("done")
        assert (await socket.receive(5)).type in {aiohttp.WSMsgType.CLOSED, aiohttp.WSMsgType.ERROR}
    assert received[0::2] == received[1::2] == ["short", "ü" * 200, "x" * 70_000]
    server.should_exit = True
    await serving


class SlowProtocol:
    """A protocol that takes a while to handle what it read."""

    read_paused = False

    def __init__(self) -> None:
        self.calls: list[str] = []
        self.transport: Any = SimpleNamespace(
            pause_reading=lambda: self.calls.append("pause"),
            resume_reading=lambda: self.calls.append("resume"),
            is_closing=lambda: False,
        )

    def handle_events(self) -> None:
        self.calls.append("handle")


async def test_slow_reading_is_followed_by_a_pause(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(module, "LONG", 0)
    protocol = SlowProtocol()
    throttle_reads(protocol)
    protocol.handle_events()
    assert protocol.calls == ["handle", "pause"]
    await asyncio.sleep(0.05)
    assert protocol.calls == ["handle", "pause", "resume"]


async def test_fast_reading_is_not_paused():
    protocol = SlowProtocol()
    throttle_reads(protocol)
    protocol.handle_events()
    assert protocol.calls == ["handle"]
