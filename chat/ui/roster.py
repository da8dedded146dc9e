"""Who is here: a column on wide screens, a drawer on small ones."""

from chat.ui.live import Live
from chat.ui.theme import Tag, icon_button
from chat.ui.visit import Visit

DRAWER = "people-drawer"


def build(visit: Visit) -> None:
    """The roster with its heading."""
    with Tag("aside", {"id": DRAWER, "popover": "auto", "class": "roster", "aria-label": visit._("People")}):
        with Tag("div", {"class": "roster-head"}):
            Tag("h2", text=visit._("People"))
            icon_button("x", visit._("Close"), {"popovertarget": DRAWER, "popovertargetaction": "hide"})
        Live(visit.board.region, "people")
