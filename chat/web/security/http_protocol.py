"""A connection before anything was asked over it: it has to ask soon, and for something of bounded size."""

import asyncio
import socket

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

PATIENCE = 30.0  # seconds until what is asked for has to be known
HEAD_LIMIT = 64_000  # bytes; a browser's are a few hundred
SEND_BUFFER = 128_000  # bytes (Linux takes it twice); what a stuck reader has not read shows in time


class Connection(HttpToolsProtocol):
    """uvicorn's HTTP, which by itself waits for ever for the rest of a request, and keeps a head of any length."""

    _waiting: asyncio.TimerHandle | None = None
    _head = 0

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Begin to wait."""
        super().connection_made(transport)
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
        self._wait()

    def data_received(self, data: bytes) -> None:
        """Read on, unless what should be a head has become too long."""
        super().data_received(data)
        if self._waiting:
            self._head += len(data)
            if self._head > HEAD_LIMIT:
                self.transport.abort()

    def on_message_begin(self) -> None:
        """The next request over the same connection has to be told as soon."""
        super().on_message_begin()
        self._wait()

    def on_headers_complete(self) -> None:
        """What is asked for is known."""
        self._wait_no_more()
        super().on_headers_complete()

    def connection_lost(self, exc: Exception | None) -> None:
        """Nobody is there any more."""
        self._wait_no_more()
        super().connection_lost(exc)

    def _wait(self) -> None:
        if self._waiting is None:
            self._waiting = self.loop.call_later(PATIENCE, self.transport.abort)

    def _wait_no_more(self) -> None:
        self._head = 0
        if self._waiting:
            self._waiting.cancel()
            self._waiting = None
