"""Reminds a member in time that the single sign-on provider will be asked again."""

import asyncio

from chat.framework.elements import HtmlElement
from chat.ui.page_context import PageContext

NOTICE = 300  # seconds before the session expires


class SignInReminder:
    """A bar that leads to the provider and back. When the session expires, the page goes there by itself."""

    def __init__(self, page: PageContext, parent: HtmlElement) -> None:
        self._page = page
        self._parent = parent
        time_left = page.access.time_left()
        if time_left is not None:
            loop = asyncio.get_running_loop()
            self._timers = [loop.call_later(time_left - NOTICE, self._show), loop.call_later(time_left, self._expire)]
            page.client.on_delete(self._stop)

    def _show(self) -> None:
        tr = self._page.tr
        path = self._page.access.renewal_path.removeprefix("/")  # relative, as there may be a root path
        with self._parent, HtmlElement("div", {"class": "reminder", "role": "status"}):
            HtmlElement("p", text=tr("Your sign-in expires soon. What you have typed is kept."))
            HtmlElement("a", {"class": "primary", "href": path}, tr("Sign in"))

    def _expire(self) -> None:
        if self._page.access.is_signed_out():
            self._page.access.revoke()
        else:  # by the system's clock, it is not time yet
            self._timers = [asyncio.get_running_loop().call_later(1, self._expire)]

    def _stop(self) -> None:
        for timer in self._timers:
            timer.cancel()
