"""In the browser: a finger that rests on a message, which opens its menu as a sheet."""

from chat.ui.browser.dom import Element, Emit, Event, PointerEvent, clearTimeout, document, setTimeout
from chat.ui.browser.messages.message_menu import open_menu
from chat.ui.browser.page import until_left

LONG_PRESS = 450  # milliseconds
TREMBLE = 10  # pixels that a resting finger may move


def watch_long_press(messages: Element, emit: Emit) -> None:
    """Open the sheet when a finger rests on a message, and emit the message's id.

    On links, the browser has a menu of its own. After a long press, the finger that leaves clicks nothing.
    """
    press, timer = {"x": 0.0, "y": 0.0}, {"id": 0}
    state = {"is_touch": False, "was_long": False}

    def start(event: PointerEvent) -> None:
        clearTimeout(timer["id"])
        state["is_touch"], state["was_long"] = event.pointerType == "touch", False
        article = pressed_message(event)
        if state["is_touch"] and article:
            press["x"], press["y"] = event.clientX, event.clientY
            timer["id"] = setTimeout(lambda: rest(article), LONG_PRESS)

    def rest(article: Element) -> None:
        state["was_long"] = True
        open_menu(article, True)
        emit(article.id[2:])

    def move(event: PointerEvent) -> None:
        if abs(event.clientX - press["x"]) > TREMBLE or abs(event.clientY - press["y"]) > TREMBLE:
            clearTimeout(timer["id"])

    def stop(event: Event) -> None:
        clearTimeout(timer["id"])

    def on_context_menu(event: Event) -> None:
        if state["is_touch"] and pressed_message(event):
            event.preventDefault()

    def on_click(event: Event) -> None:
        if state["was_long"]:
            event.preventDefault()
            event.stopPropagation()

    document.addEventListener("pointerdown", start, until_left())
    document.addEventListener("click", on_click, until_left())
    messages.addEventListener("pointermove", move)
    messages.addEventListener("contextmenu", on_context_menu)
    for name in ["pointerup", "pointercancel"]:
        messages.addEventListener(name, stop)


def pressed_message(event: Event) -> Element | None:
    return None if event.target.closest(".text a") else event.target.closest(".log article")
