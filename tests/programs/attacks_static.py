"""Static files in all spellings, parts and conditions, clients that leave, and downloads of a long history."""

import asyncio
import socket
from collections import Counter
from itertools import islice, product
from urllib.parse import urlsplit

import aiohttp
from yarl import URL

from chat.text.export import FORMATS
from tests.programs.hostile.attacker import Attacker

NICEGUI = "_nicegui/3.18.0/static"
EMOJI = "assets/vendor/emoji-picker-element-data-1.8.0"
FILES = (
    *(f"{NICEGUI}/{name}" for name in ("quasar.umd.prod.js", "vue.esm-browser.prod.js", "nicegui.js")),
    *(f"{EMOJI}/{language}/cldr-native/data.json" for language in ("hi", "uk", "ru", "ko", "ja")),
    *("assets/chat.css", "assets/sounds/bell.wav"),
)
DETOURS = ("./", "x/../", "%2e/", "x/%2e%2e/", "/", ".//", "%2e%2f", "x/y/../../")
ENCODINGS = ("br", "gzip", "identity", "gzip;q=0, br;q=0.1", "*")
CONDITIONS = (
    *({"Range": f"bytes={part}"} for part in ("0-", "0-9", "-1", "5-9,20-29", "999999999-", "9-1", "0-,0-,0-,0-", "x")),
    *({"If-None-Match": tag} for tag in ("*", '"x"', 'W/"x"', ", ".join(f'"{number}"' for number in range(500)))),
    *({"If-Modified-Since": date} for date in ("Fri, 01 Jan 2100 00:00:00 GMT", "Sat, 01 Jan 2000 00:00:00 GMT", "x")),
    {"Range": "bytes=0-9", "If-Range": '"x"'},
)
AT_ONCE = 20
PATIENCE = aiohttp.ClientTimeout(180)


async def other_spellings_of_files(attacker: Attacker) -> Counter[str]:
    spellings = [f"{folder}/{detour}{name}" for folder, name, detour in _detours()]
    requests = [(path, {"Accept-Encoding": encoding}) for path in spellings for encoding in ENCODINGS]
    return await _get_all(attacker, requests)


async def conditions_and_ranges(attacker: Attacker) -> Counter[str]:
    headers = [{**condition, "Accept-Encoding": encoding} for condition, encoding in product(CONDITIONS, ENCODINGS[:3])]
    return await _get_all(attacker, list(product(FILES, headers)))


async def clients_that_close_early(attacker: Attacker) -> Counter[str]:
    server = urlsplit(attacker.url)
    outcome: Counter[str] = Counter()
    for path, encoding in [*product(FILES, ENCODINGS[:3])] * 20:
        with socket.create_connection((server.hostname, server.port)) as connection:
            head = f"GET /{path} HTTP/1.1\r\nHost: {server.netloc}\r\nAccept-Encoding: {encoding}\r\n\r\n"
            connection.sendall(head.encode())
        outcome["left"] += 1
    return outcome


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


def _detours() -> list[tuple[str, str, str]]:
    return [(*path.rpartition("/")[::2], detour) for path in FILES for detour in DETOURS]


async def _get_all(attacker: Attacker, requests: list[tuple[str, dict[str, str]]]) -> Counter[str]:
    waiting, outcome = iter(requests), Counter[str]()

    async def work() -> None:
        for path, headers in waiting:
            url = URL(f"{attacker.url}{path}", encoded=True)
            async with attacker.http.get(url, headers=headers, timeout=PATIENCE) as response:
                await response.read()
                outcome[str(response.status)] += 1

    await asyncio.gather(*(work() for _ in range(AT_ONCE)))
    return outcome


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


ATTACKS = (
    other_spellings_of_files,
    conditions_and_ranges,
    clients_that_close_early,
    downloads_of_one_guest,
    downloads_of_twenty_guests,
)
