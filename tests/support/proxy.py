"""A network between browser and server that can be slow, cut, silently drop data, or lose cookies."""

import asyncio
import random
from collections.abc import Iterable
from contextlib import suppress
from itertools import cycle

CHUNK = 65536


class Proxy:
    """Forward TCP connections from `port` to `target`, in order and each direction `delay` seconds late.

    `delay` and `target` may be changed.
    """

    def __init__(self, port: int, target: int, delay: float = 0.0) -> None:
        self.port = port
        self.url = f"http://127.0.0.1:{port}/"
        self.target = target
        self.delay = delay
        self.loses_cookies = False
        self._swallowed: set[str] = set()
        self._writers: set[asyncio.StreamWriter] = set()
        self._server: asyncio.Server | None = None

    async def heal(self) -> None:
        """Restore the network. Reset connections after dropping data, because TCP never skips a byte."""
        if self._swallowed:
            await self.cut()
        if self._server is None:
            self._server = await asyncio.start_server(self._forward, "127.0.0.1", self.port)

    async def cut(self) -> None:
        """Reset every connection and refuse new ones."""
        await self.refuse()
        self._swallowed.clear()
        for writer in self._writers:
            writer.transport.abort()
        await asyncio.sleep(0)

    async def refuse(self) -> None:
        """Refuse new connections."""
        if self._server:
            self._server.close()
            self._server = None

    def swallow(self, *directions: str) -> None:
        """Keep connections open but drop data: `up` to the server, `down` to the browser, by default both."""
        self._swallowed.update(directions or ("up", "down"))

    async def _forward(self, browser_in: asyncio.StreamReader, browser_out: asyncio.StreamWriter) -> None:
        try:
            server_in, server_out = await asyncio.open_connection("127.0.0.1", self.target)
        except OSError:
            browser_out.transport.abort()
            return
        self._writers |= {browser_out, server_out}
        await asyncio.gather(
            self._pipe("up", browser_in, server_out),
            self._pipe("down", server_in, browser_out),
        )
        self._writers -= {browser_out, server_out}

    async def _pipe(self, direction: str, source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
        in_flight: asyncio.Queue[tuple[float, bytes]] = asyncio.Queue()
        delivery = asyncio.create_task(self._deliver(in_flight, target))
        now = asyncio.get_running_loop().time
        with suppress(OSError):
            while chunk := await source.read(CHUNK):
                if self.loses_cookies:
                    chunk = chunk.replace(b"\r\nset-cookie:", b"\r\nno-cookies:")
                if direction not in self._swallowed:
                    in_flight.put_nowait((now() + self._lateness(), chunk))
        in_flight.put_nowait((now() + self._lateness(), b""))
        await delivery

    def _lateness(self) -> float:
        return self.delay

    async def _deliver(self, in_flight: asyncio.Queue[tuple[float, bytes]], target: asyncio.StreamWriter) -> None:
        now = asyncio.get_running_loop().time
        with suppress(OSError):
            while True:
                due, chunk = await in_flight.get()
                await asyncio.sleep(max(0.0, due - now()))
                if not chunk:
                    break
                target.write(chunk)
                await target.drain()
        target.close()


class JitteryProxy(Proxy):
    """The same, but each chunk is up to `delay` seconds late, at random."""

    def _lateness(self) -> float:
        return random.uniform(0, self.delay)


class Balancer(Proxy):
    """The same in front of several processes: each connection goes to the next one in `turns`, again and again."""

    def __init__(self, port: int, turns: Iterable[int]) -> None:
        super().__init__(port, 0)
        self._turns = cycle(turns)

    async def _forward(self, browser_in: asyncio.StreamReader, browser_out: asyncio.StreamWriter) -> None:
        self.target = next(self._turns)
        await super()._forward(browser_in, browser_out)
