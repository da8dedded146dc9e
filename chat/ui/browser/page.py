"""In the browser: finding elements, and the focus."""

from chat.ui.browser.connecting import reconnect_quickly
from chat.ui.browser.dom import (
    AbortController,
    Element,
    Event,
    KeyboardEvent,
    ListenerOptions,
    Promise,
    RegExp,
    document,
    location,
    matchMedia,
    navigator,
    requestAnimationFrame,
    window,
)

NEAR_END = -100  # scrollTop; nearer to the end, the list follows the newest message


def until_left() -> ListenerOptions:
    """Return the option for listeners of the document that end when the page shows another room."""
    if not hasattr(window, "shown"):
        window.shown = AbortController()
    return {"signal": window.shown.signal, "capture": True}


def leave_room(panel: Element) -> None:
    """End the listeners of the room that the page no longer shows."""
    window.shown.abort()
    window.shown = AbortController()


def start() -> None:
    """Note for the style sheet that this script is here, which keys the device has, and whether the host is right.

    The page says what is missing (`.no-script`, `.wrong-host`).
    """
    found = document.documentElement.dataset
    found.script = "loaded"
    found.keys = "apple" if has_apple_keys() else "other"
    found.host = "right" if is_host_known() else "wrong"
    reconnect_quickly()


def is_host_known() -> bool:
    """Whether the server knows the page's host; a proxy may have replaced it."""
    host = location.host.replace(".:", ":")
    hosts = the(".wrong-host").dataset.hosts.split(" ")
    return host in hosts or host[:-1] in hosts  # a host may end with a dot


def has_apple_keys() -> bool:
    """Whether shortcuts have ⌘ in place of Ctrl."""
    return RegExp("^(Mac|iP)").test(navigator.platform)


def has_command_key(event: KeyboardEvent) -> bool:
    """Whether the key for commands is pressed: ⌘ on Apple's keyboards, where Ctrl moves the caret; elsewhere Ctrl."""
    is_pressed = event.metaKey if has_apple_keys() else event.ctrlKey
    return is_pressed and not event.altKey and not event.shiftKey


def is_search_key(event: KeyboardEvent) -> bool:
    """Whether Ctrl+K or ⌘K was pressed, also on keyboards of other scripts."""
    is_k = event.key.lower() == "k" or (event.key > "~" and event.code == "KeyK")
    return is_k and has_command_key(event)


def is_tab(event: KeyboardEvent) -> bool:
    """Whether Tab was pressed, alone or with Shift: for that, WebKitGTK only gives the code."""
    return event.key == "Tab" or event.code == "Tab"


def the(selector: str) -> Element:
    """Return the first match of a selector that always has one."""
    found = document.querySelector(selector)
    assert found
    return found


def part(of: Element, selector: str) -> Element:
    """Return the first match within an element that always has one."""
    found = of.querySelector(selector)
    assert found
    return found


def every(within: Element, selector: str) -> list[Element]:
    found = within.querySelectorAll(selector)
    return [found[index] for index in range(found.length)]  # `Object.values` takes twenty times as long


def message_list() -> Element:
    return the(".log")


def is_reading() -> bool:
    """Whether the member reads further up."""
    return message_list().scrollTop <= NEAR_END


def message(message_id: str) -> Element | None:
    """Return a message, if the page has it."""
    return document.getElementById(f"m-{message_id}")


def newest_message() -> Element | None:
    articles = every(message_list(), "article")
    return articles[len(articles) - 1] if len(articles) else None


def form() -> Element:
    """Return the composer's form, which also keeps what belongs to the text (`dataset`)."""
    return the("#composer")


def field() -> Element:
    return the("#composer textarea")


def is_touch_screen() -> bool:
    """Whether a focused field would open a keyboard that covers half the screen."""
    return matchMedia("(pointer: coarse)").matches


def is_typing() -> bool:
    """Whether a field has the focus: the member has gone on, and must not be interrupted."""
    return document.activeElement.matches("input, textarea, select")


def is_focus_lost() -> bool:
    """Whether the element that had the focus is hidden or gone."""
    return document.activeElement is document.body or not document.activeElement.checkVisibility()


def focus(element: Element) -> None:
    """Focus an element that Tab skips, without scrolling."""
    if not element.hasAttribute("tabindex"):
        element.tabIndex = -1
    element.focus({"preventScroll": True})


def follow_width(event: Event) -> None:
    """Style the room again when the window has another width: WebKit 2.50 doesn't while a modal dialog covers it."""
    the(".room").style.setProperty("--window-width", f"{window.innerWidth}px")


async def next_frame() -> None:
    """Wait until the page has been drawn."""
    await Promise(requestAnimationFrame)
