"""In the browser: files that are dropped anywhere on the page."""

from chat.ui.browser.composing.attaching import attach
from chat.ui.browser.dom import DragEvent, Element, document
from chat.ui.browser.page import field, until_left


def watch_drags() -> None:
    """Attach files that are dropped, and show that they may be while they are over the page.

    The next element is entered before the last one is left. Which one that is, Safari doesn't tell (WebKit's bug 66547,
    fixed in 2026).
    """
    over: dict[str, Element | None] = {"element": None}
    shown = document.documentElement.dataset

    def on_enter(event: DragEvent) -> None:
        over["element"] = event.target

    def on_over(event: DragEvent) -> None:
        if has_files(event):
            event.preventDefault()
            shown.dropping = "files"

    def on_leave(event: DragEvent) -> None:
        if event.target is over["element"]:
            del shown.dropping

    def on_drop(event: DragEvent) -> None:
        if has_files(event):
            event.preventDefault()
            del shown.dropping
            attach(event.dataTransfer.files)
            field().focus()

    document.addEventListener("dragenter", on_enter, until_left())
    document.addEventListener("dragover", on_over, until_left())
    document.addEventListener("dragleave", on_leave, until_left())
    document.addEventListener("drop", on_drop, until_left())


def has_files(event: DragEvent) -> bool:
    is_field_open = not field().matches(":disabled") and not document.querySelector("dialog[open]")
    return is_field_open and event.dataTransfer.types.includes("Files")
