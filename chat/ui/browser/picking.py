"""In the browser: choosing people, whose names are written in a field with suggestions below it."""

from chat.ui.browser.completing import COMPOSING, point_to, select_next
from chat.ui.browser.dom import Element, Emit, Event, KeyboardEvent, document
from chat.ui.browser.page import every, the


def emit_picked(event: Event, emit: Emit) -> None:
    """Emit the id of the person whose row or button was clicked."""
    row = event.target.closest("[data-member]")
    if row:
        emit(row.dataset.member)


def steer(event: KeyboardEvent, emit: Emit) -> None:
    """Select a person with the up and down arrows.

    Enter emits what is typed, and who is selected if the list shows that; Backspace in an empty field emits so.
    """
    area, listed, selected = event.currentTarget, every(document, "#found [role=option]"), selected_person()
    if event.isComposing or event.keyCode == COMPOSING:
        return
    if event.key in ["ArrowDown", "ArrowUp"] and listed:
        select_next(area, listed, selected, 1 if event.key == "ArrowDown" else -1)
    elif event.key == "Enter":
        is_listed = selected is not None and the("#found").dataset.query == area.value
        emit("enter", area.value, selected.dataset.member if selected and is_listed else "")
    elif event.key == "Backspace" and area.value == "":
        emit("backspace", "", "")
    else:
        return
    event.preventDefault()


def selected_person() -> Element | None:
    return document.querySelector("#found [aria-selected=true]")


def show_found() -> None:
    """Tell assistive technology who is selected in the list."""
    area = document.querySelector(".picker input")
    if area:
        point_to(selected_person(), area)


def empty_picker() -> None:
    """Empty the field for the next name, and keep the focus there."""
    area = the(".picker input")
    area.value = ""
    area.focus()
