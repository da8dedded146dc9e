"""Opens the targets of links and of the browser's history, without loading the page again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from chat.domain.errors import ChatError
from chat.ui.page_context import PageContext
from chat.web.paths import find_room

UrlChange = Literal["push", "replace", "keep"]
"""The change of the URL in the browser, which can go back to the former one only after a push."""

PAUSE = 0.3  # seconds after a refusal


class LinkOpener:
    """Opens one link at a time. Of those requested meanwhile, only the last one is opened."""

    def __init__(
        self,
        page: PageContext,
        open_room: Callable[[str, str, UrlChange], Awaitable[None]],
        show_problem: Callable[[ChatError], None],
    ) -> None:
        self._page = page
        self._open_room = open_room
        self._show_problem = show_problem
        self._turn = asyncio.Lock()
        self._requested: object = None  # the last link

    async def open(self, link: object) -> None:
        """Open `[path, message id, URL change]` or `["person", member id]`, which a browser sent unchecked."""
        self._requested = link
        async with self._turn:
            if self._requested is link and not await self._open(link):
                await asyncio.sleep(PAUSE)

    async def _open(self, link: object) -> bool:
        page = self._page
        try:
            match link:
                case [str() as path, str() as message_id, "push" | "replace" | "keep" as change] if page.member:
                    page.chat.room_access.count_switch(page.member_id)
                    found = find_room(page.chat.directory, page.member_id, path)
                    await self._open_room(found.id, message_id, change)
                case ["person", str() as member_id] if page.member:
                    await page.open_direct([member_id])
        except ChatError as problem:
            self._show_problem(problem)
            return False
        return True
