"""Clients that don't read, or say little."""

import asyncio
import socket
from collections import Counter
from contextlib import suppress

import aiohttp
import psutil

from chat.web.security.http_protocol import REQUEST_TIMEOUT
from tests.programs.hostile.attacker import Attacker, Page
from tests.programs.hostile.events import flood


async def slow_readers(attacker: Attacker) -> Counter[str]:
    """Request much history, never read it, and wait to be cut off."""
    pages = [await attacker.join() for _ in range(30)]
    for page in pages:
        transport = page.socket._response.connection.transport
        transport.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        transport.pause_reading()
    for _ in range(20):
        for page in pages:
            for target in page.listeners("command"):
                with suppress(OSError, asyncio.TimeoutError):
                    await asyncio.wait_for(page.emit(*target, ["--load", "0", ""]), 0.5)
    await asyncio.sleep(40)
    return Counter("STILL OPEN" if is_open(page) else "cut" for page in pages)


def is_open(page: Page) -> bool:
    """Return whether the connection is still open; a client that doesn't read isn't told of its end."""
    line = page.socket._response.connection
    mine = line.transport.get_extra_info("sockname") if line else None
    return any(
        there.raddr == mine and there.status == psutil.CONN_ESTABLISHED for there in psutil.net_connections("tcp")
    )


async def pings_without_reading(attacker: Attacker) -> Counter[str]:
    page = await attacker.page()
    await page.connect()
    page.socket._response.connection.transport.pause_reading()
    return await flood(page, lambda: page.socket.ping(b"x" * 125))


async def half_open_sockets(attacker: Attacker) -> Counter[str]:
    """Connect, send nothing, part of a request or endless headers, and wait to be cut off."""
    host, port = attacker.url.removeprefix("http://").rstrip("/").split(":")
    upgrade = b"GET /_nicegui_ws/socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    starts = [b"", b"GET / HT", upgrade, upgrade + b"X: " + b"x" * 200_000]

    async def one(start: bytes) -> str:
        reader, writer = await asyncio.open_connection(host, int(port))
        try:
            writer.write(start)
            async with asyncio.timeout(REQUEST_TIMEOUT + 10):
                await reader.read()
        except TimeoutError:
            return "STILL OPEN"
        except OSError:
            pass
        finally:
            writer.close()
        return "cut"

    outcome = Counter(await asyncio.gather(*(one(starts[number % len(starts)]) for number in range(200))))
    with suppress(aiohttp.ClientError):
        await attacker.http.ws_connect(f"{attacker.url}_nicegui_ws/socket.io/?EIO=4&transport=websocket")
        outcome["LET IN"] += 1
    return outcome
