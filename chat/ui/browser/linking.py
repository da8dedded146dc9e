"""In the browser: links to messages."""

from chat.ui.browser.dom import URL, Element, Emit, Event, history, location
from chat.ui.browser.storing import SESSION, drop, keep, kept

LINKED = "chat.linked"


def linked_message(address: URL) -> str:
    """Return the message that an address of this page names, or nothing."""
    is_here = address.origin == location.origin and address.pathname == location.pathname
    return (address.searchParams.get("message") or "") if is_here else ""


def keep_linked_message(card: Element) -> None:
    """Keep the message that the address names until its reader has joined."""
    linked = linked_message(URL(location.href))
    if linked:
        keep(SESSION, LINKED, linked)


def open_linked_message(room: Element, emit: Emit) -> None:
    """Emit the message that the address names, or named at the welcome card. A reload stays where the reader is."""
    linked = linked_message(URL(location.href)) or kept(SESSION, LINKED)
    if linked:
        history.replaceState(None, "", location.pathname)
        drop(SESSION, LINKED)
        emit(linked)


def follow_link(event: Event, emit: Emit) -> None:
    """Emit the message that a clicked link leads to, rather than open this page once more."""
    link = event.target.closest(".text a")
    linked = linked_message(URL(link.href)) if link else ""
    if linked and not event.ctrlKey and not event.metaKey and not event.shiftKey:
        event.preventDefault()
        emit(linked)
