"""Engine.IO's sockets are WebSockets and nothing else, and are pinged together.

Written for: python-engineio 4.15.1. For each frame that arrives or waits to be sent it starts a task and a timer, for
each ping another, and in each `ping_timeout` it wakes up once for each socket to see whether that has answered. For
each connection it makes a class, which has all of it, and is only freed when garbage is collected.
Saves: two thirds of what idle pages cost, a tenth of a message, and most of the garbage of a connection.
Obsolete when: Engine.IO has one timer for all pings, and none for frames.
"""

import asyncio
import time
from contextlib import suppress
from typing import Any

import structlog
from engineio.async_drivers import asgi
from engineio.async_drivers.asgi import WebSocket
from engineio.async_server import AsyncServer
from engineio.async_socket import AsyncSocket
from engineio.exceptions import EngineIOError
from engineio.packet import PING, Packet
from nicegui import core, json
from starlette.types import Receive, Scope, Send

from chat.framework.broadcasting import send_packet

TICK = 0.5  # seconds; the pings due within them are sent together
EVENT, ELEMENT_EVENT = "42", '42["event",'  # how the frames of any event and of one of an element begin

_log = structlog.get_logger("chat.framework")
_is_answering = AsyncSocket.check_ping_timeout  # which only closes a socket that isn't


def serve_websockets_only() -> None:
    AsyncSocket._websocket_handler = _serve
    AsyncSocket.schedule_ping = _schedule_ping
    AsyncSocket.check_ping_timeout = _check_ping_timeout
    AsyncServer._service_task = _ping_sockets
    asgi._async["translate_request"] = _translate_request


async def _translate_request(scope: Scope, receive: Receive, send: Send) -> dict[str, Any]:
    """Leave out what reads the body of a request, and with it what its class has."""
    environ: dict[str, Any] = await asgi.translate_request(scope, receive, send)
    if body := environ.pop("wsgi.input", None):
        del type(body).__init__, type(body).read
    return environ


async def _serve(socket: AsyncSocket, websocket: WebSocket) -> None:
    """Hand on what arrives, until the socket is closed, although its client may go on sending."""
    socket.connected = socket.upgraded = True
    socket.guarded_socket = websocket.asgi_send.__self__  # see `clients.guarded_socket`
    writer = asyncio.create_task(_write(socket, websocket))
    try:
        with suppress(OSError, EngineIOError):  # it was closed, by the client or here
            while not socket.closed:
                await _receive(socket, await websocket.wait())
    finally:
        socket.queue.put_nowait(None)
        await writer
        await socket.close(wait=False, abort=True, reason=socket.server.reason.TRANSPORT_CLOSE)


async def _receive(socket: AsyncSocket, frame: str) -> None:
    """Handle an event at once: NiceGUI's handlers wait for nothing. Connecting, which may take long, gets a task."""
    if frame.startswith(ELEMENT_EVENT):
        _handle_element_event(socket, frame)
    elif frame.startswith(EVENT):
        await socket.server._trigger_event("message", socket.sid, frame[1:], run_async=False)
    else:
        await socket.receive(Packet(encoded_packet=frame))


def _handle_element_event(socket: AsyncSocket, frame: str) -> None:
    """Call NiceGUI's handler, which Engine.IO and Socket.IO do in eight steps, of which three are coroutines."""
    sid = core.sio.manager.sid_from_eio_sid(socket.sid, "/")
    if core.sio.manager.is_connected(sid, "/"):
        _, message = json.loads(frame.removeprefix("42"))
        try:
            core.sio.handlers["/"]["event"](sid, message)
        except Exception:  # the socket goes on
            _log.exception("an event can't be handled")


async def _write(socket: AsyncSocket, websocket: WebSocket) -> None:
    """Send what is queued, until None is."""
    with suppress(Exception):  # the connection has ended, as the reader will see
        while packet := await socket.queue.get():
            socket.queue.task_done()
            await websocket.send(packet.encode())
    await websocket.close()


def _schedule_ping(socket: AsyncSocket) -> None:
    """Called when a socket was connected, and for each answer to a ping."""
    if socket.last_ping:
        socket.last_ping = None
        socket.next_ping = time.monotonic() + socket.server.ping_interval


async def _ping_sockets(server: AsyncServer) -> None:
    """Ping sockets that are due, and end those that didn't answer in time."""
    server.service_task_event = asyncio.Event()
    while not server.service_task_event.is_set():
        with suppress(TimeoutError):
            await asyncio.wait_for(server.service_task_event.wait(), TICK)
        now = time.monotonic()
        for sid, socket in list(server.sockets.items()):
            if socket.closed:
                server.sockets.pop(sid, None)
            elif socket.last_ping and not socket.closing:
                await socket.check_ping_timeout()
            elif socket.next_ping <= now and not socket.closing:
                socket.last_ping = time.time()
                send_packet(Packet(PING), [sid])


async def _check_ping_timeout(socket: AsyncSocket) -> bool:
    """Called regularly, and before something is sent; ends the connection of a socket that didn't answer in time."""
    is_alive: bool = await _is_answering(socket)
    if not is_alive:
        socket.guarded_socket.abort()
    return is_alive
