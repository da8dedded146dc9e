"""The log: follows the newest message, or holds still while somebody reads further up."""

from nicegui import events, ui

from chat.events import Fact, MessagePosted
from chat.ui.live import Live
from chat.ui.theme import Tag
from chat.ui.visit import Visit

INNER = {"class": "log-inner"}


class Log:
    """The scrolling log with the button that leads down to new messages.

    At the very bottom the style sheet alone follows (`column-reverse`). A little above it (within 100 px) the page is
    told to; further up the log holds still and the button counts.
    """

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        self._at_end = self._near_end = True
        self._unseen = 0
        _ = visit._
        attributes = {"class": "log", "role": "log", "aria-label": _("Messages"), "tabindex": 0}
        with Tag("div", attributes) as self.element, Live(visit.board.region, "messages", attributes=INNER):
            _sentinel("end").on("visibility", self._set_at_end)
            _sentinel("near-end").on("visibility", self._set_near_end)
        self._pill = Tag("button", {"type": "button", "class": "pill", "hidden": True})
        self._pill.on("click", self._go_down)
        visit.client.on_delete(visit.chat.subscribe(self._on_fact, MessagePosted))

    def _on_fact(self, fact: Fact) -> None:
        if not isinstance(fact, MessagePosted) or self._at_end:
            return
        if self._near_end or (self._visit.member and fact.message.author == self._visit.member.id):
            self._go_down()
        else:
            self._show_unseen(self._unseen + 1)

    def _go_down(self) -> None:
        self._show_unseen(0)
        self.element.run_method("scrollTo", 0, 0)

    def _set_at_end(self, event: events.GenericEventArguments) -> None:
        self._at_end = event.args is True

    def _set_near_end(self, event: events.GenericEventArguments) -> None:
        self._near_end = event.args is True
        if self._near_end and self._unseen:
            self._show_unseen(0)

    def _show_unseen(self, count: int) -> None:
        if count != self._unseen:
            self._unseen = count
            words = self._visit._.plural("%(count)s new message", "%(count)s new messages", count)
            self._pill.show(words)
            self._pill.set("hidden", None if count else True)


def _sentinel(name: str) -> ui.element:
    return ui.element("q-intersection").classes(f"sentinel {name}")
