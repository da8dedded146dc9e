"""In the browser: resuming a page that the server has built again (see `chat/framework/rebuilding.py`)."""

from chat.ui.browser.dom import Event, document
from chat.ui.browser.messages.placing import return_to_place


def resume_page() -> None:
    """Send the server again what only the browser knows: whether the page is visible, and what is being typed.

    Messages may have been rendered again, which can move them.
    """
    document.dispatchEvent(Event("visibilitychange"))
    active = document.activeElement
    if active.matches("input, textarea"):
        active.dispatchEvent(Event("input", {"bubbles": True}))
    if document.querySelector(".log"):
        return_to_place()
