"""The results of a search, rendered."""

from dataclasses import dataclass, replace

from chat.domain.messages.search import MAX_RESULTS, Hit, mark
from chat.i18n.translator import Translator
from chat.state.search.search import Found
from chat.text.markup.renderer import mask_spoilers, to_plain
from chat.text.searchable import TEXT_FORMS
from chat.ui.html import results
from chat.ui.names import room_name
from chat.ui.page_context import PageContext
from chat.web.paths import room_path

CONTEXT = 300  # characters before the first match, and as many after


@dataclass(frozen=True, slots=True)
class SearchResults:
    """Found messages as HTML `rows`, a `status` line, and the ids of the messages and their rooms."""

    rows: str = ""
    status: str = ""
    ids: frozenset[str] = frozenset()
    rooms: frozenset[str] = frozenset()


def render_results(page: PageContext, query: str, names_rooms: bool, found: Found) -> SearchResults:
    """Render in the search's thread: it may look things up, but the chat changes meanwhile."""
    shown = [(hit, room) for hit in found.hits[:MAX_RESULTS] if (room := page.chat.directory.get(hit.message.room))]
    rows = (
        (_without_markup(hit, query), room_path(room), room_name(page, room) if names_rooms else "")
        for hit, room in shown
    )
    return SearchResults(
        results.messages(page.tr, rows),
        _count(page.tr, found),
        frozenset(hit.message.id for hit, _ in shown),
        frozenset(room.id for _, room in shown),
    )


def _count(tr: Translator, found: Found) -> str:
    count = len(found.hits)
    if count > MAX_RESULTS:
        return tr("More than %(count)s messages found. Showing the newest.", count=tr.number(MAX_RESULTS))
    text = tr.plural("%(count)s message found", "%(count)s messages found", count) if count else tr("No messages found")
    if found.is_complete:
        return text
    limit = tr.plural("Searched the newest %(count)s room", "Searched the newest %(count)s rooms", found.rooms)
    return f"{text} · {limit}"


def _without_markup(hit: Hit, query: str) -> Hit:
    """Cut the text around the first match and remove its markup, unless only the markup matches the query.

    Where only a spoiler matches, it stays hidden.
    """
    start = max(0, hit.marks[0][0] - CONTEXT) if hit.marks else 0
    masked = mask_spoilers(hit.message.searchable)
    text = to_plain(masked[start : start + 2 * CONTEXT], 2 * CONTEXT)
    marks = mark(text, query, TEXT_FORMS)
    is_raw = hit.marks and not marks and masked == hit.message.searchable
    return hit if is_raw else Hit(replace(hit.message, text=text, attachments=()), marks)  # it names the files
