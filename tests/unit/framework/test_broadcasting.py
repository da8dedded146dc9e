"""What is written straight to sockets, in which order, and what must hold in Socket.IO and Engine.IO for it."""

import asyncio
from collections.abc import AsyncIterator

import pytest
import socketio
from engineio.async_server import AsyncServer
from engineio.async_socket import AsyncSocket
from socketio.async_manager import AsyncManager

from chat.framework.broadcasting import broadcast
from chat.framework.clients import queued_packets
from chat.web.security.connections.websocket import SHORT
from tests.unit.framework.connection import Connection, connect, until
from tests.unit.framework.contract import source_hash


def test_sockets_are_those_the_broadcast_was_written_for():
    assert source_hash(AsyncSocket) == "af72dafc541d"
    assert source_hash(AsyncServer.send_packet) == "c54317440865"
    assert source_hash(AsyncManager.emit) == "01ccd5b82b4f"
    assert source_hash(socketio.AsyncServer._send_eio_packet) == "64cf72a2ab7d"
    assert AsyncServer().create_queue().__class__ is asyncio.Queue


@pytest.fixture
async def connection(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[Connection]:
    async with connect(monkeypatch) as connection:
        yield connection


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
    await until(lambda: len(connection.events()) == 60)
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
    await until(lambda: len(connection.events()) == waiting + 1)
    assert connection.events() == [f'["update","{text}"]' for text in (*texts, "last")]


async def test_frames_for_a_slow_reader_are_counted(connection: Connection):
    connection.writable.clear()
    ((_, engine_sid),) = connection.server.manager.get_participants("/", "room")
    broadcast("update", "the writer has this one", "room")
    await until(lambda: queued_packets(engine_sid) == 0)
    for number in range(30):
        broadcast("update", number, "room")
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
