"""In the browser: choosing people, whose names are written in a field with suggestions below it."""

from chat.ui.browser.composing.completing import COMPOSING, point_to, select_next
from chat.ui.browser.dom import Element, Emit, Event, KeyboardEvent, document
from chat.ui.browser.holding import ask
from chat.ui.browser.page import every, the


def emit_picked(event: Event, emit: Emit) -> None:
    """Emit the id of the person whose row was clicked, and empty the field for the next name."""
    row = event.target.closest("[data-member]")
    if row:
        take_typed()
        emit(row.dataset.member)


def emit_dropped(event: Event, emit: Emit) -> None:
    """Emit the id of the chosen person whose button was clicked; what is typed stays."""
    button = event.target.closest("[data-member]")
    if button:
        picker().focus()
        emit(button.dataset.member)


def steer(event: KeyboardEvent, emit: Emit) -> None:
    """Select a person with the up and down arrows.

    Enter emits what is typed, and who is selected if the list shows that, and empties the field immediately: the next
    name may be typed before the server has answered. With nothing typed, Enter leads to the room, and Backspace emits
    so.
    """
    area, listed, selected = event.currentTarget, every(document, "#found [role=option]"), selected_person()
    if event.isComposing or event.keyCode == COMPOSING:
        return
    if event.key in ["ArrowDown", "ArrowUp"] and listed:
        select_next(area, listed, selected, 1 if event.key == "ArrowDown" else -1)
    elif event.key == "Enter":
        is_listed = selected is not None and the("#found").dataset.query == area.value
        chosen = selected.dataset.member if selected and is_listed else ""
        if chosen or area.value.trim():
            emit("enter", take_typed(), chosen)
        else:
            ask(emit, ["enter", "", ""])
    elif event.key == "Backspace" and area.value == "":
        emit("backspace", "", "")
    else:
        return
    event.preventDefault()


def selected_person() -> Element | None:
    return document.querySelector("#found [aria-selected=true]")


def picker() -> Element:
    return the(".picker input")


def take_typed() -> str:
    """Empty the field, keep the focus there, and return what was typed."""
    area = picker()
    typed = area.value
    area.value = ""
    area.focus()
    return typed


def give_back(typed: str) -> None:
    """Put a name that was refused back into the field, unless the next one is already being typed."""
    area = picker()
    area.value = area.value or typed


def show_found() -> None:
    """Tell assistive technology which person is selected in the list."""
    area = document.querySelector(".picker input")
    if area:
        point_to(selected_person(), area)
