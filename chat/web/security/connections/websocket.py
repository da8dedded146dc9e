"""Validate and throttle a WebSocket; drop clients that stop reading."""

import asyncio
from collections.abc import Awaitable, Callable, Generator

from aiolimiter import AsyncLimiter
from starlette.types import Message, Receive, Send

from chat.state import clock
from chat.web.security.connections.frame_validation import FrameValidator, ProtocolViolation
from chat.web.security.connections.transport import Transport

PONG = "3"
CHARACTERS_PER_TOKEN = 4096
MAX_QUEUED = 8  # frames queued for sending, above which nothing more is read
MAX_BACKLOG = 1000  # frames queued for sending, above which the client is dropped
MAX_UNSENT = 4_000_000  # bytes in the transport (where replies to WebSocket pings go directly)
CLOSING_TIME = 2.0  # seconds for the client to take what was sent before the end
STUCK_AFTER = 30.0  # seconds without taking any queued byte
SHORT = 200_000  # characters; most snapshots are shorter. Longer texts are sent by the server, in its own time


class GuardedSocket:
    """Pass frames between the server and one page.

    `queued` returns how many packets Engine.IO has queued for one of its sockets, by id. `transport` is None if the
    server has none, as in tests.
    """

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        transport: Transport | None,
        validator: FrameValidator,
        buckets: tuple[AsyncLimiter, AsyncLimiter],
        queued: Callable[[str], int],
        on_dropped: Callable[[str], None],
    ) -> None:
        self._receive, self._send = receive, send
        self._transport = transport
        self._validator, self._buckets = validator, buckets
        self._queued, self._on_dropped = queued, on_dropped
        self._unsent = 0
        self._stuck_since: float | None = None
        self._sid: str | None = None
        self._is_sending = self._is_dropped = False
        self.violated_protocol = False
        self.heard_at = clock.now()  # when the client last sent anything, also an end of the connection

    async def receive(self) -> Message:
        """Return the next valid frame, as soon as the rate limits and the client's own reading allow it."""
        while True:
            message = await self._receive()
            self.heard_at = clock.now()
            if message["type"] != "websocket.receive":
                return message
            try:
                is_useful = self._validator.accepts(message.get("text"))
            except ProtocolViolation as violation:
                self.violated_protocol = True
                return self.drop(str(violation))
            tokens = 1 + len(message["text"]) // CHARACTERS_PER_TOKEN
            for bucket in self._buckets:
                await bucket.acquire(tokens)
            if message["text"] == PONG:
                return message
            while not self._is_dropped and (self._is_full or self._backlog > MAX_QUEUED):  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # rare, so polling it keeps sending fast
            if is_useful:
                return message

    def send(self, message: Message) -> Awaitable[None]:
        """Send a message; a short text goes to the transport directly, where its frame is built once for all pages."""
        text = message.get("text")
        if text is None:
            if message["type"] == "websocket.close":  # the server closes once all is sent, which may be never
                asyncio.get_running_loop().call_later(CLOSING_TIME, self.abort)
            return self._send(message)
        if self._sid is None:
            self._sid = text.partition('"sid":"')[2].partition('"')[0]
        return _DONE if self.write(text) else self._send_in_time(message)

    def write(self, text: str) -> bool:
        """Write a short text to the transport, unless that isn't clear, or another text waits for it to be."""
        if self._is_sending or len(text) > SHORT or self._transport is None or not self._transport.is_clear:
            return False
        self._transport.write(text)
        return True

    def drop(self, reason: str) -> Message:
        """End the connection without flushing it; returns the message that tells the server."""
        if not self._is_dropped:
            self._on_dropped(reason)
            self.abort()
        return {"type": "websocket.disconnect", "code": 1008}

    def abort(self) -> None:
        """End the connection without flushing it."""
        self._is_dropped = True
        if self._transport:
            self._transport.abort()

    def drop_if_stuck(self, now: float) -> None:
        """Drop a client that takes nothing, or too little; `now` in seconds of the event loop's clock."""
        before, self._unsent = self._unsent, self._transport.unsent if self._transport else 0
        if not self._is_full or self._unsent != before:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since > STUCK_AFTER:
            self.drop("stuck")
        if self._backlog > MAX_BACKLOG or self._unsent > MAX_UNSENT:
            self.drop("slow")

    async def _send_in_time(self, message: Message) -> None:
        self._is_sending = True
        try:
            await self._send(message)
        finally:
            self._is_sending = False

    @property
    def _is_full(self) -> bool:
        return self._transport is not None and self._transport.is_full

    @property
    def _backlog(self) -> int:
        return self._queued(self._sid or "")


class _Done:
    """An awaitable that is done: cheaper than a coroutine for each frame."""

    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_DONE = _Done()
