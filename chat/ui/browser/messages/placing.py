"""In the browser: keeping the reader's place in the message list."""

from chat.ui.browser.composing.storing import SESSION, drop, keep, kept
from chat.ui.browser.dom import (
    CSS,
    JSON,
    Element,
    Emit,
    Event,
    ResizeObserver,
    addEventListener,
    clearTimeout,
    performance,
    setTimeout,
)
from chat.ui.browser.messages.acting import place_popover
from chat.ui.browser.messages.folding import set_folded, unfolded
from chat.ui.browser.messages.reading import note_end
from chat.ui.browser.page import every, form, is_reading, message, message_list, the, until_left

PLACE = "chat.place."
PAUSE = 200  # milliseconds without scrolling after which the place is kept (Safari before 26.2 has no `scrollend`)


def save_place() -> None:
    """Keep the reader's place in this room, for a reload or until the member comes back to it."""
    article = first_in_sight() if is_reading() else None
    if article:
        place = [article.id[2:], round(offset(article)), form().dataset.owner, unfolded()]
        keep(SESSION, place_key(), JSON.stringify(place))
    else:
        drop(SESSION, place_key())


def place_key() -> str:
    return PLACE + form().dataset.room


def return_to_place() -> None:
    """Scroll to the place that was kept last, if the member is still reading there."""
    place = JSON.parse(kept(SESSION, place_key()))
    if place and place[2] == form().dataset.owner and is_reading():
        scroll_back(place[0], place[1])


def keep_place(messages: Element, emit: Emit) -> None:
    """Emit the place the member had in this room before, and keep the place from now on."""
    place, data = JSON.parse(kept(SESSION, place_key())), form().dataset
    if place and place[2] == data.owner and (hasattr(data, "switched") or is_loaded_again()):
        messages.dataset.unfolded = place[3] or ""
        emit(place[0], place[1])
    timer = {"id": 0}

    def save() -> None:
        timer["id"] = 0
        if messages.isConnected:
            save_place()

    def on_scroll(event: Event) -> None:
        clearTimeout(timer["id"])
        timer["id"] = setTimeout(save, PAUSE)

    def on_leave(event: Event) -> None:
        if timer["id"]:
            save()

    def on_move() -> None:
        note_end()
        if hasattr(messages, "showPopover"):
            place_popover()

    messages.addEventListener("scroll", on_scroll)
    messages.addEventListener("scroll", lambda event: on_move())
    addEventListener("pagehide", on_leave, until_left())
    ResizeObserver(on_move).observe(the(".log-inner"))
    if not CSS.supports("overflow-anchor", "auto"):
        hold_still(messages)


def is_loaded_again() -> bool:
    """Whether the browser reloaded the page, or the chat led back to it, as it does to change the language."""
    entries = performance.getEntriesByType("navigation")
    return bool(entries and (entries[0].type == "reload" or entries[0].redirectCount > 0))


def hold_still(messages: Element) -> None:
    """Keep the first message in sight where it is while others come and go, and the list is higher or less high.

    Safari before 27 has no scroll anchoring. At the very end, the list follows by itself.
    """
    held: dict[str, Element | None] = {"article": None}
    place = {"offset": 0.0, "top": 0.0}

    def remember() -> None:
        place["top"] = messages.scrollTop
        held["article"] = first_in_sight() if messages.scrollTop < -1 else None
        article = held["article"]
        if article:
            place["offset"] = offset(article)

    def correct() -> None:
        article = held["article"]
        if article and article.isConnected:
            messages.scrollTop += offset(article) - place["offset"]
        remember()

    def on_scroll(event: Event) -> None:
        # The event of a correction comes late: what is held may have moved again, to be corrected in a moment.
        if messages.scrollTop != place["top"]:
            remember()

    messages.addEventListener("scroll", on_scroll)
    observer = ResizeObserver(correct)
    observer.observe(messages)  # a line above the field, or a higher field, takes some of its height
    observer.observe(the(".log-inner"))


def scroll_back(message_id: str, to: int) -> None:
    """Scroll a message to `to` pixels below the top of the list; unfold it if its folded part was being read."""
    found = message(message_id)
    if found:
        if -to >= found.getBoundingClientRect().height:
            set_folded(found, False)
        message_list().scrollTop += offset(found) - to


def first_in_sight() -> Element | None:
    top = message_list().getBoundingClientRect().top
    for article in every(message_list(), "article"):
        if article.getBoundingClientRect().bottom > top + 1:
            return article
    return None


def offset(article: Element) -> float:
    """Return how far below the top of the list a message begins, in pixels."""
    return article.getBoundingClientRect().top - message_list().getBoundingClientRect().top
