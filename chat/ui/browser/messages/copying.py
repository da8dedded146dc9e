"""In the browser: copying, and saying so."""

from chat.ui.browser.dom import Data, Date, Element, Event, document, window
from chat.ui.browser.focusing import rest_focus
from chat.ui.browser.page import next_frame, the

PATIENCE = 5000  # milliseconds, as long as browsers let a click copy


async def copy_source(data: Data) -> None:
    """Copy the text of the menu's message, for which the server was asked when the menu opened."""
    message_id, end = data.message, Date.now() + PATIENCE
    while data.message == message_id and not hasattr(data, "text") and Date.now() < end:
        await next_frame()
    await copy_and_say(getattr(data, "text", "") if data.message == message_id else "")


async def copy_code(event: Event) -> None:
    """Copy the code beside a button."""
    button = event.target.closest("pre > .copy")
    code = button.parentElement.querySelector("code") if button else None
    if code:
        await copy_and_say(code.textContent.rstrip("\n"))
        rest_focus()


async def copy_and_say(text: str) -> None:
    """Copy a text, and say whether that was possible, for a moment."""
    texts = the("#toast").dataset
    is_copied = text != "" and (await write_clipboard(text))
    say(texts.done if is_copied else texts.failed)


def say_all_read() -> None:
    say(the("#toast").dataset.read)


def say(text: str) -> None:
    """Show a text for as long as it takes to read it."""
    line = document.createElement("span")
    line.textContent = text
    line.style.animationDelay = f"{2 + len(text) // 20}s"
    line.addEventListener("animationend", lambda event: line.remove())
    the("#toast").replaceChildren(line)


async def write_clipboard(text: str) -> bool:
    """Put a text on the clipboard, and return whether that worked."""
    clipboard = window.navigator.clipboard
    if clipboard:
        try:
            await clipboard.writeText(text)
        except Exception:
            return write_clipboard_by_selection(text)
        return True
    return write_clipboard_by_selection(text)


def write_clipboard_by_selection(text: str) -> bool:
    """Put a text on the clipboard without TLS, where browsers have no `navigator.clipboard`."""
    focused, area = document.activeElement, document.createElement("textarea")
    area.className, area.readOnly, area.value = "copied", True, text
    document.body.append(area)
    area.select()
    is_copied = document.execCommand("copy")
    area.remove()
    restore(focused)
    return is_copied


def restore(focused: Element) -> None:
    focused.focus({"preventScroll": True})
