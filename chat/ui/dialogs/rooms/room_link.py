"""In the settings of a private room: the link that makes people its members."""

from collections.abc import Awaitable, Callable
from weakref import finalize

from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.rooms.events import MemberRemoved, RoomLinkCreated, RoomLinkRevoked
from chat.framework.elements import HtmlElement
from chat.state import clock
from chat.ui import browser
from chat.ui.browser.dialogs.asking import copy, select_link
from chat.ui.html.buttons import link_to_copy
from chat.ui.html.escaping import fill
from chat.ui.html.names_and_times import moment
from chat.ui.page_context import PageContext
from chat.ui.weakly import weakly


class RoomLinkPart:
    """Creates the link, shows it once, and revokes it. Shows at once when it has ended."""

    def __init__(self, page: PageContext, room_id: str) -> None:
        self._page = page
        self._room_id = room_id
        tr = page.tr
        HtmlElement("h3", text=tr("Link to this room"))
        self._state = HtmlElement("p", {"class": "hint"})
        self._link = HtmlElement("p", {"class": "link", "role": "status"})
        browser.on(self._link, "click", copy)
        self._error = HtmlElement("p", {"class": "reason", "role": "alert"})
        with HtmlElement("div", {"class": "buttons"}):
            self._create = HtmlElement("button", {"type": "button"}, tr("Create link"))
            self._revoke = HtmlElement("button", {"type": "button"}, tr("Revoke link"))
        self._create.on("click", lambda: self._attempt(self._show_new))
        self._revoke.on("click", lambda: self._attempt(self._end))
        self._show_state()
        finalize(self, page.shown.subscribe(weakly(self._on_change), RoomLinkCreated, RoomLinkRevoked, MemberRemoved))

    def _on_change(self, _event: Event) -> None:
        if not self._state.is_deleted:
            self._link.set("innerHTML", "")
            self._show_state()

    def _show_state(self) -> None:
        room, tr = self._page.chat.directory.get(self._room_id), self._page.tr
        link = room.link if room and room.link and room.link.until > clock.now() else None
        if link:
            text = fill("{text} {time}", text=tr("Everyone with the link can join, until"), time=moment(link.until))
        else:
            text = fill("{text}", text=tr("Everyone with the link can join. It works for a week."))
        self._state.set("innerHTML", text)
        self._create.show(tr("New link") if link else tr("Create link"))
        self._revoke.set("hidden", None if link else True)

    async def _attempt(self, step: Callable[[str], Awaitable[None]]) -> None:
        if not self._page.member:
            return
        try:
            await step(self._page.member.id)
        except ChatError as problem:
            self._error.show(self._page.error_message(problem))
        else:
            self._error.show("")

    async def _show_new(self, member_id: str) -> None:
        token = await self._page.chat.room_links.create(member_id, self._room_id)
        self._link.set("innerHTML", link_to_copy(self._page.tr, self._page.url(f"/join/{token}")))
        browser.call(self._page.client, select_link)

    async def _end(self, member_id: str) -> None:
        await self._page.chat.room_links.revoke(member_id, self._room_id)
