"""The page: who has a name sees the room, who has none the card that asks for one."""

from nicegui import Client, ui
from nicegui import app as nicegui_app

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
from chat.ui.page_connection import PageConnection
from chat.ui.page_context import PageContext
from chat.ui.pages import welcome as join

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def register(app: AppContext, version: int) -> None:
    """Serve the page at `/`; `version` is that of the style sheet."""

    @ui.page("/", title=app.brand.title, viewport=VIEWPORT)
    def index(client: Client) -> None:
        page = open_page(app, client, version)
        if page.member is None:
            join.build(page)
        else:
            _build_room(page)

    def save_last_seen() -> None:
        for page in app.pages:
            page.save_last_seen_if_viewing()

    nicegui_app.on_shutdown(save_last_seen)


def _build_room(page: PageContext) -> None:
    with HtmlElement("div", {"class": "room"}) as room:
        header.build(page)
        LiveSlot(page.room_view.region, "lost", attributes={"class": "live"})
        log, dialogs = MessageList(page), Dialogs(page, room)
        PageNotifier(page, room)
        composer = Composer(page, dialogs)
        roster.build(page)
        actions = Actions(page, log, composer, dialogs, Reactions(page, room, composer))
        Menu(page, log, composer, dialogs, actions)
    PageConnection(page, log.earlier.nodes, log.on_ready)
