"""Searches in a long history."""

import asyncio
from collections import Counter
from itertools import count

from tests.programs.hostile.attacker import Attacker, Page, run_for

SECONDS = 6.0
PAUSE = 0.04  # seconds between the queries of a page
LETTERS = "aeionrstäöüéñøßçθжשあ"


async def searches_of_one_guest(attacker: Attacker) -> Counter[str]:
    """Search on two pages as fast as keys repeat, each time for something else."""
    return await _search([await attacker.join() for _ in range(2)])


async def searches_of_twenty_guests(attacker: Attacker) -> Counter[str]:
    return await _search(await attacker.join_as_guests(20))


async def _search(pages: list[Page]) -> Counter[str]:
    return sum(await asyncio.gather(*map(_search_on, pages)), Counter[str]())


async def _search_on(page: Page) -> Counter[str]:
    outcome: Counter[str] = Counter()
    await page.choose("--search")
    field = None
    while field is None:
        await page.frames()
        field = next((key for key, element in page.elements.items() if _has(element, "role", "combobox")), None)
    target = next(target for target in page.listeners("input") if target[0] == int(field))

    async def ask() -> None:
        for number in count():
            letters = LETTERS[number % len(LETTERS)], LETTERS[number // len(LETTERS) % len(LETTERS)]
            await page.emit(*target, [" ".join(letters)])
            outcome["queries"] += 1
            await asyncio.sleep(PAUSE)

    async def read() -> None:
        while True:
            for element in await page.frames():
                outcome["answers"] += bool(element) and element.get("props", {}).get("id") == "results"

    await run_for(SECONDS, outcome, ask(), read())
    return outcome


def _has(element: dict | None, name: str, value: str) -> bool:
    return bool(element) and element.get("props", {}).get(name) == value
