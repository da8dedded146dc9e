"""Many guests of one attacker, each with a browser of their own."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass

import aiohttp

from tests.programs.hostile.attacker import Attacker, Page

TWENTY = 20


@dataclass(frozen=True)
class Guest:
    """A guest's page in the room, and the cookie of their browser."""

    page: Page
    cookie: str


@asynccontextmanager
async def staying(attacker: Attacker, count: int = TWENTY) -> AsyncIterator[list[Guest]]:
    """Let guests join, and answer the server's pings meanwhile."""
    guests = []
    for _ in range(count):
        attacker.http.cookie_jar.clear()
        page = await attacker.join()
        [cookie] = attacker.http.cookie_jar
        guests.append(Guest(page, f"{cookie.key}={cookie.value}"))
    attacker.http.cookie_jar.clear()
    readers = [asyncio.create_task(read(guest.page)) for guest in guests]
    try:
        yield guests
    finally:
        for reader in readers:
            reader.cancel()


async def read(page: Page) -> None:
    """Read until the server ends the connection."""
    with suppress(TypeError, OSError, aiohttp.ClientError):
        while True:
            await page.frames()
