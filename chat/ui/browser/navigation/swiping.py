"""In the browser: swipes that open and close the sidebar on a phone."""

from chat.ui.browser.dom import TouchEvent, document, window
from chat.ui.browser.page import the

EDGE = 28  # pixels from the edge of the screen at which the drawer waits
WAY = 48  # pixels that the finger goes, and more sideways than up or down


def watch_swipes() -> None:
    """Open and close the drawer by swipes, where it is one (browsers without popovers have none)."""
    begin = {"x": 0.0, "y": 0.0}

    def on_start(event: TouchEvent) -> None:
        touch = event.changedTouches[0]
        begin["x"], begin["y"] = touch.clientX, touch.clientY

    def on_end(event: TouchEvent) -> None:
        touch, drawer = event.changedTouches[0], the(".roster")
        is_left = document.dir == "rtl"
        way = touch.clientX - begin["x"] if is_left else begin["x"] - touch.clientX
        from_edge = begin["x"] if is_left else window.innerWidth - begin["x"]
        if abs(way) < WAY or abs(way) < 2 * abs(touch.clientY - begin["y"]) or not hasattr(drawer, "showPopover"):
            return
        is_open = drawer.matches(":popover-open")
        if way > 0 and from_edge <= EDGE and not is_open and the(".icon-users").checkVisibility():
            drawer.showPopover()
        elif way < 0 and is_open:
            drawer.hidePopover()

    document.addEventListener("touchstart", on_start)
    document.addEventListener("touchend", on_end)
