"""A tab of Chromium that shows one room after the other."""

import asyncio

from playwright.async_api import Page as Tab

HISTORY = 100
PAUSE = 0.3  # seconds, so that what comes after a room doesn't count for the next one
# How many milliseconds the browser needs from a click on a link until it has painted an element, or from the start of a
# page's load until the element is there.
SHOW = """([link, id]) => new Promise(done => { const began = performance.now()
  const end = () => requestAnimationFrame(() => setTimeout(() => done(performance.now() - began)))
  const watch = new MutationObserver(() => document.getElementById(id) && (watch.disconnect(), end()))
  watch.observe(document.body, {childList: true, subtree: true})
  document.querySelector(link).click() })"""
SHOWN = "id => document.getElementById(id) && performance.now()"


async def show_room(tab: Tab, room: int) -> float:
    """Click the link to a room; return the seconds until its messages are painted."""
    await asyncio.sleep(PAUSE)  # what comes after the room before doesn't count
    took: float = await tab.evaluate(SHOW, [f'.rooms a[href$="{path_of(room)}"]', f"m-{last_of(room)}"])
    return took / 1000


def path_of(room: int) -> str:
    return f"room/room-{room}"


def last_of(room: int) -> str:
    """Return the id of the last message that a room had at the start."""
    return f"room{room}m{HISTORY:05}"


async def load_room(tab: Tab, url: str, room: int) -> float:
    """Load the page of a room; return the seconds until it is painted."""
    await asyncio.sleep(PAUSE)
    await tab.goto(f"{url}{path_of(room)}", wait_until="commit")
    found = await tab.wait_for_function(SHOWN, arg=f"m-{last_of(room)}")
    return float(await found.json_value()) / 1000
