"""What only Firefox does."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Error, async_playwright, expect

from tests.support.firefox import launch_firefox
from tests.support.past import PAGE, used_server
from tests.support.people import Person
from tests.support.profiles import DESK
from tests.support.raw_page import RawPage
from tests.support.server import Server

pytestmark = [pytest.mark.exhaustive, pytest.mark.asyncio(loop_scope="session")]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def firefox() -> AsyncIterator[Browser]:
    async with async_playwright() as playwright, launch_firefox(playwright) as browser:
        yield browser


@pytest_asyncio.fixture(loop_scope="session")
async def enter_firefox(firefox: Browser, server: Server) -> AsyncIterator[Callable]:
    """Add people in Firefox, each with their own profile: `ann = await enter_firefox("Ann", locale="ar")`."""
    errors: list[str] = []

    def record(error: Error) -> None:
        if "ws://" not in str(error):  # to the driver, a lost connection is an error of the page
            errors.append(str(error))

    async def open_page(name: str, *, url: str = server.url, **options: object) -> Person:
        context = await firefox.new_context(**{"viewport": DESK, **options})
        async with RawPage(url, name, patience=20) as card:
            await context.add_cookies([{"name": "session", "value": await card.join(), "url": url}])
        page = await context.new_page()
        page.on("pageerror", record)
        await page.goto(url)
        return Person(page, url)

    yield open_page
    for context in firefox.contexts:
        await context.close()
    assert not errors


async def test_short_messages_are_one_line_high(enter_firefox, tmp_path):
    with used_server(tmp_path / "past", PAGE - 1) as server:
        ann = await enter_firefox("Ann", url=server.url)
        await ann.is_in()
        short = ann.messages.filter(has_not_text="and some more words").locator(".text")
        heights = await short.evaluate_all("all => all.map((one) => one.offsetHeight)")
    assert len(heights) > PAGE * 0.8
    assert len(set(heights)) == 1


async def test_placeholder_is_visible_in_arabic(enter_firefox):
    sara = await enter_firefox("Sara", locale="ar")
    field = sara.page.locator("#composer textarea")
    await expect(field).to_have_css("direction", "rtl")
    assert await field.evaluate("(field) => [field.scrollWidth, field.scrollHeight]") == await field.evaluate(
        "(field) => [field.clientWidth, field.clientHeight]"
    )
    shown = await field.screenshot()
    await field.evaluate("(field) => (field.placeholder = ' ')")
    assert await field.screenshot() != shown
