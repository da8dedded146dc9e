"""Engine.IO's sockets, which only know WebSockets, and are pinged together."""

import asyncio

import pytest
from engineio.async_drivers.asgi import WebSocket
from engineio.async_server import AsyncServer
from engineio.async_socket import AsyncSocket
from engineio.base_socket import BaseSocket
from nicegui import core

from chat.framework.broadcasting import broadcast
from chat.framework.patches import engineio_sockets
from tests.unit.framework.connection import connect, until
from tests.unit.framework.contract import source_hash

OFTEN = {"ping_interval": 0.02, "ping_timeout": 60}  # seconds
CLOSE, EVENT = "1", '42["event",{"client_id":"me","id":1,"listener_id":"x","args":[]}]'


@pytest.fixture(autouse=True)
def _short_ticks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(engineio_sockets, "TICK", 0.005)


def test_sockets_are_those_the_patch_was_written_for():
    assert source_hash(AsyncSocket) == "af72dafc541d"
    assert source_hash(BaseSocket) == "d787ee3666d0"
    assert source_hash(AsyncServer) == "707ab8956548"
    assert source_hash(WebSocket) == "ce9c81653992"
    assert core.sio.eio.start_service_task  # or nobody is pinged


async def test_socket_that_answers_is_pinged_on_and_on(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch, **OFTEN) as connection:
        answering = asyncio.create_task(connection.answer_pings())
        await until(lambda: connection.pings == 5)
        assert not connection.closed.is_set()
        answering.cancel()


@pytest.mark.parametrize("sends", ["", EVENT])
async def test_socket_that_does_not_answer_is_ended(monkeypatch: pytest.MonkeyPatch, sends: str):
    async with connect(monkeypatch, ping_interval=0.02, ping_timeout=0.02) as connection:
        async with asyncio.timeout(5):
            while not connection.closed.is_set():
                if sends:
                    connection.arrives(sends)
                await asyncio.sleep(0.001)
        assert connection.disconnected_because == "ping timeout"
        await until(lambda: not connection.server.eio.sockets)


async def test_socket_found_silent_by_a_message_is_ended(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        [socket] = connection.server.eio.sockets.values()
        socket.last_ping = 1.0
        await connection.server.emit("update", "one", room="room")
        assert connection.disconnected_because == "ping timeout"
        await asyncio.wait_for(connection.closed.wait(), 5)


async def test_events_are_handled_in_order_without_tasks(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        handled: list[tuple[int, asyncio.Task[None] | None]] = []
        connection.server.on("event", lambda _sid, message: handled.append((message["id"], asyncio.current_task())))
        for number in range(3):
            connection.arrives(EVENT.replace('"id":1', f'"id":{number}'))
        await until(lambda: len(handled) == 3)
        assert [number for number, _ in handled] == [0, 1, 2]
        assert {task for _, task in handled} == {connection.running}


async def test_event_whose_handler_fails_ends_nothing(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        handled: list[int] = []

        def fail_once(_sid: str, message: dict[str, int]) -> None:
            handled.append(message["id"])
            if len(handled) == 1:
                raise ValueError("once")

        connection.server.on("event", fail_once)
        connection.arrives(EVENT)
        connection.arrives(EVENT)
        await until(lambda: len(handled) == 2)
        assert not connection.closed.is_set()


async def test_connection_ends_with_its_socket(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        for text in CLOSE, EVENT, EVENT:  # the client goes on sending
            connection.arrives(text)
        await asyncio.wait_for(connection.closed.wait(), 5)
        assert connection.disconnected_because == "client disconnect"


async def test_socket_to_which_all_is_written_straight_stays_open(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch, **OFTEN) as connection:
        answering = asyncio.create_task(connection.answer_pings())
        await until(lambda: connection.pings == 5)  # longer than Engine.IO waits for something to send
        broadcast("update", "straight", "room")
        assert connection.straight[-1] == '42["update","straight"]'
        await connection.server.emit("update", "queued", room="room")
        await until(lambda: connection.received[-1] == '42["update","queued"]')
        answering.cancel()


async def test_queued_packets_are_sent_before_the_end(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        ((sid, _),) = connection.server.manager.get_participants("/", "room")
        connection.writable.clear()
        for number in range(3):
            await connection.server.emit("update", number, room="room")
        leaving = asyncio.create_task(connection.server.disconnect(sid))
        connection.writable.set()
        await leaving
        await until(lambda: connection.events()[:3] == [f'["update",{number}]' for number in range(3)])
        assert connection.disconnected_because == "server disconnect"


async def test_closed_by_the_client(monkeypatch: pytest.MonkeyPatch):
    async with connect(monkeypatch) as connection:
        connection.abort()
        await until(lambda: connection.disconnected_because)
        assert connection.disconnected_because == "transport close"
        await until(lambda: not connection.server.eio.sockets)
