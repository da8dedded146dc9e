"""In the browser: pressing keys that were held, with what the browser itself does on them."""

from chat.ui.browser.dom import Element, KeyboardEvent, document
from chat.ui.browser.page import every, is_tab

TAB_STOPS = ":is(a[href], button, input, select, summary, textarea, [tabindex]):not(:disabled)"


def composed_key(text: str) -> KeyboardEvent:
    """Return what stands for a text that an input method has composed: a key that enters all of it."""
    return KeyboardEvent("keydown", {"key": text, "isComposing": True, "bubbles": True})


def press_again(event: KeyboardEvent) -> None:
    """Press a key where the focus is now, and do what the browser itself does on it."""
    again = KeyboardEvent("keydown", event)
    document.activeElement.dispatchEvent(again)
    target, dialog = document.activeElement, document.querySelector("dialog[open]")
    is_text = len(event.key) == 1 or event.isComposing
    if again.defaultPrevented:
        return
    if is_tab(event):
        focus_beside(target, -1 if event.shiftKey else 1)
    elif event.key == "Enter" and event.shiftKey:
        document.execCommand("insertLineBreak")
    elif event.key == "Enter" and target.matches("form input"):
        target.form.requestSubmit()
    elif event.key == "Enter" and target.matches("a, button"):
        target.click()
    elif event.key == "Enter":
        document.execCommand("insertLineBreak")
    elif event.key == "Backspace":
        document.execCommand("delete")
    elif event.key == "Escape" and dialog:
        dialog.close()
    elif is_text and target.matches("input, textarea"):
        document.execCommand("insertText", False, event.key)


def focus_beside(element: Element, step: int) -> None:
    """Focus the next element that Tab reaches, or with a step of -1 the one before; select what is in a field."""
    dialog = element.closest("dialog")
    within = dialog if dialog else document.body
    stops = [stop for stop in every(within, TAB_STOPS) if stop.tabIndex >= 0 and stop.checkVisibility()]
    at = stops.index(element) if element in stops else min(-step, 0)
    found = stops[(at + step + len(stops)) % len(stops)]
    found.focus()
    if found.matches("input"):
        found.select()
