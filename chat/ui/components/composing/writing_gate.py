"""Closes the field while its member may not write, and opens it again."""

import asyncio

from chat.domain.accounts.events import AccountCreated, RoleChanged
from chat.domain.errors import ChatError
from chat.domain.moderation.events import Muted, RoomLocked, RoomUnlocked, Unmuted
from chat.domain.people.events import Connected
from chat.domain.rooms.events import RoomArchived, RoomReopened
from chat.framework.elements import HtmlElement
from chat.state.refusals import restriction
from chat.ui import browser
from chat.ui.browser.messages.acting import refocus
from chat.ui.components.composing.refusal_line import RefusalLine
from chat.ui.components.composing.reopen_button import ReopenButton
from chat.ui.page_context import PageContext

CHANGES = (AccountCreated, Muted, RoleChanged, RoomArchived, RoomLocked, RoomReopened, RoomUnlocked, Unmuted)


class WritingGate:
    """Disables the field of a muted member or in a locked room; a mute is shown with the time that is left.

    A line that all viewers share says that the room is locked (see `roster.mode`).
    """

    def __init__(
        self, page: PageContext, controls: HtmlElement, line: RefusalLine, reopen_button: ReopenButton
    ) -> None:
        self._page = page
        self._controls = controls
        self._line = line
        self._reopen_button = reopen_button
        self._timer: asyncio.TimerHandle | None = None
        self.restriction: ChatError | None = None
        page.shown.subscribe(lambda _event: self.check(), *CHANGES, everywhere=True)
        page.shown.subscribe(self._on_connected, Connected, member_id=page.member_id)
        page.shown.on_close(self._stop)

    def check(self) -> None:
        """Close or open the field, as the member may write now or not."""
        self._stop()
        page, before = self._page, self.restriction
        now = restriction(page.chat, page.room, page.member_id)
        self.restriction = now
        if bool(before) != bool(now):
            self._controls.set("disabled", True if now else None)
        self._reopen_button.check()
        if now and now.key == "room-archived":
            self._line.show(now)
        elif now and "left" in now.details:
            self._line.show(now)
            self._timer = asyncio.get_running_loop().call_later(int(now.details["left"]), self.check)
        elif before and not now:
            browser.call(page.client, refocus)

    def _on_connected(self, event: Connected) -> None:
        if event.connection_id == self._page.connection_id:
            self.check()

    def _stop(self) -> None:
        if self._timer:
            self._timer.cancel()
            self._timer = None
