"""The search in the history: a field, and what fits it as one types."""

import asyncio
from dataclasses import replace
from html import escape

from nicegui import background_tasks, events

from chat.domain.errors import ChatError
from chat.domain.events import Event, HistoryCleared, MessageDeleted, MessageEdited
from chat.domain.messages.search import MAX_RESULTS, Hit, excerpt, search
from chat.framework.elements import HtmlElement
from chat.i18n import phrases as words
from chat.text.markup.renderer import to_plain
from chat.ui import browser
from chat.ui.html.message import MENU, isolated, moment
from chat.ui.page_context import PageContext

AROUND = 300  # characters


class Search:
    """Lists what fits, newest first; each result is a button that leads to its message.

    What is deleted or edited meanwhile is looked for again.
    """

    def __init__(self, visit: PageContext, query: str) -> None:
        self._visit = visit
        self._query = ""
        self._shown = set[str]()
        _ = visit._
        look = {"type": "search", "class": "searchbox", "aria-label": _("Search"), "autofocus": "", "dir": "auto"}
        hint = {"placeholder": _("Words or a name"), "autocomplete": "off", "defaultValue": query}
        field = HtmlElement("input", {**look, **hint})
        self._status = HtmlElement("p", {"role": "status", "class": "found"})
        self._results = HtmlElement("ol", {"class": "results", "aria-label": _("Results")})
        browser.on(field, "input", browser.VALUE, self._type, throttle=0.2)
        browser.on(field, "keydown", browser.CLOSE)
        self._unsubscribe = visit.chat.subscribe(self._on_event, MessageDeleted, MessageEdited, HistoryCleared)
        visit.client.on_delete(self._unsubscribe)
        if query:
            background_tasks.create(self._find(query), name="search")

    async def _type(self, event: events.GenericEventArguments) -> None:
        await self._find(event.args)

    async def _find(self, query: object) -> None:
        self._query = query if isinstance(query, str) else ""
        try:
            hits = await self._visit.chat.search(self._visit.me, query, MAX_RESULTS + 1)
            rows = await asyncio.to_thread(_rows, hits[:MAX_RESULTS], query)
        except ChatError as problem:
            self._shown = set()
            blank = not self._query.strip()
            self._show("", "" if blank else words.error(self._visit._, problem))
            return
        if self._query == query:  # nothing else was typed while it was looked for
            self._shown = {hit.message.id for hit in hits[:MAX_RESULTS]}
            self._show(rows, self._count(len(hits)))

    def _on_event(self, event: Event) -> None:
        if self._results.is_deleted:
            self._unsubscribe()
            return
        match event:
            case MessageDeleted(message=message_id) | MessageEdited(message=message_id):
                is_shown = message_id in self._shown
            case _:
                is_shown = True
        if is_shown:
            background_tasks.create(self._find(self._query), name="search")

    def _count(self, found: int) -> str:
        _ = self._visit._
        if found > MAX_RESULTS:
            return _("More than %(count)s messages found; these are the newest.", count=_.number(MAX_RESULTS))
        return _.plural("%(count)s message found", "%(count)s messages found", found)

    def _show(self, rows: str, status: str) -> None:
        self._status.show(status)
        self._results.set("innerHTML", rows)


def _rows(hits: list[Hit], query: object) -> str:
    return "".join(_row(_plain(hit, query)) for hit in hits)


def _plain(hit: Hit, query: object) -> Hit:
    """What is around the first match, as people read it: without markup, unless that is what was looked for."""
    start = max(0, hit.marks[0][0] - AROUND) if hit.marks else 0
    text = to_plain(hit.message.text[start : start + 2 * AROUND], 2 * AROUND)
    return next(iter(search([replace(hit.message, text=text)], query)), hit)


def _row(hit: Hit) -> str:
    text = "".join(f"<mark>{escape(part)}</mark>" if found else escape(part) for part, found in excerpt(hit))
    head = f"<b>{isolated(hit.message.name)}</b> {moment(hit.message.at)}"
    invoke = f'type=button commandfor={MENU} command=--found value="{escape(hit.message.id)}"'
    return f"<li><button {invoke}>{head}<span dir=auto>{text}</span></button></li>"
