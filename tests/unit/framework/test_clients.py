"""What is reached through NiceGUI's `Client`, Socket.IO and Engine.IO."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace

import pytest
from engineio.async_socket import AsyncSocket
from fastapi import Request
from nicegui import Client, core, ui
from nicegui.page import page
from nicegui.testing import User

from chat.framework import clients
from chat.web.security.connections.websocket import GuardedSocket
from tests.support.scene_page import until
from tests.unit.framework.contract import source_hash


@pytest.fixture
async def client() -> Iterator[Client]:
    client = Client(
        page(""),
        request=Request(
            {"type": "http", "path": "/", "headers": [], "query_string": b""}, receive=asyncio.Event().wait
        ),
    )
    yield client
    if not client.is_deleted:
        client.delete()


def test_client_is_the_one_the_functions_were_written_for():
    assert source_hash(Client.handle_disconnect) == "b015c485f51f"
    assert source_hash(Client.delete) == "aa5e09ec2f35"
    assert source_hash(Client.run_javascript) == "a12f0739ef27"
    assert source_hash(ui.page.resolve_language) == "32eeaa061ed8"


async def test_page_runs_code_until_it_is_deleted(client: Client):
    clients.run_in_browser(client, "chat.confirm()")
    client.delete()
    clients.run_in_browser(client, "chat.release(1)")
    assert [*client.outbox.messages] == [(client.id, "run_javascript", {"code": "chat.confirm()"})]


async def test_page_without_connection_is_forgotten(client: Client):
    clients.forget_client(client.id)
    assert client.is_deleted
    clients.forget_client(client.id)


async def test_page_with_connection_is_not_forgotten(client: Client):
    client.tab_id = "tab"
    clients.forget_client(client.id)
    assert not client.is_deleted


async def test_page_that_navigates_elsewhere_is_forgotten_at_disconnect(user: User, client: Client):
    clients.forget_on_disconnect(client)
    await client.handle_handshake("sid", "tab", None, "document", None)
    client.handle_disconnect("sid")
    (task,) = client._delete_tasks.values()
    await until(task.cancelled)
    assert client.is_deleted


async def test_released_request_keeps_its_scope(client: Client):
    scope = client.request.scope
    clients.release_request(client)
    assert client.request.scope is scope
    with pytest.raises(RuntimeError):
        await client.request.receive()


async def test_language_is_set_for_one_page(client: Client):
    other = Client(client.page)
    clients.set_language(client, "pt-BR")
    assert client.page.resolve_language() == "pt-BR"
    assert other.page.language != "pt-BR"
    other.delete()


async def test_sockets_are_the_connections_of_a_page(client: Client):
    sid = await core.sio.manager.connect("engine", "/")
    await core.sio.enter_room(sid, client.id)
    assert clients.sockets(client) == [(sid, "engine")]
    await core.sio.manager.disconnect(sid, "/")


@pytest.mark.parametrize("is_reading", [True, False], ids=["reading", "reading nothing"])
async def test_connection_of_a_revoked_page_is_aborted(
    client: Client, monkeypatch: pytest.MonkeyPatch, is_reading: bool
):
    sid = await core.sio.manager.connect("engine", "/")
    await core.sio.enter_room(sid, client.id)
    socket, events = GuardedSocket.__new__(GuardedSocket), []

    def abort(self: GuardedSocket) -> None:
        events.append(self)

    async def disconnect(sid: str) -> None:
        events.append("asked to close")
        if not is_reading:
            await asyncio.Event().wait()

    monkeypatch.setattr(clients, "PARTING", 0.01)
    monkeypatch.setattr(core.sio, "disconnect", disconnect)
    monkeypatch.setattr(GuardedSocket, "abort", abort)
    monkeypatch.setitem(core.sio.eio.sockets, "engine", SimpleNamespace(guarded_socket=socket))
    await clients._disconnect(client)
    assert events == ["asked to close", socket]
    await core.sio.manager.disconnect(sid, "/")


async def test_queued_packets_are_counted(monkeypatch: pytest.MonkeyPatch):
    socket = AsyncSocket(core.sio.eio, "engine")
    monkeypatch.setitem(core.sio.eio.sockets, "engine", socket)
    socket.queue.put_nowait("packet")
    assert clients.queued_packets("engine") == 1
    assert clients.queued_packets("unknown") == 0
