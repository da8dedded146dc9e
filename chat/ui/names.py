"""The names of rooms on a page, and its title."""

from nicegui import ui

from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.i18n import phrases
from chat.ui.page_context import PageContext


def room_name(page: PageContext, room: RoomInfo) -> str:
    """Return what the member calls a room: a direct one by the other people."""
    if room.kind is RoomKind.DIRECT:
        return phrases.direct_name(page.tr, page.chat.people, room, page.member_id)
    return phrases.room_name(page.tr, room)


def show_title(page: PageContext) -> None:
    """Show the title of the tab: the unread number, the shown room unless that is the lobby, and the chat."""
    title = page.brand.title
    if page.room is not page.chat.lobby:
        title = f"{room_name(page, page.room_info)} · {title}"
    with page.client:
        ui.page_title(f"{page.title_prefix}{title}")
