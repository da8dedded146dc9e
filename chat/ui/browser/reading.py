"""In the browser: moving through the message list, and keeping the reader's place."""

from chat.ui.browser.acting import place_popover
from chat.ui.browser.dom import (
    CSS,
    JSON,
    URL,
    Element,
    Emit,
    Event,
    KeyboardEvent,
    ResizeObserver,
    addEventListener,
    clearTimeout,
    history,
    location,
    performance,
    sessionStorage,
    setTimeout,
)
from chat.ui.browser.focusing import act_on
from chat.ui.browser.folding import set_folded
from chat.ui.browser.page import every, field, focus, message, message_list, next_frame, the

PLACE, LINKED = "chat.place", "chat.linked"
STOPS = "article, [data-member]"
NEAR_END = -100  # scrollTop; nearer to the end, the list follows the newest message
PAUSE = 200  # milliseconds without scrolling after which the place is kept (Safari before 26.2 has no `scrollend`)


def walk(event: KeyboardEvent) -> None:
    """Move between messages or members with the arrow keys.

    Enter presses a member's button, Escape returns to the field; R, E and + act on the focused message.
    """
    around = event.currentTarget
    stops, here = every(around, STOPS), event.target.closest(STOPS)
    at = stops.index(here) if here else len(stops)
    steps = {"ArrowUp": at - 1, "ArrowDown": at + 1, "Home": 0, "End": len(stops)}
    if event.key == "Escape" and not around.matches(":popover-open"):
        field().focus()
    elif event.key == "Enter" and event.target.matches("li"):
        button = event.target.querySelector("button")
        if button:
            button.click()
    elif here and here.matches("article:focus-visible") and act_on(here, event):
        event.preventDefault()
    elif hasattr(steps, event.key) and stops:
        event.preventDefault()
        stop = stops[max(0, min(len(stops) - 1, steps[event.key]))]
        stop.tabIndex = -1
        stop.focus()


def first_in_sight() -> Element | None:
    top = message_list().getBoundingClientRect().top
    for article in every(message_list(), "article"):
        if article.getBoundingClientRect().bottom > top + 1:
            return article
    return None


def offset(article: Element) -> float:
    """Return how far below the top of the list a message begins, in pixels."""
    return article.getBoundingClientRect().top - message_list().getBoundingClientRect().top


def is_reading() -> bool:
    """Whether the member reads further up."""
    return message_list().scrollTop <= NEAR_END


def save_place() -> None:
    """Keep the reader's place across reloads, such as after a restart."""
    article = first_in_sight() if is_reading() else None
    if article:
        sessionStorage.setItem(PLACE, JSON.stringify([article.id[2:], round(offset(article))]))
    else:
        sessionStorage.removeItem(PLACE)


def keep_place(messages: Element, emit: Emit) -> None:
    """Emit the place kept before a reload, and keep the place from now on."""
    place, entries = sessionStorage.getItem(PLACE), performance.getEntriesByType("navigation")
    if place and entries and entries[0].type == "reload":
        emit(*JSON.parse(place))
    timer = {"id": 0}

    def save() -> None:
        timer["id"] = 0
        save_place()

    def on_scroll(event: Event) -> None:
        clearTimeout(timer["id"])
        timer["id"] = setTimeout(save, PAUSE)

    def on_leave(event: Event) -> None:
        if timer["id"]:
            save()

    messages.addEventListener("scroll", on_scroll)
    addEventListener("pagehide", on_leave)
    if hasattr(messages, "showPopover"):
        messages.addEventListener("scroll", lambda event: place_popover())
        ResizeObserver(place_popover).observe(the(".log-inner"))
    if not CSS.supports("overflow-anchor", "auto"):
        hold_still(messages)


def hold_still(messages: Element) -> None:
    """Keep the first message in sight where it is while others come and go (Safari before 27 has no scroll anchoring).

    At the very end, the list follows by itself.
    """
    held: dict[str, Element | None] = {"article": None}
    place = {"offset": 0.0}

    def remember() -> None:
        held["article"] = first_in_sight() if messages.scrollTop < -1 else None
        article = held["article"]
        if article:
            place["offset"] = offset(article)

    def correct() -> None:
        article = held["article"]
        if article and article.isConnected:
            messages.scrollTop += offset(article) - place["offset"]
        remember()

    messages.addEventListener("scroll", lambda event: remember())
    for inner in every(messages, ".log-inner"):
        ResizeObserver(correct).observe(inner)


def scroll_back(message_id: str, to: int) -> None:
    """Scroll a message to `to` pixels below the top of the list; unfold it if its folded part was being read."""
    found = message(message_id)
    if found:
        set_folded(found, -to < found.getBoundingClientRect().height)
        message_list().scrollTop += offset(found) - to


async def jump(message_id: str, mark: bool = True) -> bool:
    """Scroll to a message that the page has, and highlight it with `mark`; return whether the list is at its end."""
    found = message(message_id)
    if found:
        if mark:
            set_folded(found, False)
            highlight(found)
        fits = found.getBoundingClientRect().height < message_list().getBoundingClientRect().height
        found.scrollIntoView({"block": "center" if fits else "start"})
    # The scroll position is known a frame later, when the observers have reported.
    await next_frame()
    await next_frame()
    return message_list().scrollTop > -2


def highlight(found: Element) -> None:
    """Focus and highlight a message, and show its date, because no date may be shown near it."""
    focus(found)
    found.animate([{"backgroundColor": "var(--mark)"}, {"backgroundColor": "transparent"}], {"duration": 2500})
    time = found.querySelector(":scope > relative-time, :scope > .when > relative-time")
    if time:
        for part in ["weekday", "month", "day", "year"]:
            time.removeAttribute(part)


def linked_message(address: URL) -> str:
    """Return the message that an address of this page names, or nothing."""
    is_here = address.origin == location.origin and address.pathname == location.pathname
    return (address.searchParams.get("message") or "") if is_here else ""


def keep_linked_message(card: Element) -> None:
    """Keep the message that the address names until its reader has joined."""
    linked = linked_message(URL(location.href))
    if linked:
        sessionStorage.setItem(LINKED, linked)


def open_linked_message(room: Element, emit: Emit) -> None:
    """Emit the message that the address names, or named at the welcome card. A reload stays where the reader is."""
    linked = linked_message(URL(location.href)) or sessionStorage.getItem(LINKED)
    if linked:
        history.replaceState(None, "", location.pathname)
        emit(linked)
        sessionStorage.removeItem(LINKED)


def follow_link(event: Event, emit: Emit) -> None:
    """Emit the message that a clicked link leads to, rather than open this page once more."""
    link = event.target.closest(".text a")
    linked = linked_message(URL(link.href)) if link else ""
    if linked and not event.ctrlKey and not event.metaKey and not event.shiftKey:
        event.preventDefault()
        emit(linked)
