"""The quick switcher and search: a field, and below it rooms, people and messages while typing."""

import asyncio
import time
from collections.abc import Callable
from functools import partial
from weakref import finalize

from nicegui import background_tasks, events

from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagesPurged,
)
from chat.domain.messages.search import MAX_RESULTS
from chat.domain.rooms.events import MemberRemoved, RoomDeleted
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.dialogs.asking import emit_value
from chat.ui.browser.dialogs.searching import choose_result, follow_result, place_caret, show_messages, show_places
from chat.ui.browser.messages.acting import focus_room
from chat.ui.dialogs.search_results import SearchResults, render_results
from chat.ui.html import results
from chat.ui.names import room_name
from chat.ui.newest import Newest
from chat.ui.page_context import PageContext
from chat.ui.places import find_places, has_rooms, narrow
from chat.ui.weakly import weakly

RESULTS = "results"
PAUSE = 0.15  # seconds until places are listed for the next query: browsers wait longer
REST = 10  # or so many times as long as listing them took
CHANGES = (AuthorAnonymized, MessageDeleted, MessageEdited, HistoryCleared, MessagesPurged, MemberRemoved, RoomDeleted)


class Search:
    """Lists places, and messages newest first. Each is a link, chosen by arrow keys and Enter, too.

    Searches again when a result is deleted or edited, loses its author's name, or may no longer be seen.
    """

    def __init__(self, page: PageContext, query: str, close: Callable[[], None]) -> None:
        self._page = page
        self._close = close
        self._listing, self._searching = Newest(weakly(self._list_places)), Newest(weakly(self._search))
        self._shown = SearchResults()
        self._listed, self._found = "", ""  # the queries that the shown places and messages are for
        self._build(query)
        finalize(self, page.chat.subscribe(weakly(self._on_event), *CHANGES))
        self._show_places(query)
        if query:
            background_tasks.create(self._searching.do(query), name="search")

    def _build(self, query: str) -> None:
        tr = self._page.tr
        hint = tr("Search rooms, people or messages") if has_rooms(self._page) else tr("Search messages or people")
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
            "placeholder": hint,
            "autocomplete": "off",
            "defaultValue": query,
        }
        field = HtmlElement("input", attributes)
        self._status = HtmlElement("p", {"role": "status", "class": "found"})
        here = tr("Only in %(room)s", room=room_name(self._page, self._page.room_info))
        self._narrowing = HtmlElement("button", {"type": "button", "class": "narrow"}, here)
        listbox = {"id": RESULTS, "class": "results", "role": "listbox", "aria-label": tr("Results")}
        with HtmlElement("div", listbox) as self._results:
            self._places = HtmlElement("div", {"class": "live places", "role": "none"})
            self._messages = HtmlElement("div", {"class": "live hits", "role": "none"})
        browser.on(field, "input", emit_value, self._on_input, throttle=0.2)
        browser.on(field, "keydown", choose_result)
        browser.on(field, "vnodeMounted", place_caret)
        browser.on(self._narrowing, "click", follow_result)
        browser.on(self._results, "click", follow_result, self._open, is_asked=True)

    async def _on_input(self, event: events.GenericEventArguments) -> None:
        query = event.args if isinstance(event.args, str) else ""
        if self._page.member:
            await asyncio.gather(self._listing.do(query), self._searching.do(query))

    async def _open(self, event: events.GenericEventArguments) -> None:
        """Go to a place, or to a message."""
        self._close()
        if self._page.switcher:
            await self._page.switcher.open_link(event)
        match event.args:
            case [_, "", _]:  # a room, without a message that gets the focus
                browser.call(self._page.client, focus_room)

    async def _list_places(self, query: str) -> None:
        start = time.monotonic()
        self._show_places(query)
        await asyncio.sleep(max(PAUSE, REST * (time.monotonic() - start)))

    def _show_places(self, query: str) -> None:
        found = find_places(self._page, query)
        self._places.set("innerHTML", results.places(self._page.tr, self._page.chat.people, found))
        self._listed = query
        if any(found) or query == self._found:  # until there is something for this query, Enter waits
            self._results.set("data-query", query)
        self._show_narrowing(query)
        browser.call(self._page.client, show_places)

    def _show_narrowing(self, query: str) -> None:
        """Offer to search in the shown room only, unless the query names one, or there is only one."""
        narrowed = narrow(self._page, query)
        self._narrowing.set("hidden", not narrowed)
        self._narrowing.set("data-query", narrowed)

    async def _search(self, query: str) -> None:
        page = self._page
        render = partial(render_results, page, query, has_rooms(page))
        try:
            found = await page.chat.search.run(page.member_id, query, MAX_RESULTS + 1, render)
        except ChatError as problem:
            found = SearchResults(status=page.error_message(problem) if query.strip() else "")
        if not self._searching.is_due and not self._results.is_deleted:
            self._show(query, found)

    def _on_event(self, event: Event) -> None:
        if self._results.is_deleted:
            return
        match event:
            case MessageDeleted(message_id=message_id) | MessageEdited(message_id=message_id):
                is_shown = message_id in self._shown.ids
            case AuthorAnonymized() | HistoryCleared() | MessagesPurged() | MemberRemoved() | RoomDeleted():
                is_shown = event.room_id in self._shown.rooms
            case _:
                is_shown = False
        if is_shown or self._searching.is_working:
            background_tasks.create(self._searching.again(), name="search")

    def _show(self, query: str, shown: SearchResults) -> None:
        self._shown, self._found = shown, query
        self._status.show(shown.status)
        self._messages.set("innerHTML", shown.rows)
        if query == self._listed:  # or else the places above are for what was typed before
            self._results.set("data-query", query)
        browser.call(self._page.client, show_messages)
