"""WebSockets of a running server, and a guarded socket whose client reads nothing."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest
from aiolimiter import AsyncLimiter

from chat.web.security.connections import websocket
from chat.web.security.connections.frame_validation import FrameValidator
from chat.web.security.connections.websocket import MAX_UNSENT, STUCK_AFTER, GuardedSocket
from tests.support.raw_page import RawPage
from tests.support.server import Server
from tests.web.security.sockets import QUERY, connect, socket, violate_protocol


async def test_only_pages_of_the_same_host_get_a_socket(server: Server, http: aiohttp.ClientSession):
    for origin in "https://evil.example", "null":
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            async with socket(http, server, Origin=origin):
                pass
        assert refusal.value.status == 403, origin
    async with socket(http, server, Origin=server.url.rstrip("/")) as (opened, _):
        assert not opened.closed


async def test_there_are_no_sockets_elsewhere(server: Server, http: aiohttp.ClientSession):
    for path in "_nicegui_ws/", "_nicegui_ws/socket.iox/", "healthz":
        with pytest.raises(aiohttp.WSServerHandshakeError) as refusal:
            await http.ws_connect(f"{server.url}{path}?{QUERY.decode()}")
        assert refusal.value.status == 404, path


async def test_invalid_frame_ends_that_socket_only(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server) as (bad, _), RawPage(server.url, "Ann") as ann:
        await ann.open()
        await violate_protocol(bad)
        await ann.post("m0000000001abcdefg", "still here")
        assert "still here" in ann.shown.values()
        await ann.close()
    assert "Traceback" not in server.output


async def test_page_is_dropped_immediately_after_a_protocol_violation(make_server, http: aiohttp.ClientSession):
    server = make_server(CHAT_PAGES_PER_ADDRESS="1", CHAT_GRACE="60")
    for _ in range(3):
        async with socket(http, server) as (bad, _):
            await violate_protocol(bad)
    assert "Traceback" not in server.output


async def test_page_with_another_socket_survives_a_protocol_violation(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server) as (_, client_id):
        async with connect(http, server, client_id) as (bad, _):
            await violate_protocol(bad)
        async with connect(http, server, client_id) as (_, reply):
            assert reply.startswith("40")


async def test_stale_events_are_ignored(server: Server, http: aiohttp.ClientSession):
    async with socket(http, server) as (opened, client_id):
        for element in range(30):
            values = {"id": element, "client_id": client_id, "listener_id": "nothing", "args": ["1"]}
            await opened.send_str("42" + json.dumps(["event", values]))
        await opened.send_str(f'420["ack",{{"client_id":"{client_id}","next_message_id":0}}]')
        async with asyncio.timeout(5):
            while not (await opened.receive_str()).startswith("430"):
                pass
    assert server.output.count("\n") == 1


async def test_connection_is_aborted_some_time_after_its_end(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(websocket, "CLOSING_TIME", 0.01)
    transport = UnreadTransport()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(transport.guarded().send({"type": "websocket.close"}), 0.05)
    assert transport.is_aborted


class UnreadTransport:
    """The transport of a client that reads nothing."""

    is_clear = False
    is_full = True

    def __init__(self) -> None:
        self.unsent = 70_000
        self.is_aborted = False

    def write(self, text: str) -> None:
        raise AssertionError("not clear")

    def abort(self) -> None:
        self.is_aborted = True

    def guarded(self) -> GuardedSocket:
        async def receive() -> dict[str, Any]:
            return {"type": "websocket.receive", "text": "40"}

        async def send(message: object) -> None:
            await asyncio.Event().wait()

        return GuardedSocket(
            receive,
            send,
            transport=self,
            validator=FrameValidator(QUERY),
            buckets=(AsyncLimiter(200, 4), AsyncLimiter(200, 4)),
            queued=lambda sid: 0,
            on_dropped=lambda reason: None,
        )


async def test_client_that_reads_nothing_is_dropped():
    transport = UnreadTransport()
    guarded = transport.guarded()
    for now in 0, 2, 2 + STUCK_AFTER - 1:
        guarded.drop_if_stuck(now)
    assert not transport.is_aborted
    guarded.drop_if_stuck(2 + STUCK_AFTER + 1)
    assert transport.is_aborted


async def test_client_that_reads_slowly_is_not_stuck():
    transport = UnreadTransport()
    guarded = transport.guarded()
    for now in range(0, 10 * int(STUCK_AFTER), 2):
        transport.unsent -= 1
        guarded.drop_if_stuck(now)
    assert not transport.is_aborted


async def test_client_with_too_much_unsent_is_dropped():
    transport = UnreadTransport()
    transport.unsent = MAX_UNSENT + 1
    transport.guarded().drop_if_stuck(0)
    assert transport.is_aborted


async def test_nothing_is_read_from_a_client_that_does_not_read():
    guarded = UnreadTransport().guarded()
    receiving = asyncio.create_task(guarded.receive())
    done, _ = await asyncio.wait([receiving], timeout=0.2)
    assert not done
    guarded.drop("slow")
    await receiving
