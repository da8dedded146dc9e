"""In the browser: system notifications."""

from typing import Any

from chat.ui.browser.dom import Element, Emit, Event, Notification, window


def emit_permission(element: Element, emit: Emit) -> None:
    """Emit whether this site may show notifications: granted, denied, default (not asked yet), or empty if it can't."""
    emit(window.Notification.permission if window.Notification else "")


async def ask_permission(event: Event, emit: Emit) -> None:
    """Ask for permission; browsers do so only after a click."""
    emit(await Notification.requestPermission())


def notify(title: str, options: dict[str, Any]) -> None:
    """Show a system notification, replacing the previous one with its tag, if the member allowed it.

    A click leads to the page.
    """

    def come(event: Event) -> None:
        window.focus()
        event.target.close()

    if window.Notification and window.Notification.permission == "granted":
        try:
            window.notification = Notification(title, options)
        except TypeError:
            return  # some phones allow it to service workers only
        window.notification.onclick = come


def close_notification() -> None:
    """Close the notification that this page has shown last."""
    if hasattr(window, "notification"):
        window.notification.close()
