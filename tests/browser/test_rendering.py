"""What changes in a room leaves the rest of the page alone: styling or laying out all of it takes longer each time."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from playwright.async_api import Browser, expect

from tests.support.past import PAGE, said, used_server

NAMED = """() => [...document.querySelectorAll('article')].filter((article) =>
  [...article.children].some((part) => getComputedStyle(part).anchorName !== 'none')).length"""


@asynccontextmanager
async def restyled(browser: Browser) -> AsyncIterator[list[int]]:
    """Fill a list with the number of elements of each calculation of styles meanwhile."""
    counts: list[int] = []
    is_over = asyncio.Event()

    def note(part: dict) -> None:
        found = [event["args"] for event in part["value"] if event["name"] == "UpdateLayoutTree"]
        counts.extend(arguments["elementCount"] for arguments in found if "elementCount" in arguments)

    devtools = await browser.new_browser_cdp_session()
    devtools.on("Tracing.dataCollected", note)
    devtools.on("Tracing.tracingComplete", lambda _: is_over.set())
    await devtools.send("Tracing.start", {"traceConfig": {"includedCategories": ["devtools.timeline"]}})
    yield counts
    await devtools.send("Tracing.end")
    await is_over.wait()
    await devtools.detach()


@pytest.mark.own_server
async def test_messages_and_toolbars_leave_other_messages_alone(browser, enter, guest, tmp_path):
    with used_server(tmp_path / "used", PAGE) as server:
        ann, bob = await enter("Ann", url=server.url), await guest("Bob", url=server.url)
        await expect(ann.message(said(PAGE))).to_be_in_viewport(ratio=1)
        await expect(ann.people).to_have_count(2)
        async with restyled(browser) as counts:
            await bob.say("Hello")
            await expect(ann.message("Hello")).to_be_in_viewport(ratio=1)
            await ann.say("Hi")
            await ann.message("Hello").hover()
            await expect(ann.message("Hello").get_by_role("button", name="Reply")).to_be_visible()
        assert counts and max(counts) < PAGE, counts
        assert await ann.page.evaluate(NAMED) == 1
