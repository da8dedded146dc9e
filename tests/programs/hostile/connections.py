"""TCP connections: idle, too many, and too slow."""

import asyncio
import socket
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

import aiohttp
import nicegui

from chat.web.security.connections.http_protocol import REQUEST_TIMEOUT, WRITE_TIMEOUT
from tests.programs.hostile.attacker import Attacker, unread_fates

MANY = 1_100  # more than the usual limit of file descriptors
PATIENCE = 10  # seconds beyond a deadline
FILE = f"_nicegui/{nicegui.__version__}/static/quasar.umd.prod.js"  # half a megabyte

Connection = tuple[asyncio.StreamReader, asyncio.StreamWriter]


async def idle_connections_of_one_address(attacker: Attacker) -> Counter[str]:
    return await _hold(attacker, [attacker.address])


async def idle_connections_of_five_addresses(attacker: Attacker) -> Counter[str]:
    return await _hold(attacker, [f"127.0.2.{number}" for number in range(5)])


async def half_open_sockets(attacker: Attacker) -> Counter[str]:
    """Connect, send nothing, part of a request or endless headers, and wait to be cut off."""
    upgrade = b"GET /_nicegui_ws/socket.io/ HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\n"
    starts = [b"", b"GET / HT", upgrade, upgrade + b"X: " + b"x" * 200_000]
    async with _connections(attacker, [attacker.address] * 200) as connections:
        for number, (_, writer) in enumerate(connections):
            writer.write(starts[number % len(starts)])
        outcome = await _fates(connections, REQUEST_TIMEOUT + PATIENCE)
    with suppress(aiohttp.ClientError):
        await attacker.http.ws_connect(f"{attacker.url}_nicegui_ws/socket.io/?EIO=4&transport=websocket")
        outcome["LET IN"] += 1
    return outcome


async def trickled_heads_and_bodies(attacker: Attacker) -> Counter[str]:
    """Send requests a byte a second, without an end, and wait to be cut off."""
    host = b"Host: 127.0.0.1\r\n"
    starts = [
        b"GET / HTTP/1.1\r\n" + host + b"X: ",
        b"POST /enter/x HTTP/1.1\r\n" + host + b"Content-Length: 1000000\r\n\r\n",
        b"POST /reset/x HTTP/1.1\r\n" + host + b"Transfer-Encoding: chunked\r\n\r\nfffff\r\n",
    ]

    async def trickle(number: int, connection: Connection) -> str:
        with suppress(OSError):
            connection[1].write(starts[number % len(starts)])
            while not connection[1].is_closing():
                connection[1].write(b"x")
                await asyncio.sleep(1)
        return "cut"

    async with _connections(attacker, [attacker.address] * 150) as connections:
        tasks = [asyncio.create_task(trickle(*numbered)) for numbered in enumerate(connections)]
        outcome = await _fates(connections, REQUEST_TIMEOUT + PATIENCE)
        for task in tasks:
            task.cancel()
    return outcome


async def slow_readers_of_files(attacker: Attacker) -> Counter[str]:
    """Ask for a large file again and again, read nothing, and wait to be cut off."""
    request = f"GET /{FILE} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode()
    async with _connections(attacker, [attacker.address] * 200) as connections:
        for _, writer in connections:
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
            writer.transport.pause_reading()
            writer.write(request * 20)
        await asyncio.sleep(WRITE_TIMEOUT + PATIENCE)
        return unread_fates(writer.transport for _, writer in connections)


async def _hold(attacker: Attacker, addresses: list[str]) -> Counter[str]:
    """Open many connections, and see whether a newcomer's requests are answered meanwhile."""
    outcome: Counter[str] = Counter()
    async with _connections(attacker, [addresses[number % len(addresses)] for number in range(MANY)]) as connections:
        fates = await _fates(connections, 3)
        outcome["kept"], outcome["cut"] = fates["STILL OPEN"], fates["cut"]
        for path in ("healthz", "") * 5:
            try:
                async with aiohttp.ClientSession() as newcomer, newcomer.get(f"{attacker.url}{path}") as response:
                    outcome[f"newcomers got {response.status}"] += 1
            except aiohttp.ClientError:
                outcome["NEWCOMERS REFUSED"] += 1
    return outcome


@asynccontextmanager
async def _connections(attacker: Attacker, addresses: list[str]) -> AsyncIterator[list[Connection]]:
    connections = await asyncio.gather(*map(attacker.connection, addresses))
    yield connections
    for _, writer in connections:
        writer.transport.abort()


async def _fates(connections: list[Connection], seconds: float) -> Counter[str]:
    async def fate(reader: asyncio.StreamReader) -> str:
        try:
            async with asyncio.timeout(seconds):
                while await reader.read(65_536):
                    pass
        except TimeoutError:
            return "STILL OPEN"
        except OSError:
            pass
        return "cut"

    return Counter(await asyncio.gather(*(fate(reader) for reader, _ in connections)))
