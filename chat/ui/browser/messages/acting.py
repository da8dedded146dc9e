"""In the browser: the buttons of a message, the focus that acting on it must not lose, and popovers beside it."""

from chat.ui.browser.dom import (
    CSS,
    JSON,
    Element,
    Event,
    KeyboardEvent,
    Object,
    customElements,
    document,
    window,
)
from chat.ui.browser.focusing import is_moving_by_pointer, rest_focus
from chat.ui.browser.holding import release_in_room
from chat.ui.browser.messages.person_card import make_names_buttons
from chat.ui.browser.page import (
    every,
    focus,
    is_focus_lost,
    is_touch_screen,
    message,
    next_frame,
    the,
)
from chat.ui.browser.sectioning import return_to_control

GAP = 4  # pixels between a popover and its anchor or the window's edge


def show_buttons(event: Event) -> None:
    """Show the buttons in the message under the mouse, focus or finger; a click or tap then focuses it.

    In all messages, they would double the nodes that a page with a thousand messages goes through at each change.
    """
    article = event.target.closest("article")
    if not article or article.querySelector(":scope > .acts"):
        return
    for other in every(document, "article:not([data-acting]) > .acts"):
        if not other.parentElement.contains(document.activeElement):
            other.remove()
    article.tabIndex = -1
    add_buttons(article)


def add_buttons(article: Element) -> None:
    """Add the buttons, if they are here: the messages come with the page, the buttons once it is connected."""
    make_names_buttons(article)
    buttons = document.querySelector("#acts")
    if buttons:
        article.append(buttons.content.cloneNode(True))


def note_focus(event: Event) -> None:
    """Note which button of which message, or which line of joins and leaves, has the focus."""
    button, article = event.target, event.target.closest("article, .presence")
    where = [article.id if article else "", button.getAttribute("command") or "", button.value]
    event.currentTarget.dataset.focused = JSON.stringify(where)


def keep_focus(messages: Element) -> None:
    """Give a message that was rendered again, such as after a reaction, its buttons and its focus back.

    A line of joins and leaves gets its focus back as well.
    """
    for bare in every(messages, "article:is(:hover, :focus):not(:has(> .acts))"):
        add_buttons(bare)
    if document.activeElement is document.body and hasattr(messages.dataset, "focused"):
        name, command, value = JSON.parse(messages.dataset.focused)
        found = document.getElementById(name)
        line = found.querySelector("summary") if found else None
        if line:
            line.focus({"preventScroll": True})
        elif found:
            focus_button(found, f"button[command='{command}']", value)


def focus_button(within: Element, selector: str, value: str) -> bool:
    """Focus the visible button with this value; return whether there is one."""
    for button in every(within, selector):
        if button.value == value and button.checkVisibility():
            button.focus({"preventScroll": True})
            return True
    return False


def refocus(message_id: str = "", reaction: str = "") -> None:
    """If nothing has the focus, give it to a reaction, or else its message, or else the field.

    After an action by pointer, the field has it in any case.
    """
    rest_focus()
    if not is_focus_lost():
        return
    found = message(message_id)
    if not found:
        focus_room()
    elif not focus_button(found, ".reactions button", reaction):
        focus(found)


def focus_room() -> None:
    """Focus the field or, on touch screens, the messages."""
    rest = document.querySelector(".log" if is_touch_screen() else "#composer textarea")
    if rest:
        rest.focus({"preventScroll": True})


def return_focus(event: Event) -> None:
    """If the element that had the focus is hidden or gone, focus the message that had it last, and scroll nowhere.

    After an action by pointer, the field has it in any case. On the moderation page, a control of a section gets it.
    """
    rest_focus()
    messages, sections = document.querySelector(".log"), document.querySelector(".sections")
    if sections:
        return_to_control(sections)
    if is_focus_lost() and messages:
        name = JSON.parse(messages.dataset.focused)[0] if hasattr(messages.dataset, "focused") else ""
        article = document.getElementById(name)
        focus(article if article else messages)
    release_in_room()


def open_reactions(message_id: str) -> None:
    """Open the reactions beside the React button of a message if that is visible, otherwise beside its text."""
    popover, found = the("#reactions"), message(message_id)
    anchor = found.querySelector('.acts [command="--react"]') if found else None
    if found and not (anchor and anchor.checkVisibility()):
        anchor = found.querySelector(".text")
    anchor_popover(anchor if anchor else the("#spot"))
    popover.dataset.message = message_id
    popover.showPopover()
    place_popover()
    if found:
        found.dataset.acting = "yes"


def anchor_popover(anchor: Element) -> None:
    """Prepare for a popover beside an element.

    Elements of messages may be rendered again, so its anchor is a spot in the list in the same place.
    """
    spot, around = the("#spot"), the(".log-inner").getBoundingClientRect()
    box = anchor.getBoundingClientRect()
    left, top = f"{box.left - around.left}px", f"{box.top - around.top}px"
    Object.assign(spot.style, {"left": left, "top": top, "width": f"{box.width}px", "height": f"{box.height}px"})
    spot.getBoundingClientRect()  # WebKitGTK leaves the popover unpainted unless the spot has been laid out


def place_popover() -> None:
    """Put the open popover above the spot, or else below it, if the browser can't do that itself (`position-area`).

    Chrome can from 129, but to 143 at least, it leaves outside the window what fits on neither side of the spot.
    """
    popover = document.querySelector(":is(#reactions, #actions):popover-open")
    if not popover:
        return
    popover.removeAttribute("style")
    spot, box = the("#spot").getBoundingClientRect(), popover.getBoundingClientRect()
    if CSS.supports("position-area", "block-start") and box.left >= 0 and box.right <= window.innerWidth:
        return
    top = spot.top - box.height - GAP
    if top < GAP:
        top = min(spot.bottom + GAP, window.innerHeight - box.height - GAP)
    left = spot.right - box.width if document.dir == "rtl" else spot.left
    left = max(GAP, min(left, window.innerWidth - box.width - GAP))
    Object.assign(popover.style, {"position": "fixed", "positionArea": "none", "inset": "auto", "margin": "0"})
    Object.assign(popover.style, {"left": f"{left}px", "top": f"{max(GAP, top)}px"})


def leave_popover(event: KeyboardEvent) -> None:
    """Return to the message on Escape: the button that opened the popover is hidden by then.

    After an action by pointer, the field gets the focus instead (see `rest_focus`).
    """
    found = message(event.currentTarget.dataset.message)
    if event.key == "Escape" and found and not is_moving_by_pointer():
        focus(found)


async def focus_picker() -> None:
    """Focus the search field of the emoji picker; not on touch screens, whose keyboard would cover the emoji."""
    place_popover()
    await customElements.whenDefined("emoji-picker")
    await next_frame()
    place_popover()
    search = the("#reactions emoji-picker").shadowRoot.querySelector("input")
    if search and not is_touch_screen():
        search.focus()
