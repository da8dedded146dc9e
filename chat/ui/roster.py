"""Who is here: a column on wide screens, a drawer on small ones."""

from chat.ui import browser
from chat.ui.frame import DRAWER
from chat.ui.live import Live
from chat.ui.visit import Visit


def build(visit: Visit) -> None:
    """The roster with its heading."""
    attributes = {"id": DRAWER, "popover": "auto", "class": "roster", "aria-label": visit._("People")}
    roster = Live(visit.board.region, "roster", tag="aside", attributes=attributes)
    browser.on(roster, "keydown", browser.WALK)
