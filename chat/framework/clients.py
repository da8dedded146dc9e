"""Operations on NiceGUI's `Client` (a page) and its Socket.IO and Engine.IO connections that have no public API.

Written for: NiceGUI 3.18.0, python-socketio 5.18.1, python-engineio 4.15.1.
"""

import asyncio
from contextlib import suppress
from copy import copy
from datetime import datetime

from fastapi import Request
from nicegui import Client, background_tasks, core

from chat.web.security.connections.websocket import GuardedSocket

PARTING = 0.5  # seconds for a page to learn why it is disconnected


def forget_client(client_id: str) -> None:
    """Delete a page without a connection now, without waiting for it to come back."""
    client = Client.instances.get(client_id)
    if client and not client.has_socket_connection:
        delete_client(client)


def delete_client(client: Client) -> None:
    """Delete a page, and don't try again when it would have been time."""
    while client._delete_tasks:
        client._delete_tasks.popitem()[1].cancel()
    client.delete()


def release(client: Client) -> None:
    """Let go of what refers to a page that is being deleted, so that it ends at once; called after its own handlers."""
    for handlers in (client.connect_handlers, client.disconnect_handlers, client.delete_handlers):
        handlers.clear()


def forget_on_disconnect(client: Client) -> None:
    """Delete a page as soon as it disconnects: it is navigating elsewhere."""
    client.on_disconnect(lambda: asyncio.get_running_loop().call_soon(forget_client, client.id))


def release_request(client: Client) -> None:
    """Drop `receive` and `send` from the request that an open page keeps; saves 5 KB a page."""
    client._request = Request(client.request.scope)


def set_language(client: Client, tag: str) -> None:
    """Set the language of one page; NiceGUI has one for all pages of a route."""
    client.page = copy(client.page)
    client.page.language = tag  # type: ignore[assignment]  # Quasar's languages only, but any tag is valid in `lang`


def sockets(client: Client) -> list[tuple[str, str]]:
    """Return the ids of a page's connections, in Socket.IO and in Engine.IO."""
    return list(core.sio.manager.get_participants("/", client.id))


def run_in_browser(client: Client, code: str) -> None:
    """Have a page run code; `Client.run_javascript` would start a task to see whether its result is awaited."""
    if not client.is_deleted:
        client.outbox.enqueue_message("run_javascript", {"code": code}, client.id)


def disconnect_soon(client: Client) -> None:
    """Close a page's connections after a moment, even if it ignores the instruction to leave."""
    background_tasks.create(_disconnect(client), name=f"disconnect {client.id}")


async def _disconnect(client: Client) -> None:
    await asyncio.sleep(PARTING)
    connections = [(sid, guarded_socket(engine_sid)) for sid, engine_sid in sockets(client)]
    with suppress(TimeoutError):  # Socket.IO would wait until all is sent, which may be never
        async with asyncio.timeout(PARTING):
            await asyncio.gather(*(core.sio.disconnect(sid) for sid, _ in connections))
    for _, socket in connections:
        if socket:
            socket.abort()  # even if its client reads nothing and answers no closing


def guarded_socket(engine_sid: str) -> GuardedSocket | None:
    """Return the WebSocket of a connection; None if it has another transport, or none any longer."""
    return getattr(core.sio.eio.sockets.get(engine_sid), "guarded_socket", None)


def heard_at(client: Client) -> datetime | None:
    """Return when a page last sent anything; None without a WebSocket. One that is lost without a word was silent."""
    found = [guarded_socket(engine_sid) for _, engine_sid in sockets(client)]
    return max((socket.heard_at for socket in found if socket), default=None)


def queued_packets(engine_sid: str) -> int:
    """Return how many packets Engine.IO has queued for a connection."""
    socket = core.sio.eio.sockets.get(engine_sid)
    return socket.queue.qsize() if socket else 0


def count_clients() -> int:
    return len(Client.instances)
