"""Downloads of a long history."""

import asyncio
from collections import Counter
from itertools import islice

import aiohttp

from chat.text.export import FORMATS
from tests.programs.hostile.attacker import Attacker

AT_ONCE = 20
PATIENCE = aiohttp.ClientTimeout(180)


async def downloads_of_one_guest(attacker: Attacker) -> Counter[str]:
    await attacker.join()
    return sum(await asyncio.gather(*(_download(attacker, number) for number in range(AT_ONCE))), Counter[str]())


async def downloads_of_twenty_guests(attacker: Attacker) -> Counter[str]:
    """Download with each guest's cookie, while the history changes."""
    guests = []
    for _ in range(AT_ONCE):
        attacker.http.cookie_jar.clear()
        await attacker.join()
        [cookie] = attacker.http.cookie_jar
        guests.append(f"{cookie.key}={cookie.value}")
    attacker.http.cookie_jar.clear()
    tasks = (_download(attacker, number, Cookie=guest) for number, guest in enumerate(guests))
    return sum(await asyncio.gather(*tasks), Counter[str]())


async def _download(attacker: Attacker, number: int, **headers: str) -> Counter[str]:
    suffix = next(islice(FORMATS, number % len(FORMATS), None))
    headers["Accept-Encoding"] = "gzip, br" if number % 3 else "identity"
    outcome: Counter[str] = Counter()
    url = f"{attacker.url}history.{suffix}"
    async with attacker.http.get(url, headers=headers, timeout=PATIENCE, auto_decompress=False) as response:
        size = 0
        async for chunk in response.content.iter_any():
            size += len(chunk)
        outcome[str(response.status)] += 1
        outcome["MB"] += round(size / 1e6)
    return outcome
