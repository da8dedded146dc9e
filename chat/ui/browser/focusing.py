"""In the browser: where the focus rests, so that what is typed next reaches the field.

The page notes whether its member moves about by pointer or by keys (`data-moves` of the root element). After an action
by pointer the focus returns to the field; after one by keys it stays where the member was.
"""

from chat.ui.browser.dom import Element, Event, KeyboardEvent, document
from chat.ui.browser.page import every, field, form, is_focus_lost, is_touch_screen

CONTROLS = "input, textarea, select, emoji-picker, dialog, .menu, #person, #reactions"
MOVES = ["Tab", "ArrowUp", "ArrowDown", "Home", "End"]


def watch_focus() -> None:
    """Note how the member moves about, and give the focus back when something closes."""
    root = document.documentElement

    def on_pointer(event: Event) -> None:
        root.dataset.moves = "pointer"

    def on_key(event: KeyboardEvent) -> None:
        is_leaving_field = event.code == "Tab" and (event.shiftKey or not event.defaultPrevented)
        is_moving = event.key in MOVES and not event.target.matches("input, textarea")
        if is_leaving_field or is_moving:
            root.dataset.moves = "keys"

    def on_focus(event: Event) -> None:
        if event.target.matches("#composer textarea"):
            # A closed dialog gives the focus back without the caret, and then Chromium drops what is typed.
            event.target.setSelectionRange(event.target.selectionStart, event.target.selectionEnd)
        if not is_moving_by_pointer() and hasattr(event.target, "showPopover"):
            leave_popovers(event.target)

    def on_toggle(event: Event) -> None:
        if event.newState == "closed" and event.target.matches("[popover]"):
            rest_focus()

    document.addEventListener("pointerdown", on_pointer, True)
    document.addEventListener("keydown", on_key)
    document.addEventListener("toggle", on_toggle, True)
    document.addEventListener("focusin", on_focus)


def leave_popovers(target: Element) -> None:
    """Close popovers that Tab has left for `target`, which they might cover."""
    for popover in every(document, ":popover-open"):
        if not target.closest(":popover-open"):
            popover.hidePopover()


def is_moving_by_pointer() -> bool:
    return getattr(document.documentElement.dataset, "moves", "") == "pointer"


def rest_focus() -> None:
    """Give the focus back to the field after an action by pointer, from a button or if nothing has it.

    Not on touch screens, where a keyboard would open.
    """
    active = document.activeElement
    area = document.querySelector("#composer textarea")
    is_free = is_focus_lost() or active.matches("button, [role=button], a, .log")
    if not area or not is_moving_by_pointer() or is_touch_screen() or document.querySelector("dialog[open]"):
        return
    if is_free:
        area.focus({"preventScroll": True})


def take_key(event: KeyboardEvent) -> None:
    """Let a key that is pressed outside of fields and dialogs reach the field, if it stands for text.

    Space presses a button that was reached by keys. Keys of an input method count as text.
    """
    target = event.target
    is_text = len(event.key) == 1 or event.key in ["Dead", "Process"]
    is_shortcut = (event.ctrlKey or event.metaKey) and not event.getModifierState("AltGraph")
    is_elsewhere = target.closest(CONTROLS) or document.querySelector("dialog[open]")
    is_press = event.key == " " and target.closest("button, a, [tabindex]") and not is_moving_by_pointer()
    if is_text and not is_shortcut and not is_elsewhere and not is_press:
        field().focus()


def act_on(article: Element, event: KeyboardEvent) -> bool:
    """Reply to, edit, react to or mark as unread the focused message by R, E, + or U; return whether the key does that.

    Keyboards of other scripts have the letters in the same place.
    """
    commands = {"r": "--reply", "e": "--edit", "+": "--react", "u": "--mark-unread"}
    places = {"KeyR": "r", "KeyE": "e", "KeyU": "u"}
    key = event.key.lower()
    if key > "~":
        key = getattr(places, event.code, key)
    if not hasattr(commands, key) or event.ctrlKey or event.metaKey or event.altKey:
        return False
    if is_moving_by_pointer():
        return False
    button = article.querySelector(f":scope > .acts [command='{commands[key]}']")
    is_own = article.dataset.author == form().dataset.owner
    if not button or (key == "e" and not is_own):
        return False
    button.click()
    return True
