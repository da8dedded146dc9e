"""In the browser: pushes, which arrive while the chat isn't open, and the number on its icon."""

from typing import Any

from chat.ui.browser.dom import Element, Emit, Event, Intl, Notification, navigator, window
from chat.ui.browser.page import is_touch_screen, next_frame

WORKER = "push/ngsw-worker.js"  # its path is its scope: it serves none of the chat's pages


def emit_support(element: Element, emit: Emit) -> None:
    """Emit whether pushes can be turned on here: not in some browsers, and in none without HTTPS."""
    emit(hasattr(window, "PushManager") and hasattr(navigator, "serviceWorker"))


async def switch_push(event: Event, emit: Emit) -> None:
    """Emit the new subscription or, once turned off, None. If that fails, undo it, and emit what the member allowed.

    The subscription before may be for another key of the chat.
    """
    control = event.target
    allowed = await Notification.requestPermission()
    try:
        registration = await navigator.serviceWorker.register(WORKER)
        while not registration.active:
            await next_frame()
        manager = registration.pushManager
        before = await manager.getSubscription()
        if before:
            await before.unsubscribe()
        if control.checked:
            await manager.subscribe({"userVisibleOnly": True, "applicationServerKey": control.dataset.key})
        emit(await subscription())
    except Exception:
        control.checked = not control.checked
        emit(allowed)


async def subscription() -> list[Any] | None:
    """Return where pushes for this browser go, with the time zone and whether it is a phone; None without pushes."""
    registration = await navigator.serviceWorker.getRegistration(WORKER)
    found = await registration.pushManager.getSubscription() if registration else None
    if found:
        return [found.toJSON(), Intl.DateTimeFormat().resolvedOptions().timeZone, is_touch_screen()]
    return None


async def close_pushed(tag: str) -> None:
    """Close what a push shows, as the member has read it here."""
    registration = await navigator.serviceWorker.getRegistration(WORKER)
    shown = await registration.getNotifications({"tag": tag}) if registration else []
    if shown:
        shown[0].close()


def show_badge(count: int) -> None:
    """Show a number on the icon of the installed chat, or none for 0, if this browser can."""
    if hasattr(navigator, "setAppBadge"):
        navigator.setAppBadge(count)
