"""The roster: a column on wide screens, a drawer on small ones."""

from chat.framework.live_region import LiveSlot
from chat.ui.html.chrome import DRAWER
from chat.ui.page_context import PageContext


def build(page: PageContext) -> None:
    attributes = {"id": DRAWER, "popover": "auto", "class": "roster", "aria-label": page.tr("People")}
    LiveSlot(page.room_view.region, "roster", tag="aside", attributes=attributes)
