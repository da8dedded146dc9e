"""Fair reading of WebSockets, on a real uvicorn."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager

import aiohttp
import pytest
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from chat.framework import read_scheduler
from chat.framework.read_scheduler import FRAMES, ReadScheduler
from chat.framework.uvicorn_transport import uvicorn_transport
from tests.support.server import free_port
from tests.unit.framework.contract import source_hash

EMPTY_PING = b"\x89\x80\0\0\0\0"  # masked by zeros
LAST = b"\x81\x84\0\0\0\0last"

App = Callable[[Receive], Awaitable[None]]


@asynccontextmanager
async def serving(app: App) -> AsyncIterator[str]:
    """Run `app` for each WebSocket, with a scheduler; yield the URL."""
    scheduler = ReadScheduler()

    async def asgi(scope: Scope, receive: Receive, send: Send) -> None:
        assert uvicorn_transport(send, scheduler)
        await receive()
        await send({"type": "websocket.accept"})
        await app(receive)

    port = free_port()
    config = uvicorn.Config(asgi, port=port, ws="wsproto", lifespan="off", log_config=None, log_level="warning")
    server = uvicorn.Server(config)
    serving = asyncio.create_task(server._serve())
    try:
        async with asyncio.timeout(20):
            while not server.started:  # noqa: ASYNC110
                await asyncio.sleep(0.01)
            yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        await asyncio.wait_for(serving, 20)


def test_protocol_is_the_one_the_scheduler_was_written_for():
    assert source_hash(WSProtocol.handle_events) == "5e75811173ff"
    assert source_hash(WSProtocol.handle_message) == "a79fcd6e5be6"
    assert source_hash(WSProtocol.receive) == "a8e16ad8ca45"


async def test_frames_that_arrive_together_are_received_in_order():
    received: list[str] = []
    count = 20 * FRAMES + 3

    async def app(receive: Receive) -> None:
        while len(received) < count + 1:
            received.append((await receive())["text"])

    async with serving(app) as url, aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        for number in range(count):
            await socket.send_str(str(number))
        await socket.send_str("x" * 300_000)
        await socket.receive()
    assert received == [*map(str, range(count)), "x" * 300_000]


async def test_only_some_frames_are_handled_before_the_app_takes_them():
    may_go_on, waiting = asyncio.Event(), list[int]()

    async def app(receive: Receive) -> None:
        await may_go_on.wait()
        queue = receive.__self__.queue  # type: ignore[attr-defined]
        for _ in range(100):
            waiting.append(queue.qsize())
            await receive()

    async with serving(app) as url, aiohttp.ClientSession() as http, http.ws_connect(url) as socket:
        for _ in range(100):
            await socket.send_str("hello")
        await socket.ping()
        may_go_on.set()
        await socket.receive()
    assert 0 < max(waiting) <= FRAMES


async def test_flood_of_pings_keeps_nobody_waiting(monkeypatch: pytest.MonkeyPatch):
    """While a flood is read in slices, another socket's frame, which came later, is received first."""
    monkeypatch.setattr(read_scheduler, "SLICE", 0)
    received: list[str] = []

    async def app(receive: Receive) -> None:
        while len(received) < 2:
            message = await receive()
            if message["type"] == "websocket.disconnect":
                return
            received.append(message["text"])

    async with (
        serving(app) as url,
        aiohttp.ClientSession() as http,
        http.ws_connect(url) as flooding,
        http.ws_connect(url) as calm,
    ):
        flooding._writer.transport.write(200 * FRAMES * EMPTY_PING + LAST)
        await calm.send_str("hello")
        while len(received) < 2:  # noqa: ASYNC110
            await asyncio.sleep(0.01)
    assert received == ["hello", "last"]


async def test_reader_that_fails_keeps_no_other_waiting(caplog: pytest.LogCaptureFixture):
    read = asyncio.Event()

    class Broken:
        def read(self) -> bool:
            raise RuntimeError

    class Other:
        def read(self) -> bool:
            read.set()
            return False

    scheduler = ReadScheduler()
    for reader in (Broken(), Other()):
        scheduler._wait(reader)  # type: ignore[arg-type]
    async with asyncio.timeout(5):
        await read.wait()
    assert "RuntimeError" in caplog.text
