"""Who is here: a column on wide screens, a drawer on small ones."""

from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.html.chrome import DRAWER
from chat.ui.page_context import PageContext


def build(visit: PageContext) -> None:
    """The roster with its heading."""
    attributes = {"id": DRAWER, "popover": "auto", "class": "roster", "aria-label": visit._("People")}
    roster = LiveSlot(visit.board.region, "roster", tag="aside", attributes=attributes)
    browser.on(roster, "keydown", browser.WALK)
