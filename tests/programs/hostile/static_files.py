"""Static files in all spellings, parts and conditions, and clients that leave."""

import asyncio
import socket
from collections import Counter
from itertools import product
from urllib.parse import urlsplit

import aiohttp
import nicegui
from yarl import URL

from tests.programs.hostile.attacker import Attacker

NICEGUI = f"_nicegui/{nicegui.__version__}/static"
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
        address = (server.hostname, server.port)
        with socket.create_connection(address, source_address=(attacker.address, 0)) as connection:
            head = f"GET /{path} HTTP/1.1\r\nHost: {server.netloc}\r\nAccept-Encoding: {encoding}\r\n\r\n"
            connection.sendall(head.encode())
        outcome["left"] += 1
    return outcome


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
