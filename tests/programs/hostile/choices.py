"""What members choose: preferences, languages, reports."""

import asyncio
import json
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from itertools import cycle

import aiohttp

from chat.i18n.translator import languages
from tests.programs.hostile.attacker import Attacker, Page
from tests.programs.hostile.events import SECONDS

TABS = 150
GUESTS, REPORTS = 4, 25
LONG = "ж" * 4000
REPLIES = {
    "Your report was sent": "reported",
    "many reports": "refused: many reports",
    "already reported": "refused: reported before",
    "too fast": "refused: too fast",
}


async def preferences_flipped_by_150_tabs(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    tabs: dict[Page, asyncio.Task[None]] = {}
    with suppress(PermissionError):
        while len(tabs) < TABS:
            tab = await attacker.join()
            tabs[tab] = asyncio.create_task(read(tab))

    async def flip(tab: Page, reader: asyncio.Task[None]) -> None:
        for scheme in cycle(["dark", "light"]):
            await tab.emit(*menu(tab, "change"), ["scheme", scheme])
            outcome["flips"] += 1
            if reader.done():
                return

    with suppress(TimeoutError):
        async with asyncio.timeout(2 * SECONDS):
            await asyncio.gather(*map(flip, tabs, tabs.values()), return_exceptions=True)
    outcome["tabs"], outcome["tabs cut"] = len(tabs), sum(reader.done() for reader in tabs.values())
    for reader in tabs.values():
        reader.cancel()
    return +outcome


async def languages_opened_by_one_guest(attacker: Attacker) -> Counter[str]:
    """Open a page in each language, and keep posting long messages that each of them has to show."""
    outcome: Counter[str] = Counter()
    pages = []
    for language in languages():
        attacker.http.headers["Accept-Language"] = language.replace("_", "-")
        pages.append(await attacker.join())
    outcome["languages"] = len(pages)
    readers = [asyncio.create_task(read(page)) for page in pages[1:]]
    for number in range(20):
        listener = next(iter(pages[0].listeners("submit")))
        await pages[0].emit(*listener, [f"m{number:09}languages", LONG, ""])
        found = await reply(pages[0], {"chat.confirm": "posted", "restore_text": "refused"})
        outcome[found] += 1
        await asyncio.sleep(SECONDS / 20)
    for reader in readers:
        reader.cancel()
    return outcome


async def reports_flood(attacker: Attacker) -> Counter[str]:
    """Report every message, again under other names of the same address."""
    outcome: Counter[str] = Counter()
    for _ in range(GUESTS):
        attacker.http.cookie_jar.clear()
        page = await attacker.join()
        _, history = await attacker.get("history.json")
        for message in json.loads(history)["messages"][-REPORTS:]:
            await page.emit(*menu(page, "command"), ["--report", "", message["id"]])
            form = await dialog(page)
            if form is None:
                outcome["no dialog"] += 1
                continue
            await page.emit(*form, ["spam"])
            outcome[await reply(page, REPLIES)] += 1
    return outcome


def menu(page: Page, event: str) -> tuple[int, str]:
    [found] = listeners_of(page, event, lambda element: element.get("props", {}).get("id") == "menu")
    return found


def listeners_of(page: Page, event: str, wanted: Callable[[dict], bool]) -> Iterator[tuple[int, str]]:
    for key, element in page.elements.items():
        if element and key.isdecimal() and wanted(element):
            events = (found for found in element.get("events", ()) if found["type"] == event)
            yield from ((int(key), found["listener_id"]) for found in events)


async def dialog(page: Page) -> tuple[int, str] | None:
    """Return the listener of the dialog's form, once it is open."""
    known = {key for key, element in page.elements.items() if element and element.get("tag") == "form"}
    with suppress(TimeoutError):
        async with asyncio.timeout(2):
            while True:
                await page.receive()
                for key, element in page.elements.items():
                    if element and element.get("tag") == "form" and key not in known:
                        return next(listeners_of(page, "submit", lambda found, form=element: found is form))
    return None


async def reply(page: Page, meanings: dict[str, str]) -> str:
    """Return the meaning of the first frame that has one."""
    with suppress(TimeoutError):
        async with asyncio.timeout(5):
            while True:
                frame = await page.receive()
                for text, meaning in meanings.items():
                    if text in frame:
                        return meaning
    return "no answer"


async def read(page: Page) -> None:
    """Read until the server cuts the connection, and answer its pings."""
    with suppress(TypeError, OSError, aiohttp.ClientError):
        while True:
            await page.receive()
