"""Browser profiles, used again: a new one has a process of its own, which takes longer to start than a page to load."""

from contextlib import suppress
from urllib.parse import urlsplit

from playwright.async_api import Browser, Error, Page

DESK = {"width": 1280, "height": 800}
MOST_IDLE = 8
PARKING = "healthz"  # of the chat's own host: to stay within a host keeps the process, and the scripts it has compiled
MEDIA = {"color_scheme": "light", "contrast": "no-preference", "forced_colors": "none"}
EMPTY = "() => (localStorage.clear(), sessionStorage.clear())"


class Profiles:
    """Hands out empty pages, each in a profile of its own, and takes them back."""

    def __init__(self, browser: Browser) -> None:
        self._browser = browser
        self._options: dict[Page, dict[str, object]] = {}
        self._idle: list[Page] = []

    async def take(self, **options: object) -> Page:
        """Return an empty page; `options` are those of Playwright's `new_context`."""
        options = {"viewport": DESK, **options}
        for page in reversed(self._idle):
            if self._options[page] == options:
                self._idle.remove(page)
                return page
        context = await self._browser.new_context(**options)
        page = await context.new_page()
        self._options[page] = options
        return page

    async def give_back(self, page: Page) -> None:
        """Clean the profile for the next test, or close it if it can't be."""
        for other in page.context.pages:
            if other is not page:
                await other.close()
        if not await self._clean(page):
            await self._close(page)
            return
        self._idle.append(page)
        if len(self._idle) > MOST_IDLE:
            await self._close(self._idle.pop(0))

    async def _clean(self, page: Page) -> bool:
        host = urlsplit(page.url)
        options = self._options[page]
        with suppress(Error):
            await page.context.set_offline(False)
            await page.goto(f"{host.scheme}://{host.netloc}/{PARKING}")
            await page.evaluate(EMPTY)
            await page.context.clear_cookies()
            await page.emulate_media(**{name: options.get(name, usual) for name, usual in MEDIA.items()})
            await page.set_viewport_size(options["viewport"])
            await page.mouse.move(0, 0)
            return True
        return False

    async def _close(self, page: Page) -> None:
        del self._options[page]
        await page.context.close()
