"""In the browser: URLs of rooms and messages, `room/SLUG#m-ID`, and the links to them."""

from chat.ui.browser.composing.storing import SESSION, drop, keep, kept
from chat.ui.browser.dom import JSON, URL, Element, Emit, Event, addEventListener, document, history, location, window
from chat.ui.browser.holding import ask
from chat.ui.browser.messages.placing import save_place
from chat.ui.browser.page import every, form

LINKED = "chat.linked"
ROOM_PATHS = ["room", "direct"]


def linked(url: URL) -> list[str]:
    """Return the room's path and the message that a URL names, either may be empty; nothing for other URLs.

    Earlier versions named a message in the query.
    """
    base = URL(document.baseURI)
    if url.origin != base.origin or not url.pathname.startswith(base.pathname):
        return []
    path = url.pathname[len(base.pathname) :]
    if path and path.split("/")[0] not in ROOM_PATHS:
        return []
    by_hash = url.hash[3:] if url.hash.startswith("#m-") else ""
    return [path, by_hash or url.searchParams.get("message") or ""]


def keep_linked(card: Element) -> None:
    """Keep the room and the message that the URL names until its reader has joined."""
    found = linked(URL(location.href))
    if len(found) and (found[0] or found[1]):
        keep(SESSION, LINKED, JSON.stringify(found))


def follow_url(room: Element, emit: Emit) -> None:
    """Emit what the URL names, or named at the welcome card, and follow it as the member goes back and forward.

    A reload stays where the reader is.
    """
    found, saved = linked(URL(location.href)), JSON.parse(kept(SESSION, LINKED))
    drop(SESSION, LINKED)
    if saved:
        emit(saved[0], saved[1], "replace")
    elif len(found) and found[1]:
        history.replaceState(None, "", location.pathname)
        emit(found[0], found[1], "keep")

    def on_move(event: Event) -> None:
        there = linked(URL(location.href))
        if len(there):
            save_place()
            ask(emit, [there[0], there[1], "keep"], focused_after(there))

    def open_room(path: str) -> None:
        there = linked(URL(document.baseURI + path))
        save_place()
        ask(emit, [there[0], there[1], "push"], focused_after(there))

    addEventListener("popstate", on_move)
    window.open_room = open_room


def follow_link(event: Event, emit: Emit) -> None:
    """Emit the room and the message that a clicked link leads to, rather than load a page."""
    link = event.target.closest(".text a, .rooms a, .results a")
    found = linked(URL(link.href)) if link else []
    if link and len(found) and not event.ctrlKey and not event.metaKey and not event.shiftKey:
        event.preventDefault()
        save_place()
        close_drawer(link)
        ask(emit, [found[0], found[1], "push"], focused_after(found))


def focused_after(found: list[str]) -> str:
    """Return a selector of the focus that a link leads to, if it is another than that of a room."""
    return "article:focus" if found[1] else ""


def close_drawer(link: Element) -> None:
    drawer = link.closest(".roster")
    if drawer and hasattr(drawer, "hidePopover") and drawer.matches(":popover-open"):
        drawer.hidePopover()


def show_url(path: str, is_new: bool) -> None:
    """Show the URL of the room, as a new one to which the browser can go back, or in place of the last one."""
    if is_new:
        history.pushState(None, "", path)
    else:
        history.replaceState(None, "", path)


def mark_current(rooms: Element) -> None:
    """Mark the link to the shown room."""
    current = form().dataset.room
    for link in every(rooms, "[data-room]"):
        if link.dataset.room == current:
            link.setAttribute("aria-current", "page")
        else:
            link.removeAttribute("aria-current")


def mark_current_anywhere() -> None:
    for rooms in every(document, ".rooms"):
        mark_current(rooms)
