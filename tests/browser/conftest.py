"""Fixtures: the chat's script on a bare page."""

from collections.abc import AsyncIterator

import pytest_asyncio
from playwright.async_api import Browser, Page

from chat.ui.browser.script import script
from tests.support.script_page import PAGE, URL, Script


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def blank(browser: Browser) -> AsyncIterator[Page]:
    context = await browser.new_context()
    page = await context.new_page()
    await page.route(URL, lambda route: route.fulfill(body=PAGE, content_type="text/html"))
    await page.goto(URL)
    await page.add_script_tag(content=script())
    yield page
    await context.close()


@pytest_asyncio.fixture(loop_scope="session")
async def chat(blank: Page) -> Script:
    await blank.evaluate("fresh()")
    return Script(blank)
