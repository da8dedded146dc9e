"""In the browser: system notifications."""

from typing import Any

from chat.ui.browser.dom import Element, Emit, Event, Notification, location, window


def emit_permission(element: Element, emit: Emit) -> None:
    """Emit whether this site may show notifications: granted, denied, default (not asked yet), or empty if it can't.

    Without HTTPS, it can't, although most browsers call that denied.
    """
    emit(window.Notification.permission if window.Notification and window.isSecureContext else "")


async def ask_permission(event: Event, emit: Emit) -> None:
    """Ask for permission; browsers do so only after a click."""
    emit(await Notification.requestPermission())


def notify(title: str, options: dict[str, Any], path: str) -> None:
    """Show a system notification, replacing the previous one with its tag, if the member allowed it.

    A click leads to the page, and in its tab to `path`: of a room that this page shows then, or of another page.
    """

    def come(event: Event) -> None:
        window.focus()
        event.target.close()
        if "#" in path and hasattr(window, "open_room"):
            window.open_room(path)
        elif not location.pathname.endswith(f"/{path}"):
            location.assign(path)

    if window.Notification and window.Notification.permission == "granted":
        try:
            shown = Notification(title, options)
        except TypeError:
            return  # some phones allow it to service workers only
        shown.onclick = come
        if not hasattr(window, "notifications"):
            window.notifications = {}
        window.notifications[options["tag"]] = shown


def close_notification(tag: str) -> None:
    """Close the notification with a tag that this page has shown last."""
    if hasattr(window, "notifications") and hasattr(window.notifications, tag):
        window.notifications[tag].close()
