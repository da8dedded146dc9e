"""A socket under guard: what comes in is read along and slowed down, who doesn't read is cut off."""

import asyncio
import time
from collections.abc import Awaitable, Callable, Generator, Mapping
from functools import lru_cache
from typing import Any

from aiolimiter import AsyncLimiter
from starlette.types import Message, Receive, Send
from wsproto.connection import ConnectionState
from wsproto.frame_protocol import FrameProtocol

from chat.web.security.frame_validation import FrameValidator, ProtocolViolation

PONG = "3"
CHARACTERS_PER_TOKEN = 4096
BUSY = 8  # frames that wait to be sent: until they are, nothing more is read
STUCK = 30.0  # seconds without taking a byte of what waits
BACKLOG = 1000  # frames
UNSENT = 4_000_000  # bytes in the transport (answers to pings of WebSocket go there unasked)
ROUND = 2.0  # seconds
LONG = 0.005  # seconds that reading what came at once takes, after which comes a rest so many times as long
REST = 20
SHORT = 16_384  # characters of a text whose frame is kept for the next ones


class GuardedSocket:
    """Passes frames between the server and one page.

    `queues` are Engine.IO's sockets by id, whose queues tell how much waits to be sent.
    """

    def __init__(
        self,
        receive: Receive,
        send: Send,
        *,
        reader: FrameValidator,
        buckets: tuple[AsyncLimiter, AsyncLimiter],
        queues: Mapping[str, Any],
        refused: Callable[[str], None],
    ) -> None:
        self._receive, self._send = receive, send
        self._reader, self._buckets = reader, buckets
        self._queues, self._refused = queues, refused
        # Uvicorn's: ASGI itself can neither cut off nor slow down.
        self._protocol: Any = getattr(send, "__self__", None)
        self._transport: Any = getattr(self._protocol, "transport", None)
        if self._transport:
            _throttle_reads(self._protocol)
        self._unsent = 0
        self._stuck_since: float | None = None
        self._sid: str | None = None
        self._is_cut = False
        self.broke_rules = False

    async def receive(self) -> Message:
        """The next frame, as soon as this page may have it dealt with."""
        while True:
            message = await self._receive()
            if message["type"] != "websocket.receive":
                return message
            try:
                is_of_use = self._reader.read(message.get("text"))
            except ProtocolViolation as problem:
                self.broke_rules = True
                return self.cut(str(problem))
            tokens = 1 + len(message["text"]) // CHARACTERS_PER_TOKEN
            for bucket in self._buckets:
                await bucket.acquire(tokens)
            if message["text"] == PONG:
                return message
            while not self._is_cut and (self._is_full or self._backlog > BUSY):  # noqa: ASYNC110
                await asyncio.sleep(0.05)  # rare, and sending is not slowed for it
            if is_of_use:
                return message

    def send(self, message: Message) -> Awaitable[None]:
        """Send. What goes to many is put into a frame once, not once for each of them: that was a third of the CPU."""
        text = message.get("text")
        if text is None:
            return self._send(message)
        if self._sid is None:
            self._sid = text.partition('"sid":"')[2].partition('"')[0]
        if len(text) > SHORT or not self._is_clear:
            return self._send(message)
        self._transport.write(_frame(text))
        return _SENT

    def cut(self, reason: str) -> Message:
        """End the connection at once, without what has not been sent; returns what the server is told."""
        if not self._is_cut:
            self._is_cut = True
            self._refused(reason)
            if self._transport:
                self._transport.abort()
        return {"type": "websocket.disconnect", "code": 1008}

    def cut_if_stuck(self, now: float) -> None:
        """To be called now and then."""
        before, self._unsent = self._unsent, self._transport.get_write_buffer_size() if self._transport else 0
        if not self._is_full or self._unsent != before:
            self._stuck_since = None
        elif self._stuck_since is None:
            self._stuck_since = now
        elif now - self._stuck_since > STUCK:
            self.cut("stuck")
        if self._backlog > BACKLOG or self._unsent > UNSENT:
            self.cut("slow")

    @property
    def _is_clear(self) -> bool:
        """Whether a frame can be written at once."""
        return (
            self._transport is not None
            and self._protocol.writable.is_set()
            and self._protocol.conn.state is ConnectionState.OPEN
            and not self._transport.is_closing()
        )

    @property
    def _is_full(self) -> bool:
        """Whether more waits to be taken by the other end than the transport keeps."""
        return self._transport is not None and not self._protocol.writable.is_set()

    @property
    def _backlog(self) -> int:
        socket = self._queues.get(self._sid or "")
        return socket.queue.qsize() if socket else 0


class _Sent:
    def __await__(self) -> Generator[None, None, None]:
        return
        yield


_SENT = _Sent()


@lru_cache(8)
def _frame(text: str) -> bytes:
    # Frames of a server are the same for all, as they are not masked, and ours not compressed.
    return bytes(FrameProtocol(client=False, extensions=[]).send_data(text))


def _throttle_reads(protocol: Any) -> None:
    """Let reading frames (those too that never get here: pings, empty fragments) take but its share of time."""
    handle, loop, transport = protocol.handle_events, asyncio.get_running_loop(), protocol.transport

    def resume() -> None:
        if not protocol.read_paused and not transport.is_closing():
            transport.resume_reading()

    def handle_events() -> None:
        began = time.perf_counter()
        handle()
        spent = time.perf_counter() - began
        if spent > LONG and not transport.is_closing():
            transport.pause_reading()
            loop.call_later(spent * REST, resume)

    protocol.handle_events = handle_events


class SlowClientMonitor:
    """Goes round and cuts off who is stuck, as long as there are sockets."""

    def __init__(self) -> None:
        self._sockets: set[GuardedSocket] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, socket: GuardedSocket) -> None:
        """Watch one more."""
        self._sockets.add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._go_round())

    def discard(self, socket: GuardedSocket) -> None:
        """It is closed."""
        self._sockets.discard(socket)

    async def _go_round(self) -> None:
        while self._sockets:
            await asyncio.sleep(ROUND)
            now = asyncio.get_running_loop().time()
            for socket in list(self._sockets):
                socket.cut_if_stuck(now)
