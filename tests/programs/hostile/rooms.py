"""Pages that show one room after the other."""

import asyncio
import json
from collections import Counter
from itertools import cycle

from tests.programs.hostile.attacker import Attacker, Page, run_for

SECONDS = 8.0
PAUSE = 0.02  # seconds: as fast as events are let in
ROOMS = 50
MESSAGES = 100
TOO_FAST = "too fast"


async def rooms_switched_by_one_guest(attacker: Attacker) -> Counter[str]:
    """Follow links to rooms on two pages, and go to their first messages."""
    return await _switch([await attacker.join() for _ in range(2)])


async def rooms_switched_by_twenty_guests(attacker: Attacker) -> Counter[str]:
    return await _switch(await attacker.join_as_guests(20))


async def _switch(pages: list[Page]) -> Counter[str]:
    return sum(await asyncio.gather(*map(_switch_on, pages)), Counter[str]())


async def _switch_on(page: Page) -> Counter[str]:
    outcome: Counter[str] = Counter()
    [frame] = (key for key, element in page.elements.items() if (element or {}).get("props", {}).get("class") == "room")
    listeners = [target for target in page.listeners("vnodeMounted") if target[0] == int(frame)]

    async def ask() -> None:
        for number in cycle(range(ROOMS)):
            for target in listeners:
                await page.emit(*target, [f"room/room-{number}", f"room{number}m00001", "push"])
            outcome["links followed"] += 1
            await asyncio.sleep(PAUSE)

    async def read() -> None:
        while True:
            changed = json.dumps([*await page.frames()])
            outcome["rooms shown"] += '"data-switched"' in changed
            outcome["refused as too fast"] += TOO_FAST in changed

    await run_for(SECONDS, outcome, ask(), read())
    return outcome
