"""Push services that do harm, named by many browsers. The server may reach this machine's (see `own_web.py`)."""

import asyncio
from collections import Counter
from uuid import uuid4

from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.guests import Guest, staying
from tests.support.push import AUTH, P256DH
from tests.support.server import free_port

SECONDS = 20.0


async def push_services_of_twenty_guests(attacker: Attacker) -> Counter[str]:
    """Turn on pushes of every message, to services that are silent, hang up, or are where no one may lead the chat."""
    outcome: Counter[str] = Counter()

    async def stay_silent(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outcome["waited for"] += 1
        await reader.read()
        writer.close()

    async def hang_up(_reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        outcome["hung up"] += 1
        writer.transport.abort()

    silent, rude = [await asyncio.start_server(answer, "127.0.0.1", 0) for answer in (stay_silent, hang_up)]
    ports = [each.sockets[0].getsockname()[1] for each in (silent, rude)]
    hosts = [*(f"127.0.0.1:{port}" for port in (*ports, free_port())), "169.254.169.254", "nowhere.invalid", "[::1]"]
    async with silent, rude, staying(attacker) as guests:
        for number, guest in enumerate(guests):
            await _turn_on(guest, f"https://{hosts[number % len(hosts)]}/{uuid4().hex}")
            outcome["browsers"] += 1
        await asyncio.sleep(SECONDS)
    return outcome


async def _turn_on(guest: Guest, endpoint: str) -> None:
    """Turn on pushes of every message in a browser whose page is hidden."""
    page = guest.page
    await page.choose("--settings")
    found = {"endpoint": endpoint, "keys": {"p256dh": P256DH, "auth": AUTH}}
    await page.emit(*await page.element("change", role="switch"), [found, "UTC", True])
    await page.emit(*await page.element("change", id="menu"), ["desktop", "everything"])
    await page.emit(*await page.element("vnodeMounted", id="menu"), ["hidden"])
