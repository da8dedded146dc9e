"""The same scenes in several engines. Only one person has a browser, because Firefox gives one window the focus.

Engines are imported when they are needed, as this is read before all other tests too.
"""

from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
import pytest_asyncio
from playwright.async_api import async_playwright

from tests.support.profiles import Profiles, people_with
from tests.support.server import Server

if TYPE_CHECKING:
    from selenium.webdriver.remote.webdriver import WebDriver

HERE = Path(__file__).parent
ENGINES = ("chromium", "firefox", "webkit")

Entrance = tuple[str, Callable]
"""The engine's version, and the function that adds its person."""


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(pytest.mark.exhaustive)
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)


@pytest.fixture(params=ENGINES)
def enter(request: pytest.FixtureRequest, record_property: Callable[[str, object], None]) -> Callable:
    """Add the person with a browser: `ann = await enter("Ann")`; without a name, they are at the welcome card.

    `url` replaces that of `server`. A JavaScript error in the page fails the test.
    """
    version, open_page = request.getfixturevalue(request.param)
    record_property("version", version)
    return open_page


@pytest_asyncio.fixture(loop_scope="session")
async def chromium(profiles: Profiles, server: Server) -> AsyncIterator[Entrance]:
    async with people_with(profiles, server.url) as open_page:
        yield profiles.version, open_page


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def firefox_profiles() -> AsyncIterator[Profiles]:
    from tests.support.firefox import launch_firefox

    async with async_playwright() as playwright, launch_firefox(playwright) as browser:
        yield Profiles(browser)


@pytest_asyncio.fixture(loop_scope="session")
async def firefox(firefox_profiles: Profiles, server: Server) -> AsyncIterator[Entrance]:
    async with people_with(firefox_profiles, server.url) as open_page:
        yield firefox_profiles.version, open_page


@pytest.fixture(scope="session")
def webkit_driver() -> Iterator["WebDriver"]:
    from tests.support.webkit import launch_webkit

    with launch_webkit() as driver:
        yield driver


@pytest_asyncio.fixture(loop_scope="session")
async def webkit(webkit_driver: "WebDriver", server: Server) -> AsyncIterator[Entrance]:
    from tests.support.webkit import person_with

    async with person_with(webkit_driver, server.url) as open_page:
        yield webkit_driver.capabilities["browserVersion"], open_page


@pytest.fixture(scope="session")
def webkit_without_anchors_driver() -> Iterator["WebDriver"]:
    from tests.support.webkit import WITHOUT_ANCHORS, launch_webkit

    with launch_webkit(WITHOUT_ANCHORS) as driver:
        yield driver


@pytest_asyncio.fixture(loop_scope="session")
async def webkit_without_anchors(webkit_without_anchors_driver: "WebDriver", server: Server) -> AsyncIterator[Entrance]:
    from tests.support.webkit import person_with

    async with person_with(webkit_without_anchors_driver, server.url) as open_page:
        yield webkit_without_anchors_driver.capabilities["browserVersion"], open_page
