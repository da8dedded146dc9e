"""The sidebar: rooms and people; a column on wide screens, a drawer on small ones."""

from collections.abc import Awaitable, Callable

from nicegui import events

from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.listening import renew_rooms
from chat.ui.browser.navigation.linking import follow_link
from chat.ui.components.navigation.direct_rooms import DirectRooms
from chat.ui.components.navigation.own_rooms import OwnRooms
from chat.ui.html.chrome import DRAWER
from chat.ui.page_context import PageContext


class Sidebar:
    """The links to rooms, and below them the roster. The style sheet hides the links where there is only one room."""

    def __init__(self, page: PageContext, open_link: Callable[[events.GenericEventArguments], Awaitable[None]]) -> None:
        tr, region = page.tr, page.chat_view.region
        attributes = {"id": DRAWER, "popover": "auto", "class": "roster", "aria-label": tr("People")}
        with LiveSlot(region, "close-drawer", tag="aside", attributes=attributes):
            labelled = {"class": "rooms", "aria-label": tr("Rooms")}
            rooms = LiveSlot(region, "rooms-head", "rooms-filter", "rooms", tag="nav", attributes=labelled)
            OwnRooms(page, rooms)
            self.direct_rooms = DirectRooms(page, rooms)
            LiveSlot(region, "roster", attributes={"class": "live"})
        browser.on(rooms, "click", follow_link, open_link, is_asked=True)
        browser.on(rooms, "vnodeUpdated", renew_rooms)
