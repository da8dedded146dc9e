"""In the browser: closing a dialog by a click outside."""

from chat.ui.browser.dom import Element, PointerEvent
from chat.ui.browser.page import every


def note_press(event: PointerEvent) -> None:
    """Note whether a press began outside the dialog: a selection of text that ends there doesn't close it."""
    dialog = event.currentTarget
    dialog.dataset.pressed = "outside" if is_outside(dialog, event) else "inside"


def close_outside(event: PointerEvent) -> None:
    """Close the dialog by a click outside, unless a form in it has typed text, which would be lost."""
    dialog = event.currentTarget
    began_outside = getattr(dialog.dataset, "pressed", "") == "outside"
    if began_outside and is_outside(dialog, event) and not has_typed_text(dialog):
        dialog.close()


def is_outside(dialog: Element, event: PointerEvent) -> bool:
    """Whether an event is on the backdrop, which is a part of the dialog, too."""
    box, x, y = dialog.getBoundingClientRect(), event.clientX, event.clientY
    is_beside = x < box.left or x > box.right or y < box.top or y > box.bottom
    return event.target is dialog and is_beside


def has_typed_text(dialog: Element) -> bool:
    fields = every(dialog, "form input:not([type=checkbox], [type=radio]), form textarea")
    changed = [field for field in fields if field.value != field.defaultValue]
    return len(changed) > 0
