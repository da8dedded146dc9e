"""The connection below uvicorn's WebSockets."""

import asyncio
import inspect

import aiohttp
import uvicorn
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.websockets.wsproto_impl import WSProtocol

from chat.framework.read_scheduler import ReadScheduler
from chat.framework.uvicorn_transport import UvicornTransport, uvicorn_transport
from tests.support.server import free_port
from tests.unit.framework.contract import source_hash


def test_protocol_is_the_one_the_transport_was_written_for():
    assert source_hash(WSProtocol.send) == "f7f6ddb90bd1"
    assert "self.app(self.scope, self.receive, self.send)" in inspect.getsource(WSProtocol.run_asgi)


async def test_there_is_no_transport_outside_of_uvicorn():
    async def send(message: object) -> None: ...

    assert uvicorn_transport(send, ReadScheduler()) is None


async def test_text_written_to_the_transport_arrives_like_text_sent():
    transports: list[UvicornTransport] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        transport = uvicorn_transport(send, ReadScheduler())
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
