"""The page at `/`: the room for members, the welcome card for everyone else."""

from fastapi.responses import RedirectResponse
from nicegui import Client, ui
from nicegui import app as nicegui_app

from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.browser.linking import follow_link, open_linked_message
from chat.ui.browser.listening import start_room
from chat.ui.components import menu, roster
from chat.ui.components.composer import Composer
from chat.ui.components.menu import Menu
from chat.ui.components.message_actions import MessageActions
from chat.ui.components.message_list import MessageList
from chat.ui.components.notifier import PageNotifier
from chat.ui.components.person_card import PersonCard
from chat.ui.components.reactions import Reactions
from chat.ui.components.report_badge import ReportBadge
from chat.ui.components.sign_in_reminder import SignInReminder
from chat.ui.components.unread_badges import UnreadBadges
from chat.ui.dialogs.account import AccountDialogs
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.moderation import ModerationDialogs
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.document_head import open_page
from chat.ui.page_connection import PageConnection
from chat.ui.page_context import PageContext
from chat.ui.pages import welcome

VIEWPORT = "width=device-width, initial-scale=1, viewport-fit=cover, interactive-widget=resizes-content"


def register(app: AppContext, version: int) -> None:
    """Serve the page; `version` is that of the style sheet."""

    @ui.page("/", title=app.brand.title, viewport=VIEWPORT)
    def index(client: Client) -> RedirectResponse | None:
        page = open_page(app, client, version)
        if page.member is None and page.has_expired and not page.refusal:
            client.delete()
            return RedirectResponse(f"{client.request.scope['root_path']}{page.renewal_path}", 303)
        if page.member is None:
            welcome.build(page)
        else:
            _build_room(page)
        return None

    def save_last_seen() -> None:
        for page in app.pages:
            page.save_last_seen_if_viewing()

    nicegui_app.on_shutdown(save_last_seen)


def _build_room(page: PageContext) -> None:
    with HtmlElement("div", {"class": "room"}) as room:
        browser.on(room, "vnodeMounted", start_room)
        menu.build_bar(page)
        LiveSlot(page.room_view.region, "lost", "day", attributes={"class": "live"})
        messages, dialog = MessageList(page), Dialog(page, room)
        dialogs, moderation = RoomDialogs(dialog), ModerationDialogs(dialog)
        PageNotifier(page, room)
        SignInReminder(page, room)
        ReportBadge(page, room)
        UnreadBadges(page)
        composer = Composer(page, dialogs)
        roster.build(page)
        reactions = Reactions(page, room, composer)
        actions = MessageActions(page, messages, composer, reactions, dialogs=dialogs, moderation=moderation)
        card = PersonCard(page, room, messages, dialogs)
        browser.on(room, "vnodeMounted", open_linked_message, actions.open_link)
        browser.on(messages.element, "click", follow_link, actions.open_link)
        Menu(page, messages, composer, dialogs=dialogs, account=AccountDialogs(dialog), actions=actions, card=card)
    PageConnection(page, messages.earlier.pager.nodes, messages.on_ready)
