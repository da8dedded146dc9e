"""Round-robin reading of WebSockets, so that a flood of frames doesn't delay the others.

Written for: uvicorn 0.54.0 with wsproto 1.3.2, which handle all frames that arrive together at once, whether or not the
app has taken those before.
Saves: more than a second of everybody's time when a hundred sockets send as much as they can.
Obsolete when: uvicorn limits what it handles at once.
"""

import asyncio
import time
from collections import deque
from collections.abc import Callable, Iterator
from itertools import islice
from weakref import ref

from uvicorn.protocols.websockets.wsproto_impl import WSProtocol
from wsproto import WSConnection
from wsproto.events import Event

FRAMES = 16  # handled at a time, including those an app never sees: pings, empty fragments
SLICE = 0.005  # seconds of reading until the next pause
REST, SHORTEST_REST = 2, 0.005  # times as long is the pause that follows; seconds


class ReadScheduler:
    """Schedules the reading of all WebSockets of a server."""

    def __init__(self) -> None:
        self._waiting: deque[_Reader] = deque()
        self._is_running = False

    def add(self, protocol: WSProtocol) -> None:
        """Schedule a WebSocket: it waits whenever many frames arrive together."""
        _Reader(protocol, self._wait)

    def _wait(self, reader: "_Reader") -> None:
        self._waiting.append(reader)
        if not self._is_running:
            self._is_running = True
            asyncio.get_running_loop().call_soon(self._run)

    def _run(self) -> None:
        began, spent = time.perf_counter(), 0.0
        try:
            for _ in range(len(self._waiting)):
                reader = self._waiting.popleft()
                if reader.read():
                    self._waiting.append(reader)
                spent = time.perf_counter() - began
                if spent > SLICE:
                    break
        finally:  # one that fails must not keep the others waiting
            self._is_running = bool(self._waiting)
            if self._is_running:
                asyncio.get_running_loop().call_later(max(REST * spent, SHORTEST_REST), self._run)


class _Reader:
    """Reads some frames, and pauses the connection while there are more."""

    def __init__(self, protocol: WSProtocol, wait: Callable[["_Reader"], None]) -> None:
        self._protocol_ref = ref(protocol)  # which has this reader
        self._wait = wait
        self._is_waiting = False
        self._handled = 0
        protocol.handle_events = self._on_data  # type: ignore[method-assign]
        protocol.conn.events = self._next_events  # type: ignore[method-assign, assignment]

    def _on_data(self) -> None:
        if not self._is_waiting and self.read():
            self._is_waiting = True
            self._wait(self)

    def read(self) -> bool:
        """Handle the next frames, unless the app is still busy with those before; tell whether there may be more."""
        protocol = self._protocol_ref()
        if protocol is None or protocol.transport.is_closing():
            return False
        transport = protocol.transport
        if self._is_waiting and not protocol.queue.empty():
            return True
        self._handled = 0
        WSProtocol.handle_events(protocol)
        if transport.is_closing():
            return False
        if self._handled == FRAMES:
            transport.pause_reading()
            protocol.read_paused = False  # otherwise uvicorn would resume it
            return True
        if self._is_waiting:
            self._is_waiting = False
            if not protocol.read_paused:
                transport.resume_reading()
        return False

    def _next_events(self) -> Iterator[Event]:
        protocol = self._protocol_ref()
        assert protocol  # it is handling these events
        for event in islice(WSConnection.events(protocol.conn), FRAMES):
            if protocol.transport.is_closing():  # a ping would be answered on it
                return
            self._handled += 1
            yield event
