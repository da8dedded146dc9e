"""Events of controls: too many, with odd arguments, or not the page's own."""

import asyncio
import json
from collections import Counter
from collections.abc import Awaitable, Callable
from contextlib import suppress
from typing import Any
from uuid import uuid4

import aiohttp

from chat.domain.rooms.directory.room_info import LOBBY
from tests.programs.hostile.attacker import Attacker, Page

SECONDS = 4.0  # duration of a flood
ODD: list[Any] = [
    None, True, -1, 10**18, 1.5, "", "x" * 10_000, "\u202e\x00\n", [], {}, [[]], [None] * 5, {"a": {"b": []}},
    ["--clear", "", ""], ["--react", {}, []], ["--edit", "x", 7], ["--load", "-1", ""], ["--jump", None, None],
    ["id", "text", ""], ["m0000000001abcdefg", 5, None], {"detail": {"unicode": {}}}, {"position": "high"},
    [-1, -1], ["@", -5], ["x", 10**30 % 10**18], "visible", "keys",
]  # fmt: skip


async def flood(page: Page, send: Callable[[], Awaitable[None]]) -> Counter[str]:
    outcome: Counter[str] = Counter()
    with suppress(TimeoutError, OSError):
        async with asyncio.timeout(SECONDS):
            while True:
                await send()
                outcome["events"] += 1
    outcome[await page.fate(0.1)] += 1
    return outcome


async def ten_thousand_events_a_second(attacker: Attacker) -> Counter[str]:
    pages = [await attacker.join() for _ in range(5)]

    async def one(page: Page) -> Counter[str]:
        target = next(iter(page.listeners("input")))
        return await flood(page, lambda: page.emit(*target, ["x"]))

    return sum(await asyncio.gather(*map(one, pages)), Counter[str]())


async def odd_arguments_to_every_control(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    for odd in ODD:
        page = await attacker.join()
        for element, listener in page.listeners():
            with suppress(OSError):
                await page.emit(element, listener, odd if isinstance(odd, list) else [odd])
        outcome[await page.fate(0.15)] += 1
    return outcome


async def controls_that_are_not_shown(attacker: Attacker) -> Counter[str]:
    page = await attacker.join()
    for element, listener in page.listeners("command"):
        await page.emit(element, listener, ["--clear", "", ""])
    other = await attacker.page()
    await other.connect()
    for element, listener in page.listeners():  # registered on `page`, not on `other`
        await other.emit(element, listener, ["--clear", "", ""])
    outcome = Counter([await page.fate(1), await other.fate(1)])
    status, text = await attacker.get("history.json")
    outcome["history kept" if status == 200 and json.loads(text)["messages"] else "HISTORY GONE"] += 1
    return outcome


async def replayed_client_ids(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    page = await attacker.join()
    for changes in ({"tab_id": str(uuid4())}, {"client_id": str(uuid4())}, {"client_id": "x"}):
        other = await attacker.page()
        with suppress(aiohttp.ClientError):
            await other.connect(**{"client_id": page.client_id, **changes})
            await other.emit(*next(iter(page.listeners("submit"))), ["m0000000001abcdefg", "forged", "", LOBBY])
        outcome[await other.fate(1)] += 1
    for _ in range(20):
        with suppress(OSError):
            await page.socket.send_str("40")
    outcome[await page.fate(1)] += 1
    return outcome
