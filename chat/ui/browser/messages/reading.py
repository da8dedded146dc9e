"""In the browser: moving through the message list."""

from chat.ui.browser.dom import Element, Emit, Event, KeyboardEvent
from chat.ui.browser.focusing import act_on, is_moving_by_pointer, rest_focus
from chat.ui.browser.messages.folding import set_folded
from chat.ui.browser.page import every, field, focus, message, message_list, newest_message, next_frame

STOPS = "article, .person"
AT_END = -2  # scrollTop; a zoomed page may stop within a pixel of the end


def walk(event: KeyboardEvent) -> None:
    """Move between messages or members with the arrow keys.

    Escape returns to the field; R, E, U and + act on the focused message.
    """
    if event.defaultPrevented or (event.target.matches("input") and event.key != "Escape"):
        return
    around = event.currentTarget
    stops = [stop for stop in every(around, STOPS) if stop.checkVisibility()]
    here = event.target.closest(STOPS)
    at = stops.index(here) if here else len(stops)
    steps = {"ArrowUp": at - 1, "ArrowDown": at + 1, "Home": 0, "End": len(stops)}
    if event.key == "Escape" and not around.matches(":popover-open"):
        field().focus()
    elif here and here.matches("article:focus-visible") and act_on(here, event):
        event.preventDefault()
    elif hasattr(steps, event.key) and stops:
        event.preventDefault()
        stop = stops[max(0, min(len(stops) - 1, steps[event.key]))]
        stop.tabIndex = -1
        stop.focus()


def note_end() -> None:
    """Note on the list that it isn't at its end: the style sheet then shows the button that leads there."""
    data, is_up = message_list().dataset, message_list().scrollTop < AT_END
    if is_up and not hasattr(data, "scrolled"):
        data.scrolled = "up"
    elif not is_up:
        del data.scrolled


def go_down(event: Event, emit: Emit) -> None:
    """Scroll to the end. The button disappears: after a click the field gets its focus, else the newest message."""
    newest = newest_message()
    message_list().scrollTop = 0
    focus(newest if newest and not is_moving_by_pointer() else message_list())
    rest_focus()
    emit()


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
    return message_list().scrollTop > AT_END


def highlight(found: Element) -> None:
    """Focus and highlight a message."""
    focus(found)
    found.animate([{"backgroundColor": "var(--mark)"}, {"backgroundColor": "transparent"}], {"duration": 2500})
