"""In the browser: the keys of the search, whose results are chosen while the focus stays in its field."""

from chat.ui.browser.completing import COMPOSING, point_to, select_next
from chat.ui.browser.dom import Element, KeyboardEvent, document
from chat.ui.browser.page import every, is_touch_screen, the


def place_caret(area: Element) -> None:
    """Put the caret behind the words that the search was opened with."""
    area.setSelectionRange(len(area.value), len(area.value))


def enter_list(items: Element) -> None:
    """Focus the first link of a list that has just come, unless another one of them has the focus."""
    first = items.querySelector("a")
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
        area.dataset.entered = area.value
        open_result()
    else:
        return
    event.preventDefault()


def selected_result() -> Element | None:
    return document.querySelector("#results [aria-selected=true]")


def show_results() -> None:
    """Tell assistive technology which result is selected, and open it if Enter was pressed before it came."""
    area, selected = document.querySelector(".searchbox"), selected_result()
    if area:
        area.setAttribute("aria-expanded", "true" if selected else "false")
        point_to(selected, area)
        open_result()


def open_result() -> None:
    """Open the selected result if Enter was pressed after what was typed last, and this is a result for that."""
    area, selected = the(".searchbox"), selected_result()
    entered = getattr(area.dataset, "entered", None)
    if selected and entered == area.value and entered == the("#results").dataset.query:
        selected.click()
