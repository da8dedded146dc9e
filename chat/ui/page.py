"""The page: who has a name sees the room, who has none the card that asks for one."""

from copy import copy

from nicegui import Client, ui

from chat.state import Chat
from chat.ui import header, join, roster
from chat.ui.board import Boards
from chat.ui.composer import Composer
from chat.ui.dialogs import ClearDialog, RenameDialog
from chat.ui.header import Menu
from chat.ui.log import Log
from chat.ui.theme import Tag
from chat.ui.visit import Visit

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def register(chat: Chat, boards: Boards, title: str) -> None:
    """Serve the page at `/`."""

    @ui.page("/", title=title, viewport=VIEWPORT)
    def index(client: Client) -> None:
        visit = Visit(chat, boards, client)
        client.page = copy(client.page)
        client.page.language = "en-US" if visit._.code == "en" else visit._.code  # type: ignore[assignment]
        style = Tag("style", text=visit.css)
        if visit.member is None:
            join.build(visit, title)
        else:
            _build_room(visit, style)
            visit.attend()


def _build_room(visit: Visit, style: Tag) -> None:
    with Tag("div", {"class": "room"}) as room:
        header.build(visit)
        lost = visit._("Connection lost. Trying again… You can go on writing.")
        Tag("p", {"class": "offline", "role": "alert"}, lost)
        Log(visit)
        rename, clear = RenameDialog(visit, room), ClearDialog(visit, room)
        composer = Composer(visit, clear)
        roster.build(visit)
        Menu(visit, style, composer, rename, clear)
