"""Connections with no request, an incomplete one, or one without end."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

from chat.web.security import http_protocol

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Connect to a server that answers "hello"."""
    config = Config(PlainTextResponse("hello"), log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: http_protocol.BoundedHttpProtocol(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


async def is_dropped(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection within five seconds, without a response."""
    async with asyncio.timeout(5):
        try:
            return await reader.read() == b""
        except ConnectionResetError:
            return True


@pytest.mark.parametrize("start", [b"", b"GET / HT", GET], ids=["nothing", "half a line", "half a head"])
async def test_incomplete_request_is_dropped(start: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http_protocol, "REQUEST_TIMEOUT", 0.2)
    async with connected() as (reader, writer):
        writer.write(start)
        assert await is_dropped(reader)


async def test_incomplete_second_request_is_dropped(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http_protocol, "REQUEST_TIMEOUT", 0.2)
    async with connected() as (reader, writer):
        writer.write(GET + b"\r\n")
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        writer.write(GET)
        assert await is_dropped(reader)


async def test_slow_request_is_answered():
    async with connected() as (reader, writer):
        for byte in GET + b"\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("start", [b"GET /", GET + b"X: "], ids=["path", "header"])
async def test_endless_head_is_dropped(start: bytes):
    async with connected() as (reader, writer):
        writer.write(start + b"x" * 2 * http_protocol.HEAD_LIMIT)
        assert await is_dropped(reader)


async def test_long_body_is_not_a_long_head():
    async with connected() as (reader, writer):
        length = 2 * http_protocol.HEAD_LIMIT
        writer.write(GET.replace(b"GET", b"POST") + b"Content-Length: %d\r\n\r\n" % length + b"x" * length)
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
