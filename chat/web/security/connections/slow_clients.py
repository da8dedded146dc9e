"""Check regularly that clients read the data sent to them."""

import asyncio

from chat.web.security.connections.websocket import GuardedSocket

INTERVAL = 2.0  # seconds


class SlowClientMonitor:
    """Drop stuck clients; runs while there are WebSockets."""

    def __init__(self) -> None:
        self._sockets: set[GuardedSocket] = set()
        self._task: asyncio.Task[None] | None = None

    def add(self, socket: GuardedSocket) -> None:
        self._sockets.add(socket)
        if self._task is None or self._task.done():
            self._task = asyncio.create_task(self._run())

    def discard(self, socket: GuardedSocket) -> None:
        self._sockets.discard(socket)

    async def _run(self) -> None:
        while self._sockets:
            await asyncio.sleep(INTERVAL)
            now = asyncio.get_running_loop().time()
            for socket in list(self._sockets):
                socket.drop_if_stuck(now)
