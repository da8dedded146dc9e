"""A pool of browser profiles: a new one starts a process, which takes longer than loading a page."""

import re
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from urllib.parse import urlsplit

from playwright.async_api import Browser, ConsoleMessage, Error, Frame, Page

from tests.support.people import Person
from tests.support.raw_page import RawPage

DESK = {"width": 1280, "height": 800}
MAX_IDLE = 8
PARKING = "/parked"
MEDIA = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
IS_SCRIPT_ERROR = re.compile(r"\w*Error\b")
EMPTY = "() => (localStorage.clear(), sessionStorage.clear())"
# Nothing may be written while the page is left. Its own navigation keeps the process with all it has compiled.
LEAVE = f"() => {{ Storage.prototype.setItem = () => {{}}; ({EMPTY})(); location.replace('about:blank') }}"


class Profiles:
    """Hand out empty pages, each in its own profile, and reuse them."""

    def __init__(self, browser: Browser) -> None:
        self.version = browser.version
        self._browser = browser
        self._options: dict[Page, dict[str, object]] = {}
        self._visited: dict[Page, set[str]] = {}
        self._idle: list[Page] = []

    async def take(self, **options: object) -> Page:
        """Return an empty page; `options` are those of Playwright's `new_context`.

        A profile that is reused takes on another size, which is quicker than a new one.
        """
        viewport = options.pop("viewport", DESK)
        for page in reversed(self._idle):
            if self._options[page] == options:
                self._idle.remove(page)
                await page.set_viewport_size(viewport)
                return page
        context = await self._browser.new_context(viewport=viewport, **options)
        page = await context.new_page()
        self._options[page] = options
        self._visited[page] = set()
        context.on("page", lambda tab: self._watch(page, tab))
        self._watch(page, page)
        return page

    async def give_back(self, page: Page) -> None:
        """Clean the profile for the next test; close it if that fails."""
        for other in page.context.pages:
            if other is not page:
                await other.close()
        if not await self._clean(page):
            await self._close(page)
            return
        self._idle.append(page)
        if len(self._idle) > MAX_IDLE:
            await self._close(self._idle.pop(0))

    def _watch(self, page: Page, tab: Page) -> None:
        """Note the origins that a profile visits, in any tab: each has a storage of its own."""

        def note(frame: Frame) -> None:
            if frame.url.startswith("http"):
                self._visited[page].add(_origin(frame.url))

        tab.on("framenavigated", note)

    async def _clean(self, page: Page) -> bool:
        options, visited = self._options[page], self._visited[page]
        with suppress(Error):
            await page.context.set_offline(False)
            if (here := _origin(page.url)) in visited:
                await page.evaluate(LEAVE)
                await page.wait_for_url("about:blank")
                visited.remove(here)
            if visited:
                await _empty(page, *sorted(visited))
                visited.clear()
            await page.context.clear_cookies()
            await page.emulate_media(**{name: options.get(name, default) for name, default in MEDIA.items()})
            await page.mouse.move(0, 0)
            return True
        return False

    async def _close(self, page: Page) -> None:
        del self._options[page], self._visited[page]
        await page.context.close()


def _origin(url: str) -> str:
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


async def _empty(page: Page, *origins: str) -> None:
    """Empty the storage of other origins, whose servers may have ended: the browser gets no further than here.

    While requests are caught, nothing is cached.
    """
    await page.route("**", lambda route: route.fulfill(body=""))
    for origin in origins:
        await page.goto(f"{origin}{PARKING}")
        await page.evaluate(EMPTY)
    await page.unroute("**")


@asynccontextmanager
async def people_with(profiles: Profiles, url: str) -> AsyncIterator[Callable]:
    """Add people at `url`: the fixture `enter`, for any browser."""
    errors: list[str] = []
    pages: list[Page] = []

    def record(error: Error) -> None:
        if "ws://" not in str(error):  # to the driver of Firefox, a lost connection is an error of the page
            errors.append(str(error))

    def record_caught(message: ConsoleMessage) -> None:
        """Vue catches the errors of handlers, and logs them."""
        if message.type == "error" and IS_SCRIPT_ERROR.match(message.text):
            errors.append(message.text)

    async def open_page(name: str | None = None, *, url: str = url, **options: object) -> Person:
        page = await profiles.take(**options)
        pages.append(page)
        page.on("pageerror", record)
        page.on("console", record_caught)
        person = Person(page, url, touch=bool(options.get("has_touch")))
        if name is None:
            await page.goto(url)
            return person
        async with RawPage(url, name, patience=20) as card:
            await page.context.add_cookies([{**await card.join(), "url": url}])
        await page.goto(url)
        await person.is_in()
        return person

    yield open_page
    for page in pages:
        page.remove_listener("pageerror", record)
        page.remove_listener("console", record_caught)
        await profiles.give_back(page)
    assert not errors, errors
