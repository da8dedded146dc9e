"""An HTTP connection before its request is known: the request must arrive soon, and its head must be short."""

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

REQUEST_TIMEOUT = 30.0  # seconds until the head of a request must be complete
HEAD_LIMIT = 64_000  # bytes; a browser sends a few hundred
SEND_BUFFER = 128_000  # bytes (Linux doubles it); small enough to notice clients that stop reading


class BoundedHttpProtocol(HttpToolsProtocol):
    """uvicorn's HTTP protocol, which by default waits forever for the rest of a request and buffers any head."""

    _timeout: asyncio.TimerHandle | None = None
    _head_size = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._start_timeout()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        if self._timeout:
            self._head_size += len(data)
            if self._head_size > HEAD_LIMIT:
                self.transport.abort()

    def on_message_begin(self) -> None:
        super().on_message_begin()
        self._start_timeout()  # also for the next request over the same connection

    def on_headers_complete(self) -> None:
        self._stop_timeout()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_timeout()
        super().connection_lost(exc)

    def _start_timeout(self) -> None:
        if self._timeout is None:
            self._timeout = self.loop.call_later(REQUEST_TIMEOUT, self.transport.abort)

    def _stop_timeout(self) -> None:
        self._head_size = 0
        if self._timeout:
            self._timeout.cancel()
            self._timeout = None
