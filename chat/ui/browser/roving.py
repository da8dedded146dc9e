"""In the browser: moving in menus and toolbars with the arrow keys, as the ARIA Authoring Practices describe it."""

from chat.ui.browser.dom import Element, Event, KeyboardEvent, document
from chat.ui.browser.page import every, the

ITEMS = "button:not([tabindex='-1']), a, select, input:checked"


def move_in_menu(event: KeyboardEvent) -> None:
    """Move between the items of a menu with Up and Down, also past lists of choices, which Alt+Down or Space opens."""
    if event.defaultPrevented or event.altKey or event.target.matches("select:is(:open)"):
        return
    stops = items(event.currentTarget)
    at = stops.index(document.activeElement) if document.activeElement in stops else -1
    move(event, stops, {"ArrowUp": at - 1, "ArrowDown": at + 1, "Home": 0, "End": -1})


def enter_menu(event: KeyboardEvent) -> None:
    """Open the main menu with Down or Up on its button, at its first or last item."""
    menu, steps = the("#menu"), {"ArrowDown": 0, "ArrowUp": -1}
    if event.target.matches("[popovertarget=menu]") and hasattr(steps, event.key):
        if not menu.matches(":popover-open"):
            menu.showPopover()
        move(event, items(menu), steps)


def items(menu: Element) -> list[Element]:
    return [item for item in every(menu, ITEMS) if item.checkVisibility()]


def move_in_toolbar(event: KeyboardEvent) -> None:
    """Move between the buttons of a toolbar with Left and Right."""
    toolbar = event.target.closest("[role=toolbar]")
    if toolbar:
        stops = every(toolbar, "button")
        at, onward = stops.index(event.target), -1 if document.dir == "rtl" else 1
        move(event, stops, {"ArrowLeft": at - onward, "ArrowRight": at + onward, "Home": 0, "End": -1})


def move(event: KeyboardEvent, stops: list[Element], steps: dict[str, int]) -> None:
    """Focus the stop to which the pressed key leads, if it is one of `steps`; after the last comes the first."""
    if hasattr(steps, event.key) and stops:
        event.preventDefault()
        stops[(steps[event.key] + len(stops)) % len(stops)].focus()


def rove(event: Event) -> None:
    """Make the focused button of a toolbar the one that Tab stops at."""
    toolbar = event.target.closest("[role=toolbar]")
    for button in every(toolbar, "button") if toolbar else []:
        button.tabIndex = 0 if button is event.target else -1
