"""The dialog of a room's settings, for members who may change it and those of a private room."""

from collections.abc import Callable

from chat.domain.errors import ChatError
from chat.domain.rooms.directory.room_info import LOBBY, RoomInfo, RoomKind, may_see
from chat.domain.rooms.directory.room_policy import may_manage
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.i18n import phrases
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.rooms.room_form import RoomForm, changeable
from chat.ui.dialogs.rooms.room_link import RoomLinkPart
from chat.ui.dialogs.rooms.room_members import RoomMembers
from chat.ui.page_context import PageContext


class RoomSettings:
    """Opens the page's dialog with what the member may do with the shown room."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        dialog.openers |= {"room-settings": self.open, "leave-room": self.leave}

    def open(self) -> None:
        page = self._page
        if not page.member or not has_room_settings(page, page.member):
            return
        room = page.room_info
        with self._dialog.open("room-settings", page.tr("Room settings")) as close:
            if names := changeable(page, page.member, room):
                RoomForm(page, self._dialog, names, close)
            if room.kind is RoomKind.PRIVATE:
                RoomMembers(page, room.id)
                if not room.is_archived:
                    RoomLinkPart(page, room.id)
            self._build_ends(room, close)

    def leave(self) -> None:
        """Ask before the member leaves a private room, into which only its members can bring them back."""
        room, tr = self._page.room_info, self._page.tr
        if room.kind is not RoomKind.PRIVATE:
            return

        async def leave(member_id: str) -> None:
            await self._page.chat.rooms.remove_member(member_id, room.id, member_id)

        text = tr("You can only come back if a member adds you.")
        if len(room.members) == 1:
            text = tr("You are the last member. The room and all its messages will be deleted. This can't be undone.")
        with self._dialog.open("leave-room", tr("Leave %(room)s?", room=room.name)) as close:
            self._dialog.build_question(text, tr("Leave room"), leave, close)

    def _build_ends(self, room: RoomInfo, close: Callable[[], None]) -> None:
        """Build the buttons to archive, close or leave the room."""
        page, rooms, tr = self._page, self._page.chat.rooms, self._page.tr
        can_archive = page.member is not None and room.id != LOBBY and may_manage(page.member, room)
        if not can_archive and room.kind is not RoomKind.PRIVATE:
            return
        error = HtmlElement("p", {"class": "reason", "role": "alert"})

        async def change() -> None:
            if not page.member:
                return
            try:
                await (rooms.reopen if room.is_archived else rooms.archive)(page.member.id, room.id)
            except ChatError as problem:
                error.show(page.error_message(problem))
            else:
                close()

        with HtmlElement("div", {"class": "buttons ends"}):
            if can_archive:
                label = tr("Reopen room") if room.is_archived else tr("Archive room")
                HtmlElement("button", {"type": "button"}, label).on("click", change)
            if room.kind is RoomKind.PRIVATE:
                leave = {"type": "button", "class": "danger-text"}
                HtmlElement("button", leave, phrases.with_dots(tr, tr("Leave room"))).on("click", self.leave)


def has_room_settings(page: PageContext, member: Member) -> bool:
    """Tell whether there is anything that the member may do with the shown room, which they may just have left."""
    room = page.chat.directory.get(page.room.id)
    if room is None or not may_see(room, member.id):
        return False
    return room.kind is RoomKind.PRIVATE or bool(changeable(page, member, room))
