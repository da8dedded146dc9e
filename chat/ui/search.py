"""The search in the history: a field, and what fits it as one types."""

from html import escape

from nicegui import background_tasks, events

from chat import words
from chat.errors import ChatError
from chat.events import Fact, HistoryCleared, MessageDeleted, MessageEdited
from chat.search import Hit, excerpt
from chat.ui import browser
from chat.ui.message_html import MENU, isolated, moment
from chat.ui.theme import Tag
from chat.ui.visit import Visit


class Search:
    """Lists what fits, newest first; each result is a button that leads to its message.

    What is deleted or edited meanwhile is looked for again.
    """

    def __init__(self, visit: Visit, query: str) -> None:
        self._visit = visit
        self._query = ""
        self._shown = set[str]()
        _ = visit._
        look = {"type": "search", "class": "searchbox", "aria-label": _("Search"), "autofocus": "", "dir": "auto"}
        hint = {"placeholder": _("Words or a name"), "autocomplete": "off", "defaultValue": query}
        field = Tag("input", {**look, **hint})
        self._status = Tag("p", {"role": "status", "class": "found"})
        self._results = Tag("ol", {"class": "results", "aria-label": _("Results")})
        browser.on(field, "input", browser.VALUE, self._type, throttle=0.2)
        browser.on(field, "keydown", browser.CLOSE)
        self._unsubscribe = visit.chat.subscribe(self._on_fact, MessageDeleted, MessageEdited, HistoryCleared)
        visit.client.on_delete(self._unsubscribe)
        if query:
            background_tasks.create(self._find(query), name="search")

    async def _type(self, event: events.GenericEventArguments) -> None:
        await self._find(event.args)

    async def _find(self, query: object) -> None:
        self._query = query if isinstance(query, str) else ""
        try:
            hits = await self._visit.chat.search(self._visit.me, query)
        except ChatError as problem:
            blank = not self._query.strip()
            self._show([], "" if blank else words.error(self._visit._, problem))
            return
        if self._query == query:  # nothing else was typed while it was looked for
            count = self._visit._.plural("%(count)s message found", "%(count)s messages found", len(hits))
            self._show(hits, count)

    def _on_fact(self, fact: Fact) -> None:
        if self._results.is_deleted:
            self._unsubscribe()
            return
        match fact:
            case MessageDeleted(message=message_id) | MessageEdited(message=message_id):
                is_shown = message_id in self._shown
            case _:
                is_shown = True
        if is_shown:
            background_tasks.create(self._find(self._query), name="search")

    def _show(self, hits: list[Hit], status: str) -> None:
        self._shown = {hit.message.id for hit in hits}
        self._status.show(status)
        self._results.set("innerHTML", "".join(map(_row, hits)))


def _row(hit: Hit) -> str:
    text = "".join(f"<mark>{escape(part)}</mark>" if found else escape(part) for part, found in excerpt(hit))
    head = f"<b>{isolated(hit.message.name)}</b> {moment(hit.message.at)}"
    invoke = f'type=button commandfor={MENU} command=--found value="{escape(hit.message.id)}"'
    return f"<li><button {invoke}>{head}<span dir=auto>{text}</span></button></li>"
