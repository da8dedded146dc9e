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


async def close_pushed(tag: str, message_ids: list[str] | None) -> None:
    """Close what pushes show of a room, if it tells of one of these messages, or of any."""
    for shown in await pushed():
        is_meant = message_ids is None or pushed_message(shown) in message_ids
        if shown.tag == tag and is_meant:
            shown.close()


async def close_read(unread: list[str]) -> None:
    """Close what pushes show of other rooms than these: it was read or deleted while no page was open here."""
    for shown in await pushed():
        if shown.tag not in unread:
            shown.close()


async def pushed() -> list[Notification]:
    """Return the notifications that pushes show."""
    registration = await navigator.serviceWorker.getRegistration(WORKER)
    return await registration.getNotifications() if registration else []


def pushed_message(shown: Notification) -> str:
    """Return the id of the message that a push shows; a click leads to it."""
    return str(shown.data.onActionClick["default"].url.split("#m-").pop())


def show_badge(count: int) -> None:
    """Show a number on the icon of the installed chat, or none for 0, if this browser can."""
    if hasattr(navigator, "setAppBadge"):
        navigator.setAppBadge(count)
