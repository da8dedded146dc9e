"""The roster: a column on wide screens, a drawer on small ones."""

from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.reading import walk
from chat.ui.html.chrome import DRAWER
from chat.ui.page_context import PageContext


def build(page: PageContext) -> None:
    attributes = {"id": DRAWER, "popover": "auto", "class": "roster", "aria-label": page.tr("People")}
    roster = LiveSlot(page.room_view.region, "roster", tag="aside", attributes=attributes)
    browser.on(roster, "keydown", walk)
