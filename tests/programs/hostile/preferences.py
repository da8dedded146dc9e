"""Attacks by what members choose: preferences, languages, reports."""

import asyncio
import json
from collections import Counter
from contextlib import suppress
from itertools import cycle

from chat.domain.rooms.directory.room_info import LOBBY
from chat.i18n.translator import languages
from tests.programs.hostile.attacker import Attacker, Page
from tests.programs.hostile.guests import read

SECONDS = 8.0
TABS = 150
POSTS = 20
LONG = "ж" * 4000
GUESTS, REPORTS = 4, 25
REPLIES = {
    "Your report was sent": "reported",
    "many reports": "refused as too many",
    "already reported": "refused as known",
    "too fast": "refused as too fast",
}


async def preferences_flipped_by_150_tabs(attacker: Attacker) -> Counter[str]:
    outcome: Counter[str] = Counter()
    tabs: dict[Page, asyncio.Task[None]] = {}
    with suppress(PermissionError):
        while len(tabs) < TABS:
            tab = await attacker.join()
            tabs[tab] = asyncio.create_task(read(tab))

    async def flip(tab: Page, reader: asyncio.Task[None]) -> None:
        target = _menu(tab, "change")
        for scheme in cycle(["dark", "light"]):
            if reader.done():
                return
            await tab.emit(*target, ["scheme", scheme])
            outcome["flips"] += 1

    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            await asyncio.gather(*map(flip, tabs, tabs.values()), return_exceptions=True)
    for reader in tabs.values():
        reader.cancel()
    return outcome + Counter({"tabs": len(tabs)})


async def long_messages_in_18_languages(attacker: Attacker) -> Counter[str]:
    """Open a page in each language, and post long messages that each of them shows."""
    pages = []
    for language in languages():
        attacker.http.headers["Accept-Language"] = language.replace("_", "-")
        pages.append(await attacker.join())
    readers = [asyncio.create_task(read(page)) for page in pages]
    for number in range(POSTS):
        await pages[0].emit(*next(iter(pages[0].listeners("submit"))), [f"long{number:05}message", LONG, "", LOBBY])
        await asyncio.sleep(SECONDS / POSTS)
    for reader in readers:
        reader.cancel()
    _, history = await attacker.get("history.json")
    posted = sum(message["text"] == LONG for message in json.loads(history)["messages"])
    return Counter({"languages": len(pages), "posted": posted, "refused as too fast": POSTS - posted})


async def reports_of_four_guests(attacker: Attacker) -> Counter[str]:
    """Report many messages, again under other names."""
    outcome: Counter[str] = Counter()
    await attacker.join()
    _, source = await attacker.get("history.json")
    history = [message["id"] for message in json.loads(source)["messages"]]
    for _ in range(GUESTS):
        attacker.http.cookie_jar.clear()
        page = await attacker.join()
        for message_id in history[-REPORTS:]:
            await page.choose("--report", message_id)
            with suppress(TimeoutError):
                async with asyncio.timeout(5):
                    await page.emit(*await _dialog(page), ["spam"])
                    outcome[await _reply(page)] += 1
                await page.choose("--close-answer")  # the same answer wouldn't be sent again
    return outcome


def _menu(page: Page, event: str) -> tuple[int, str]:
    [menu] = (key for key, element in page.elements.items() if (element or {}).get("props", {}).get("id") == "menu")
    return next(target for target in page.listeners(event) if target[0] == int(menu))


async def _dialog(page: Page) -> tuple[int, str]:
    """Wait for the form of a dialog, and return how to submit it."""
    while True:
        for element in await page.frames():
            for event in (element or {}).get("events", ()):
                if event["type"] == "submit" and "chat.emit_fields(" in event["js_handler"]:
                    listener = event["listener_id"]
                    return int(listener.partition(".")[0]), listener


async def _reply(page: Page) -> str:
    while True:
        changed = json.dumps([*await page.frames()])
        for text, meaning in REPLIES.items():
            if text in changed:
                return meaning
