"""The dialog to create a room. Below are the archived rooms that the member may reopen."""

from collections.abc import Callable
from functools import partial

from nicegui import events

from chat.domain.errors import ChatError
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.navigation.linking import follow_link
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.forms import Field, Form
from chat.ui.page_context import PageContext
from chat.web.paths import room_path


class NewRoom:
    """Opens the page's dialog for members who may create rooms, and shows the new room."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        dialog.openers["new-room"] = self.open

    def open(self) -> None:
        if not may_create_rooms(self._page):
            return
        tr = self._page.tr

        async def create(name: object, is_private: object) -> None:
            if member := self._page.member:
                room = await self._page.chat.rooms.create(member.id, name, is_private=is_private == "on")
                await self._show(room.id, close)

        with self._dialog.open("new-room", tr("New room")) as close:
            form = self._dialog.build_form([Field("room", tr("Name"))], tr("Create"), create)
            form.add_checkbox("private", tr("Private"), hint=tr("Only its members will see the room."))
            self._build_archived(form, close)

    def _build_archived(self, form: Form, close: Callable[[], None]) -> None:
        page = self._page
        rooms = page.chat.directory.archived(page.member) if page.member else []
        if rooms:
            with HtmlElement("details", {"class": "archived-rooms"}):
                HtmlElement("summary", text=page.tr("Archived rooms"))
                with HtmlElement("ul", {"class": "rows"}) as rows:
                    for room in rooms:
                        self._build_row(room, form, close)
            browser.on(rows, "click", follow_link, partial(self._follow, close), is_asked=True)

    def _build_row(self, room: RoomInfo, form: Form, close: Callable[[], None]) -> None:
        tr = self._page.tr
        with HtmlElement("li"):
            HtmlElement("a", {"href": room_path(room), "dir": "auto"}, room.name)
            label = {"type": "button", "aria-label": tr("Reopen %(room)s", room=room.name)}
            HtmlElement("button", label, tr("Reopen")).on("click", partial(self._reopen, room.id, form, close))

    async def _follow(self, close: Callable[[], None], event: events.GenericEventArguments) -> None:
        close()
        if self._page.switcher:
            await self._page.switcher.open_link(event)

    async def _reopen(self, room_id: str, form: Form, close: Callable[[], None]) -> None:
        if not self._page.member:
            return
        try:
            await self._page.chat.rooms.reopen(self._page.member.id, room_id)
        except ChatError as problem:
            form.show_refusal(problem)
        else:
            await self._show(room_id, close)

    async def _show(self, room_id: str, close: Callable[[], None]) -> None:
        close()
        await self._page.open_room(room_id)


def may_create_rooms(page: PageContext) -> bool:
    return page.member is not None and page.chat.rooms.policy.may_create(page.member.role)
