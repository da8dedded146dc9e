"""The page: who has a name sees the room, who has none the card that asks for one."""

from nicegui import Client, app, ui

from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui.app_context import AppContext
from chat.ui.components import menu as header
from chat.ui.components import roster
from chat.ui.components.composer import Composer
from chat.ui.components.menu import Menu
from chat.ui.components.message_actions import Actions
from chat.ui.components.message_list import MessageList
from chat.ui.components.notifier import PageNotifier
from chat.ui.components.reactions import Reactions
from chat.ui.dialogs.dialog import Dialogs
from chat.ui.document_head import open_page
from chat.ui.page_context import PageContext
from chat.ui.pages import welcome as join

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def register(house: AppContext, version: int) -> None:
    """Serve the page at `/`; `version` is that of the style sheet."""

    @ui.page("/", title=house.brand.title, viewport=VIEWPORT)
    def index(client: Client) -> None:
        visit = open_page(house, client, version)
        if visit.member is None:
            join.build(visit)
        else:
            _build_room(visit)

    def note_seen() -> None:
        for visit in house.pages:
            visit.note_seen_if_watching()

    app.on_shutdown(note_seen)


def _build_room(visit: PageContext) -> None:
    with HtmlElement("div", {"class": "room"}) as room:
        header.build(visit)
        LiveSlot(visit.board.region, "lost", attributes={"class": "live"})
        log, dialogs = MessageList(visit), Dialogs(visit, room)
        PageNotifier(visit, room)
        composer = Composer(visit, dialogs)
        roster.build(visit)
        actions = Actions(visit, log, composer, dialogs, Reactions(visit, room, composer))
        Menu(visit, log, composer, dialogs, actions)
    visit.attend(log.earlier.nodes, log.attend)
