"""Brings a browser that gets pushes up to date.

Where they go may have changed, or the member may no longer allow them. What they show may have been read elsewhere.
"""

from contextlib import suppress

from chat.domain.errors import ChatError
from chat.ui import browser
from chat.ui.browser.pushing import close_read, subscription
from chat.ui.page_context import PageContext


class PushRenewal:
    """Renews it once, when the page is connected, and ends the one of a member who used this browser before."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._is_due = page.push.is_on
        page.push.stop_for_others()
        page.client.on_connect(self._renew)

    async def _renew(self) -> None:
        if not self._is_due:
            return
        self._is_due = False
        browser.call(self._page.client, close_read, [*self._page.chat.unread.of(self._page.member_id)])
        with suppress(TimeoutError, ValueError, ChatError):
            found = await browser.call(self._page.client, subscription)
            if found is None:
                await self._page.push.turn_off()
            else:
                await self._page.push.turn_on(found)
