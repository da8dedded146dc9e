"""The page: who has a name sees the room, who has none the card that asks for one."""

from copy import copy

from nicegui import Client, ui

from chat.commands import Reply
from chat.state import Chat
from chat.ui import dialogs, join, roster
from chat.ui.board import Boards
from chat.ui.composer import Composer
from chat.ui.header import Header
from chat.ui.log import Log
from chat.ui.theme import Tag, mine
from chat.ui.visit import Visit

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def register(chat: Chat, boards: Boards, title: str) -> None:
    """Serve the page at `/`."""

    @ui.page("/", title=title, viewport=VIEWPORT)
    def index(client: Client) -> None:
        visit = Visit(chat, boards, client)
        client.page = copy(client.page)
        client.page.language = "en-US" if visit._.code == "en" else visit._.code  # type: ignore[assignment]
        style = Tag("style", text=visit.scheme.css)
        if visit.member is None:
            join.build(visit, title)
        else:
            _build_room(visit, title, style)
            visit.attend()


def _build_room(visit: Visit, title: str, scheme_style: Tag) -> None:
    assert visit.member
    Tag("style", text=mine(visit.member.id))
    with Tag("div", {"class": "room"}):
        header = Header(visit, title, scheme_style)
        lost = visit._("Connection lost. Trying again… You can go on writing.")
        Tag("p", {"class": "offline", "role": "alert"}, lost)
        Log(visit)
        composer = Composer(visit, dialogs.ClearDialog(visit))
        roster.build(visit)
    dialogs.RenameDialog(visit)
    header.help.on("click", lambda: composer.answer(Reply("help")))
