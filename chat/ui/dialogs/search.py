"""The search in the history: a field, and below it results while typing."""

from dataclasses import dataclass, replace
from functools import partial

from markupsafe import Markup
from nicegui import background_tasks, events

from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessageEdited, MessagesPurged
from chat.domain.messages.search import MAX_RESULTS, Hit, excerpt, mark
from chat.framework.elements import HtmlElement
from chat.state.search import Found
from chat.text.markup.renderer import mask_spoilers, to_plain
from chat.text.searchable import READER
from chat.ui import browser
from chat.ui.browser.asking import emit_value
from chat.ui.browser.searching import choose_result, place_caret, show_results
from chat.ui.html.buttons import invoke
from chat.ui.html.escaping import concat, fill
from chat.ui.html.message import isolated, moment
from chat.ui.page_context import PageContext

RESULTS = "results"
CONTEXT = 300  # characters before the first match, and as many after


class Search:
    """Lists results, newest first; each is a button that leads to its message, chosen by arrow keys and Enter, too.

    Searches again when a result is deleted or edited.
    """

    def __init__(self, page: PageContext, query: str) -> None:
        self._page = page
        self._query = ""
        self._is_searching = self._is_due = False
        self._shown = frozenset[str]()
        self._build(query)
        self._unsubscribe = page.shown.subscribe(
            self._on_event, MessageDeleted, MessageEdited, HistoryCleared, MessagesPurged
        )
        if query:
            background_tasks.create(self._search(query), name="search")

    def _build(self, query: str) -> None:
        tr = self._page.tr
        attributes = {
            "role": "combobox",
            "aria-autocomplete": "list",
            "aria-controls": RESULTS,
            "aria-expanded": "false",
            "enterkeyhint": "search",
            "class": "searchbox",
            "aria-label": tr("Search"),
            "autofocus": "",
            "dir": "auto",
            "placeholder": tr("Search messages or people"),
            "autocomplete": "off",
            "defaultValue": query,
        }
        field = HtmlElement("input", attributes)
        self._status = HtmlElement("p", {"role": "status", "class": "found"})
        listbox = {"id": RESULTS, "class": "results", "role": "listbox", "aria-label": tr("Results")}
        self._results = HtmlElement("div", listbox)
        browser.on(field, "input", emit_value, self._on_input, throttle=0.2)
        browser.on(field, "keydown", choose_result)
        browser.on(field, "vnodeMounted", place_caret)

    async def _on_input(self, event: events.GenericEventArguments) -> None:
        await self._search(event.args)

    async def _search(self, query: object) -> None:
        """Search; if a search is running, the newest query waits for it."""
        self._query = query if isinstance(query, str) else ""
        self._is_due = True
        if self._is_searching:
            return
        self._is_searching = True
        try:
            while self._is_due and not self._results.is_deleted:
                self._is_due = False
                await self._search_now(self._query)
        finally:
            self._is_searching = False

    async def _search_now(self, query: str) -> None:
        try:
            found = await self._page.chat.search(
                self._page.member_id, query, MAX_RESULTS + 1, partial(_present, query=query)
            )
        except ChatError as problem:
            self._shown = frozenset()
            self._show("", self._page.error_message(problem) if query.strip() else "")
            return
        if not self._is_due:
            self._shown = found.ids
            self._show(found.rows, self._count(found.count))

    def _on_event(self, event: Event) -> None:
        if self._results.is_deleted:
            self._unsubscribe()
            return
        match event:
            case MessageDeleted(message_id=message_id) | MessageEdited(message_id=message_id):
                is_shown = message_id in self._shown
            case _:
                is_shown = True
        if is_shown:
            background_tasks.create(self._search(self._query), name="search")

    def _count(self, found: int) -> str:
        tr = self._page.tr
        if not found:
            return tr("No messages found")
        if found > MAX_RESULTS:
            return tr("More than %(count)s messages found. Showing the newest.", count=tr.number(MAX_RESULTS))
        return tr.plural("%(count)s message found", "%(count)s messages found", found)

    def _show(self, rows: str, status: str) -> None:
        self._status.show(status)
        self._results.set("innerHTML", rows)
        self._results.set("data-query", self._query)
        browser.call(self._page.client, show_results)


@dataclass(frozen=True, slots=True)
class _Found:
    rows: Markup
    ids: frozenset[str]
    count: int


def _present(found: Found, query: str) -> _Found:
    shown = found.hits[:MAX_RESULTS]
    rows = concat(_row(number, _without_markup(hit, query)) for number, hit in enumerate(shown))
    return _Found(rows, frozenset(hit.message.id for hit in shown), len(found.hits))


def _without_markup(hit: Hit, query: str) -> Hit:
    """Cut the text around the first match and remove its markup, unless only the markup matches the query.

    Where only a spoiler matches, it stays hidden.
    """
    start = max(0, hit.marks[0][0] - CONTEXT) if hit.marks else 0
    masked = mask_spoilers(hit.message.text)
    text = to_plain(masked[start : start + 2 * CONTEXT], 2 * CONTEXT)
    marks = mark(text, query, READER)
    is_raw = hit.marks and not marks and masked == hit.message.text
    return hit if is_raw else Hit(replace(hit.message, text=text), marks)


def _row(number: int, hit: Hit) -> Markup:
    return fill(
        "<button type=button role=option tabindex=-1 id=result-{number} aria-selected={selected} "
        '{invoke} value="{id}"><b>{name}</b> {time}<span dir=auto>{text}</span></button>',
        number=number,
        selected="false" if number else "true",
        invoke=invoke("--found"),
        id=hit.message.id,
        name=isolated(hit.message.name),
        time=moment(hit.message.at),
        text=concat(fill("<mark>{part}</mark>", part=part) if found else part for part, found in excerpt(hit)),
    )
