"""Connections over which nothing, too little or too much is asked."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from starlette.responses import PlainTextResponse
from uvicorn import Config
from uvicorn.server import ServerState

from chat.web.security import http_protocol as connections

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


@asynccontextmanager
async def connected() -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    """Somebody connected to a server that answers "hello"."""
    config = Config(PlainTextResponse("hello"), log_config=None)
    config.load()
    state = ServerState()
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: connections.Connection(config, state, {}), "127.0.0.1", 0)
    reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname())
    try:
        yield reader, writer
    finally:
        writer.close()
        server.close()


async def is_cut(reader: asyncio.StreamReader) -> bool:
    """Whether the server ends the connection within five seconds, without a word."""
    async with asyncio.timeout(5):
        try:
            return await reader.read() == b""
        except ConnectionResetError:
            return True


@pytest.mark.parametrize("start", [b"", b"GET / HT", GET], ids=["nothing", "half a line", "half a head"])
async def test_who_asks_for_nothing_is_cut_off(start: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    async with connected() as (reader, writer):
        writer.write(start)
        assert await is_cut(reader)


async def test_the_second_request_may_not_take_longer_either(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(connections, "PATIENCE", 0.2)
    async with connected() as (reader, writer):
        writer.write(GET + b"\r\n")
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        writer.write(GET)
        assert await is_cut(reader)


async def test_who_asks_slowly_is_waited_for():
    async with connected() as (reader, writer):
        for byte in GET + b"\r\n":
            writer.write(bytes([byte]))
            await writer.drain()
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("start", [b"GET /", GET + b"X: "], ids=["address", "header"])
async def test_a_head_without_end_is_cut_off(start: bytes):
    async with connected() as (reader, writer):
        writer.write(start + b"x" * 2 * connections.HEAD_LIMIT)
        assert await is_cut(reader)


async def test_a_long_body_is_no_long_head():
    async with connected() as (reader, writer):
        length = 2 * connections.HEAD_LIMIT
        writer.write(GET.replace(b"GET", b"POST") + b"Content-Length: %d\r\n\r\n" % length + b"x" * length)
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
