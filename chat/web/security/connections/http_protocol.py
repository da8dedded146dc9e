"""HTTP connections: limits on their number, and deadlines for requests and for clients that don't read."""

import asyncio
import socket
from typing import Any

from uvicorn._types import ASGI3Application
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from chat.web.security.connections.connection_limits import ConnectionLimits

REQUEST_TIMEOUT = 30.0  # seconds until a request must be complete, or another part of its body be here
BODY_PART = 100_000  # bytes
WRITE_TIMEOUT = 30.0  # seconds in which a client must take what waits to be written: up to about 100 KB
HEAD_LIMIT = 64_000  # bytes; a browser sends a few hundred
SEND_BUFFER = 128_000  # bytes (Linux doubles it); small enough to notice clients that stop reading
END_OF_HEAD = b"\r\n\r\n"


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which by default waits forever for requests and readers, and buffers any head."""

    _request_timer: asyncio.TimerHandle | None = None
    _write_timer: asyncio.TimerHandle | None = None
    _running: RequestResponseCycle | None = None
    _is_in_head = True
    _head_size = 0
    _body_size = 0  # of the part that the timer waits for

    def __init__(self, *arguments: Any, limits: ConnectionLimits, **options: Any) -> None:
        super().__init__(*arguments, **options)
        self._limits: ConnectionLimits | None = limits

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        connection = transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        assert self._limits
        if self._limits.admit(self, len(self.connections)):
            self._start_request_timer()
        else:
            transport.abort()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_request_timer()
        self._stop_write_timer()
        self._release()
        if self._running:  # uvicorn only tells the last of several requests
            self._running.disconnected = True
            self._running.message_event.set()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        if self._is_in_head:
            end = data.find(END_OF_HEAD)
            self._head_size += len(data) if end < 0 else end
            if self._head_size > HEAD_LIMIT:
                self.transport.abort()
                return
        super().data_received(data)

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._is_in_head = True
        self._start_request_timer()  # also for the next request over the same connection

    def on_headers_complete(self) -> None:
        self._is_in_head, self._head_size = False, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_size += len(body)
        if self._body_size >= BODY_PART:
            self._stop_request_timer()
            self._start_request_timer()
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._stop_request_timer()
        super().on_message_complete()

    def on_response_complete(self) -> None:
        super().on_response_complete()
        if self.cycle.response_complete and self.cycle.more_body:  # the rest of the body is of no use
            self.transport.close()
        self._abort_if_unread()

    def _start_asgi_task(self, cycle: RequestResponseCycle, app: ASGI3Application) -> None:
        self._running = cycle
        super()._start_asgi_task(cycle, app)

    def handle_websocket_upgrade(self) -> None:
        self._stop_request_timer()
        self._release()
        super().handle_websocket_upgrade()
        self.parser = None  # type: ignore[assignment]  # as when a connection is lost: it refers to the protocol

    def pause_writing(self) -> None:
        super().pause_writing()
        self._write_timer = self.loop.call_later(WRITE_TIMEOUT, self.transport.abort)

    def resume_writing(self) -> None:
        self._stop_write_timer()
        super().resume_writing()

    def timeout_keep_alive_handler(self) -> None:
        super().timeout_keep_alive_handler()
        self._abort_if_unread()

    @property
    def address(self) -> str:
        return self.client[0] if self.client else ""

    @property
    def is_idle(self) -> bool:
        return self.cycle is None or self.cycle.response_complete

    def abort(self) -> None:
        self.transport.abort()

    def _release(self) -> None:
        limits, self._limits = self._limits, None
        if limits:
            limits.release(self)

    def _abort_if_unread(self) -> None:
        """Abort a closing connection after a while: closing waits until the client has read everything."""
        if self.transport.is_closing() and self._write_timer is None:
            self._write_timer = self.loop.call_later(WRITE_TIMEOUT, self.transport.abort)

    def _start_request_timer(self) -> None:
        if self._request_timer is None:
            self._body_size = 0
            self._request_timer = self.loop.call_later(REQUEST_TIMEOUT, self.transport.abort)

    def _stop_request_timer(self) -> None:
        if self._request_timer:
            self._request_timer.cancel()
            self._request_timer = None

    def _stop_write_timer(self) -> None:
        if self._write_timer:
            self._write_timer.cancel()
            self._write_timer = None
