"""In the browser: holding keys that are pressed before their target is here.

The server builds dialogs, other rooms and the texts of edits. Without this, what is typed on a slow line before they
are here would go to the field that has the focus still, and Enter would send it there. So keys are held from the moment
that something of that kind was asked for, and pressed again once the server has answered.
"""

from typing import Any

from chat.ui.browser.dom import (
    CompositionEvent,
    Emit,
    Event,
    KeyboardEvent,
    addEventListener,
    clearTimeout,
    document,
    setTimeout,
    window,
)
from chat.ui.browser.page import form, is_search_key, is_tab
from chat.ui.browser.retyping import composed_key, press_again

HELD_KEYS = ["Enter", "Backspace", "Escape", "ArrowUp", "ArrowDown"]  # besides Tab and those of letters
LONGEST_HOLD = 5000  # milliseconds


def ask(emit: Emit, values: list[Any], leads_to: str = "") -> None:
    """Emit values, and hold keys until the server has answered. Without a connection, that may take long.

    If the answer doesn't show what matches the selector `leads_to`, it was refused.
    """
    if window.did_handshake and window.socket.connected:
        values.append({"held": hold(leads_to)})
    emit(*values)


def ask_before(event: KeyboardEvent, emit: Emit, values: list[Any]) -> None:
    """Emit what the server answers, and press a key after that, before those that were pressed later."""
    ask(emit, values)
    window.held["keys"].insert(0, event)


def hold(leads_to: str = "") -> int:
    """Hold the keys that are pressed from now on, and return the number by which they are released."""
    if not hasattr(window, "held"):
        window.held = {"asked": [], "keys": [], "count": 0, "timer": 0, "room": "", "text": "", "typed": False}
        addEventListener("keydown", hold_key, {"capture": True})
        addEventListener("compositionstart", note_composition, {"capture": True})
        addEventListener("compositionend", hold_composed, {"capture": True})
        addEventListener("pointerdown", give_up, {"capture": True})
    held = window.held
    held["count"] += 1
    held["room"], held["text"], held["typed"] = shown_room(), shown_text(), False
    held["leads_to"] = leads_to
    held["asked"].append(held["count"])
    clearTimeout(held["timer"])
    held["timer"] = setTimeout(give_up, LONGEST_HOLD)
    count: int = held["count"]
    return count


def shown_room() -> str:
    return form().dataset.room if document.querySelector("#composer textarea") else ""


def shown_text() -> str:
    area = document.querySelector("#composer textarea")
    return area.value if area else ""


def hold_key(event: KeyboardEvent) -> None:
    if not window.held["asked"] or not event.isTrusted or not is_held(event):
        return
    if event.key == "Escape" and document.querySelector("dialog[open]"):
        window.held["asked"], window.held["keys"] = [], []  # they were for the dialog
        return
    event.preventDefault()
    event.stopImmediatePropagation()
    window.held["keys"].append(event)


def is_held(event: KeyboardEvent) -> bool:
    """Whether a key is for what was asked for: not shortcuts of the browser, or keys of an input method."""
    is_shortcut = (event.ctrlKey or event.metaKey) and not event.getModifierState("AltGraph")
    is_for_field = len(event.key) == 1 or event.key in HELD_KEYS or is_tab(event)
    return is_search_key(event) or (is_for_field and not is_shortcut and not event.isComposing)


def note_composition(event: CompositionEvent) -> None:
    """Note what a field has before an input method composes a text in it that is for what was asked for."""
    held, area = window.held, event.target
    is_early = held["asked"] and area.matches("input, textarea")
    held["before"] = [area.value, area.selectionStart, area.selectionEnd] if is_early else []


def hold_composed(event: CompositionEvent) -> None:
    """Take a composed text out of the field again: unlike the keys, it can't be kept from getting there."""
    held, area = window.held, event.target
    if held["asked"] and held["before"]:
        value, start, end = held["before"]
        area.value = value
        area.setSelectionRange(start, end)
        area.dispatchEvent(Event("input", {"bubbles": True}))
        if event.data:
            held["keys"].append(composed_key(event.data))


def release(number: int) -> None:
    """Press the held keys again, unless something else was asked for that isn't here yet."""
    held = window.held
    asked, leads_to = held["asked"], held["leads_to"]
    if number not in asked:
        return
    asked.remove(number)
    is_refused = leads_to and document.querySelector(leads_to) is None
    if is_refused and not asked:
        give_up()
    else:
        press_held()


def release_in_room() -> None:
    """Press the held keys again if another room was all that was asked for: it is here before the answer."""
    if not hasattr(window, "held") or document.querySelector("dialog[open]"):
        return
    held = window.held
    if len(held["asked"]) == 1 and not held["leads_to"] and held["room"] != shown_room():
        held["asked"] = []
        press_held()


def give_up(event: Event | None = None) -> None:
    """Press the held keys where the focus is, but send nothing.

    What was asked for was refused, there was no answer, or the member has gone on by pointer.
    """
    if not hasattr(window, "held"):
        return
    window.held["asked"], window.held["keys"] = [], sending_nothing(window.held["keys"])
    press_held()


def sending_nothing(keys: list[KeyboardEvent]) -> list[KeyboardEvent]:
    """Return keys without Escape, and without Enter but for one between letters, which becomes a line break."""
    left: list[KeyboardEvent] = []
    is_line_over = False
    for key in keys:
        if key.key == "Enter":
            is_line_over = len(left) > 0
        elif key.key != "Escape":
            if is_line_over:
                left.append(KeyboardEvent("keydown", {"key": "Enter", "shiftKey": True}))
            left.append(key)
            is_line_over = False
    return left


def press_held() -> None:
    """Press the held keys until one of them asks for something itself."""
    held = window.held
    asked, keys = held["asked"], held["keys"]
    while keys and not asked:
        event = keys.pop(0)
        held["typed"] = held["typed"] or len(event.key) == 1 or event.isComposing
        if event.key != "Enter" or not is_impatient():
            press_again(event)
        asked = held["asked"]


def is_impatient() -> bool:
    """Whether Enter was only pressed once more: it would send what was left unsent in a room long before."""
    held = window.held
    if held["typed"] or not document.activeElement.matches("#composer textarea"):
        return False
    is_elsewhere: bool = held["room"] != shown_room()
    is_unchanged: bool = held["text"] == shown_text()
    return is_elsewhere or is_unchanged
