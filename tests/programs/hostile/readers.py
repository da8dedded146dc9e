"""Pages that don't read."""

import asyncio
import socket
from collections import Counter
from contextlib import suppress

from tests.programs.hostile.attacker import Attacker, unread_fates
from tests.programs.hostile.events import flood


async def slow_readers(attacker: Attacker) -> Counter[str]:
    """Request much history, never read it, and wait to be cut off."""
    pages = [await attacker.join() for _ in range(30)]
    lines = [page.socket._response.connection.transport for page in pages]
    for line in lines:
        line.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        line.pause_reading()
    for _ in range(20):
        for page in pages:
            for target in page.listeners("command"):
                with suppress(OSError, asyncio.TimeoutError):
                    await asyncio.wait_for(page.emit(*target, ["--load", "0", ""]), 0.5)
    await asyncio.sleep(40)
    return unread_fates(lines)


async def pings_without_reading(attacker: Attacker) -> Counter[str]:
    page = await attacker.page()
    await page.connect()
    page.socket._response.connection.transport.pause_reading()
    return await flood(page, lambda: page.socket.ping(b"x" * 125))
