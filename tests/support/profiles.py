"""Browser profiles, one for each person; those that are nothing special are cleaned and used again.

A new profile has a process of its own, which takes as long to start as a page to load.
"""

from contextlib import suppress

from playwright.async_api import Browser, Error, Page

DESK = {"width": 1280, "height": 800}


class Profiles:
    """Gives out empty pages, and takes them back."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._idle: list[Page] = []
        self._special: set[Page] = set()

    async def take(self, **options: object) -> Page:
        """A page in a profile of its own; `options` are those of Playwright's `new_context`."""
        if not options and self._idle:
            return self._idle.pop()
        context = await self._browser.new_context(**{"viewport": DESK, **options})
        page = await context.new_page()
        if options:
            self._special.add(page)
        return page

    async def give_back(self, page: Page) -> None:
        """Nobody needs it any more."""
        context = page.context
        if page in self._special or not await self._is_emptied(page):
            self._special.discard(page)
            await context.close()
            return
        for other in context.pages:
            if other is not page:
                await other.close()
        await context.set_offline(False)
        await page.goto("about:blank")
        await context.clear_cookies()
        await page.emulate_media(color_scheme="light", contrast="no-preference", forced_colors="none")
        await page.set_viewport_size(DESK)
        await page.mouse.move(0, 0)
        self._idle.append(page)

    async def _is_emptied(self, page: Page) -> bool:
        with suppress(Error):
            await page.evaluate("() => (localStorage.clear(), sessionStorage.clear())")
            return page.url != "about:blank"
        return False
