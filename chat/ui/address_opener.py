"""Opens the addresses that links and the browser's history lead to, without loading the page again."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Literal

from chat.domain.errors import ChatError
from chat.ui.page_context import PageContext
from chat.web.addresses import find_room

AddressChange = Literal["push", "replace", "keep"]
"""What happens to the address in the browser, which can go back to the one before only after a push."""

PAUSE = 0.3  # seconds after a refusal


class AddressOpener:
    """Opens one address at a time. Of those requested meanwhile, only the last one is opened."""

    def __init__(
        self,
        page: PageContext,
        open_room: Callable[[str, str, AddressChange], Awaitable[None]],
        show_problem: Callable[[ChatError], None],
    ) -> None:
        self._page = page
        self._open_room = open_room
        self._show_problem = show_problem
        self._turn = asyncio.Lock()
        self._requested: object = None  # the last address

    async def open(self, address: object) -> None:
        """Open `[path, message id, address change]` or `["person", member id]`, which a browser sent unchecked."""
        self._requested = address
        async with self._turn:
            if self._requested is address and not await self._open(address):
                await asyncio.sleep(PAUSE)

    async def _open(self, address: object) -> bool:
        page = self._page
        try:
            match address:
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
