"""In the browser: finding elements, and the focus."""

from chat.ui.browser.connecting import reconnect_quickly
from chat.ui.browser.dom import (
    Element,
    Object,
    Promise,
    RegExp,
    document,
    matchMedia,
    navigator,
    requestAnimationFrame,
)

NEAR_END = -100  # scrollTop; nearer to the end, the list follows the newest message


def start() -> None:
    """Note that this script is here, and which keys the device has, for the style sheet.

    Without this script, the page says that it is missing (`.no-script`).
    """
    document.documentElement.dataset.script = "loaded"
    document.documentElement.dataset.keys = "apple" if has_apple_keys() else "other"
    reconnect_quickly()


def has_apple_keys() -> bool:
    """Whether shortcuts have ⌘ in place of Ctrl."""
    return RegExp("^(Mac|iP)").test(navigator.platform)


def the(selector: str) -> Element:
    """Return the first match of a selector that always has one."""
    found = document.querySelector(selector)
    assert found
    return found


def every(within: Element, selector: str) -> list[Element]:
    return Object.values(within.querySelectorAll(selector))


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


def is_focus_lost() -> bool:
    """Whether the element that had the focus is hidden or gone."""
    return document.activeElement is document.body or not document.activeElement.checkVisibility()


def focus(element: Element) -> None:
    """Focus an element that Tab skips, without scrolling."""
    if not element.hasAttribute("tabindex"):
        element.tabIndex = -1
    element.focus({"preventScroll": True})


async def next_frame() -> None:
    """Wait until the page has been drawn."""
    await Promise(requestAnimationFrame)
