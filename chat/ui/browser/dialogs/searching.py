"""In the browser: the keys of the search, whose results are chosen while the focus stays in its field."""

from chat.ui.browser.composing.completing import COMPOSING, point_to, select_next
from chat.ui.browser.dom import Element, Emit, Event, KeyboardEvent, document
from chat.ui.browser.holding import ask, hold, release
from chat.ui.browser.navigation.linking import follow_link
from chat.ui.browser.page import every, is_touch_screen, the


def place_caret(area: Element) -> None:
    """Put the caret behind the words that the search was opened with."""
    area.setSelectionRange(len(area.value), len(area.value))


def note_link(items: Element) -> None:
    """Remember which link of a list has the focus, before its links are replaced."""
    here = document.activeElement
    items.dataset.focused = here.href if items.contains(here) else ""


def enter_list(items: Element) -> None:
    """Focus the link of a list that had the focus before the list changed, or else the first one."""
    focused = getattr(items.dataset, "focused", "")
    before = [link for link in every(items, "a") if link.href == focused]
    first = before[0] if before else items.querySelector("a")
    if first and not items.contains(document.activeElement):
        first.focus()


def choose_result(event: KeyboardEvent) -> None:
    """Select a result with the up and down arrows, and open it with Enter, if need be once the results are there.

    On touch screens, Enter closes the keyboard, which covers the results.
    """
    area = event.currentTarget
    results, selected = every(document, "#results [role=option]"), selected_result()
    if event.isComposing or event.keyCode == COMPOSING:
        return
    if event.key in ["ArrowDown", "ArrowUp"] and results:
        select_next(area, results, selected, 1 if event.key == "ArrowDown" else -1)
    elif event.key == "Enter" and is_touch_screen():
        area.blur()
    elif event.key == "Enter":
        area.dataset.entered, area.dataset.held = area.value, str(hold())
        open_result()
    else:
        return
    event.preventDefault()


def follow_result(event: Event, emit: Emit) -> None:
    """Emit where the clicked result leads: to a person, or to a room and a message; or search for its query."""
    result = event.target.closest("[role=option], .narrow")
    if not result:
        return
    if hasattr(result.dataset, "query"):
        seek(result.dataset.query)
    elif hasattr(result.dataset, "person"):
        ask(emit, ["person", result.dataset.person])
    else:
        follow_link(event, emit)


def seek(query: str) -> None:
    """Search for a query as if it had been typed."""
    area = the(".searchbox")
    area.value = query
    area.focus()
    place_caret(area)
    area.dispatchEvent(Event("input", {"bubbles": True}))


def selected_result() -> Element | None:
    return document.querySelector("#results [aria-selected=true]")


def show_places() -> None:
    """Select the first result for what was typed."""
    selected = selected_result()
    if selected:
        selected.setAttribute("aria-selected", "false")
    show_messages()


def show_messages() -> None:
    """Select the first result unless another is selected, tell assistive technology which one is, and open it.

    It is opened if Enter was pressed before it came.
    """
    area, results = document.querySelector(".searchbox"), every(document, "#results [role=option]")
    if not area:
        return
    if len(results) and not selected_result():
        results[0].setAttribute("aria-selected", "true")
        results[0].scrollIntoView({"block": "nearest"})
    selected = selected_result()
    area.setAttribute("aria-expanded", "true" if selected else "false")
    point_to(selected, area)
    listed = the("#results").dataset
    listed.selected = getattr(listed, "query", "")
    open_result()


def open_result() -> None:
    """Open the selected result if Enter was pressed after what was typed last, and it was selected for that.

    The keys that were pressed since are for the room it leads to or, if nothing was found, for the field.
    """
    area, selected = the(".searchbox"), selected_result()
    entered = getattr(area.dataset, "entered", None)
    if entered == area.value and entered == getattr(the("#results").dataset, "selected", None):
        area.dataset.entered = "\n"  # so that nothing else is opened that comes later
        if selected:
            selected.click()
        release(int(area.dataset.held))
