"""Requests: foreign, forged, missing and too many."""

import asyncio
import json
from collections import Counter

import aiohttp

from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.frames import say


async def foreign_origins(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    for origin in ["https://evil.example", "null", "http://127.0.0.1.evil.example", "http://127.0.0.1"] * 10:
        try:
            await (await attacker.page()).connect(headers={"Origin": origin})
            outcome["LET IN"] += 1
        except aiohttp.WSServerHandshakeError as refusal:
            outcome[str(refusal.status)] += 1
    return outcome


async def forged_log_lines(attacker: Attacker) -> Counter[str]:
    line = "\n2026-01-01 level=info event=forged\x1b[2J" * 50
    forged = json.dumps(["log", {"client_id": "CLIENT", "level": "error", "message": line}])
    outcome = await say(attacker, ["42" + forged] * 20)
    for path in ("%0a%0dforged", "x?%0aforged", "%1b[2J"):
        outcome[str((await attacker.get(path))[0])] += 1
    return outcome


async def two_thousand_404s(attacker: Attacker) -> Counter[str]:
    async def some(worker: int) -> Counter[str]:
        return Counter([str((await attacker.get(f"nowhere/{worker}/{number}"))[0]) for number in range(100)])

    return sum(await asyncio.gather(*map(some, range(20))), Counter[str]())


async def pages_without_sockets(attacker: Attacker) -> Counter[str]:
    async def some(_: int) -> Counter[str]:
        return Counter([str((await attacker.get())[0]) for _ in range(100)])

    return sum(await asyncio.gather(*map(some, range(5))), Counter[str]())


async def long_queries_and_polling(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    for _ in range(50):
        try:
            await (await attacker.page()).connect(tab_id="t" * 20_000)
            outcome["LET IN"] += 1
        except aiohttp.WSServerHandshakeError as refusal:
            outcome[str(refusal.status)] += 1
        outcome[str((await attacker.get("_nicegui_ws/socket.io/?EIO=4&transport=polling"))[0])] += 1
        outcome[str((await attacker.get("?" + "x" * 20_000))[0])] += 1
    return outcome
