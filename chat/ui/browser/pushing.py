"""In the browser: pushes, which arrive while the chat isn't open, and the number on its icon."""

from typing import Any

from chat.ui.browser.dom import (
    Element,
    Emit,
    Event,
    Intl,
    Notification,
    ServiceWorkerRegistration,
    document,
    navigator,
    window,
)
from chat.ui.browser.page import is_touch_screen, next_frame

SCOPE = "push/"  # of the worker: it serves none of the chat's pages


def emit_push_support(element: Element, emit: Emit) -> None:
    """Emit whether pushes can arrive here: ready, home (in Safari on an iPhone, not on its home screen), or empty."""
    if hasattr(navigator, "serviceWorker") and hasattr(window, "PushManager"):
        emit("ready")
    else:
        emit("home" if hasattr(navigator, "standalone") else "")


async def switch_push(event: Event, emit: Emit) -> None:
    """Emit off, or on with the subscription, or why pushes can't be turned on: denied, failed."""
    control = event.target
    if not control.checked:
        emit("off")
        await unsubscribe()
    elif await Notification.requestPermission() != "granted":
        emit("denied")
    else:
        try:
            await subscribe(control.dataset.key)
            emit("on", await subscription())
        except Exception:
            emit("failed")


def show_push(is_on: bool) -> None:
    """Show whether pushes are on, whatever the member has just tried."""
    control = document.querySelector(".push [role=switch]")
    if control:
        control.checked = is_on


async def subscribe(key: str) -> None:
    """Register the worker, and have the push service take messages signed by the chat's key, and by no other."""
    registration = await navigator.serviceWorker.register(f"{SCOPE}ngsw-worker.js")
    while not registration.active and (registration.installing or registration.waiting):
        await next_frame()
    await unsubscribe()
    await registration.pushManager.subscribe({"userVisibleOnly": True, "applicationServerKey": key})


async def unsubscribe() -> None:
    registration = await worker()
    if registration:
        found = await registration.pushManager.getSubscription()
        if found:
            await found.unsubscribe()


async def subscription() -> list[Any] | None:
    """Return where pushes for this browser go, with the time zone and whether it is a phone; None without pushes."""
    registration = await worker()
    if registration:
        found = await registration.pushManager.getSubscription()
        if found:
            return [found.toJSON(), Intl.DateTimeFormat().resolvedOptions().timeZone, is_touch_screen()]
    return None


async def close_pushed(tag: str) -> None:
    """Close what a push shows, as the member has read it here."""
    registration = await worker()
    if registration:
        found = await registration.getNotifications({"tag": tag})
        for notification in found:
            notification.close()


async def worker() -> ServiceWorkerRegistration | None:
    return await navigator.serviceWorker.getRegistration(SCOPE)


def show_badge(count: int) -> None:
    """Show a number on the icon of the installed chat, or none for 0, if this browser can."""
    if hasattr(navigator, "setAppBadge"):
        navigator.setAppBadge(count).catch(ignore)


def ignore(problem: object) -> None:
    pass
