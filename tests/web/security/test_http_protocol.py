"""Connections: too many, with no request or an incomplete one, with clients that don't read."""

import asyncio
import resource
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from functools import partial

import pytest
from starlette.responses import PlainTextResponse
from starlette.types import ASGIApp, Receive, Scope, Send
from uvicorn import Config
from uvicorn.server import ServerState

from chat.web.security.connections import http_protocol
from chat.web.security.connections.connection_limits import RESERVE, ConnectionLimits, raise_file_limit

GET = b"GET / HTTP/1.1\r\nHost: localhost\r\n"


Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@asynccontextmanager
async def serving(
    answer: str | ASGIApp = "hello", limits: ConnectionLimits | None = None
) -> AsyncIterator[Callable[[], Awaitable[Connection]]]:
    """Run a server; yield a function that connects to it."""
    config = Config(PlainTextResponse(answer) if isinstance(answer, str) else answer, log_config=None)
    config.load()
    state, limits = ServerState(), limits or ConnectionLimits(100, is_behind_proxy=False)
    protocol = partial(http_protocol.BoundedHttpProtocol, config, state, {}, limits=limits)
    server = await asyncio.get_running_loop().create_server(protocol, "127.0.0.1", 0)
    writers: list[asyncio.StreamWriter] = []

    async def connect() -> Connection:
        reader, writer = await asyncio.open_connection(*server.sockets[0].getsockname(), limit=1024)
        writers.append(writer)
        return reader, writer

    try:
        yield connect
    finally:
        for writer in writers:
            writer.transport.abort()
        server.close()


@asynccontextmanager
async def connected() -> AsyncIterator[Connection]:
    """Connect to a server that answers "hello"."""
    async with serving() as connect:
        yield await connect()


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


async def test_long_head_in_one_piece_is_dropped():
    async with connected() as (reader, writer):
        writer.write(GET + b"X: " + b"x" * http_protocol.HEAD_LIMIT + b"\r\n\r\n")
        assert await is_dropped(reader)


@pytest.mark.parametrize("length", [10, 1000, 10_000_000])
async def test_connection_ends_when_a_response_leaves_the_body_unread(length: int):
    async with connected() as (reader, writer):
        writer.write(GET.replace(b"GET", b"POST") + b"Content-Length: %d\r\n\r\nhalf" % length)
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        assert await is_dropped(reader)


async def test_two_requests_share_a_connection():
    async with connected() as (reader, writer):
        for _ in range(2):
            writer.write(GET + b"\r\n")
            assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200")
        writer.write(2 * (GET + b"\r\n"))
        assert await reader.readuntil(b"hello")
        assert await reader.readuntil(b"hello")


@pytest.mark.parametrize("head", [GET, GET + b"Connection: close\r\n"], ids=["kept alive", "closed"])
async def test_client_that_stops_reading_is_dropped(head: bytes, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(http_protocol, "WRITE_TIMEOUT", 0.2)
    limits = ConnectionLimits(100, is_behind_proxy=False)
    async with serving("x" * 20_000_000, limits) as connect:
        _, writer = await connect()
        writer.write(head + b"\r\n")
        await until(lambda: limits.open == 1)
        await until(lambda: limits.open == 0)


async def test_pipelined_request_notices_that_the_client_is_gone():
    """Without that, uvicorn writes to the closed connection, which uvloop answers with an exception."""
    arrived, left = asyncio.Event(), asyncio.Event()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["path"] == "/second":
            arrived.set()
            while (await receive())["type"] != "http.disconnect":
                pass
            left.set()
        await PlainTextResponse("hello")(scope, receive, send)

    async with serving(app) as connect, asyncio.timeout(5):
        _, writer = await connect()
        writer.write(b"".join(GET.replace(b"/ ", path + b" ") + b"\r\n" for path in (b"/first", b"/second", b"/third")))
        await arrived.wait()
        writer.transport.abort()
        await left.wait()


async def until(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(5):
        while not condition():  # noqa: ASYNC110
            await asyncio.sleep(0.01)


# The number of connections.


async def test_address_has_a_share_of_all_connections(caplog: pytest.LogCaptureFixture):
    limits = ConnectionLimits(12, is_behind_proxy=False)
    async with serving(limits=limits) as connect:
        held = [await connect() for _ in range(3)]
        for _ in range(3):
            assert await is_dropped((await connect())[0])
        held[0][1].close()
        await held[0][1].wait_closed()
        await answers(connect)
    assert caplog.text.count("too many connections") <= 1


async def test_oldest_idle_connection_makes_room_for_a_new_one():
    async with serving(limits=ConnectionLimits(12, is_behind_proxy=True)) as connect:
        oldest, *others = [await connect() for _ in range(12)]
        reader, writer = await connect()
        writer.write(GET + b"\r\n")
        assert await reader.readuntil(b"hello")
        assert await is_dropped(oldest[0])
        for reader, writer in others:
            writer.write(GET + b"\r\n")
            assert await reader.readuntil(b"hello")


async def test_connections_with_requests_make_no_room():
    answer, requests = asyncio.Event(), list[Scope]()

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        requests.append(scope)
        await answer.wait()
        await PlainTextResponse("hello")(scope, receive, send)

    async with serving(app, ConnectionLimits(3, is_behind_proxy=True)) as connect:
        held = [await connect() for _ in range(3)]
        for _, writer in held:
            writer.write(GET + b"\r\n")
        await until(lambda: len(requests) == 3)
        assert await is_dropped((await connect())[0])
        answer.set()
        for reader, _ in held:
            assert await reader.readuntil(b"hello")


def test_address_with_the_most_connections_makes_room():
    limits = ConnectionLimits(8, is_behind_proxy=False)
    few, many = Idle("192.0.2.1"), [Idle("192.0.2.2"), Idle("192.0.2.2")]
    for number, connection in enumerate((few, *many), 6):
        assert limits.admit(connection, number)
    assert limits.admit(Idle("192.0.2.3"), 9)
    assert [connection.is_aborted for connection in (few, *many)] == [False, True, False]


def test_busy_connections_of_a_few_addresses_shut_nobody_out():
    limits = ConnectionLimits(8, is_behind_proxy=False)
    held = [Busy(f"192.0.2.{number % 4}") for number in range(8)]
    for number, connection in enumerate(held, 1):
        assert limits.admit(connection, number)
    assert limits.admit(Busy("198.51.100.1"), 9)
    assert [connection.is_aborted for connection in held] == [True] + 7 * [False]
    assert not limits.admit(Busy("198.51.100.1"), 9)  # no address has more
    assert [connection.is_aborted for connection in held] == [True] + 7 * [False]


def test_refused_connection_takes_no_room_from_others():
    limits = ConnectionLimits(8, is_behind_proxy=False)
    idle = [Idle("192.0.2.1"), Idle("192.0.2.1")]
    for number, connection in enumerate((*idle, Busy("192.0.2.2"), Busy("192.0.2.2")), 5):
        assert limits.admit(connection, number)
    assert not limits.admit(Busy("192.0.2.2"), 9)
    assert not any(connection.is_aborted for connection in idle)


class Idle:
    """An idle connection."""

    is_idle = True
    is_aborted = False

    def __init__(self, address: str) -> None:
        self.address = address

    def abort(self) -> None:
        self.is_aborted = True


class Busy(Idle):
    """A connection with a request that is being answered."""

    is_idle = False


def test_descriptors_are_left_for_files():
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (400, before[1]))
        total = raise_file_limit()
        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        assert hard == before[1]
        assert soft > 400
        assert total == soft - RESERVE
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)


async def answers(connect: Callable[[], Awaitable[Connection]]) -> None:
    """Wait until a new connection is served."""
    async with asyncio.timeout(5):
        while True:
            reader, writer = await connect()
            writer.write(GET + b"\r\n")
            try:
                assert await reader.readuntil(b"hello")
            except (asyncio.IncompleteReadError, ConnectionResetError):
                await asyncio.sleep(0.01)
            else:
                return
