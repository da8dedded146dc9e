"""In the browser: the names of people in messages, and the card that they open."""

from chat.ui.browser.dom import Element, Emit, Event, KeyboardEvent, Object, document, window
from chat.ui.browser.page import every, field, is_touch_screen, is_typing, message, next_frame, the

NAMES = "article > bdi, article > .avatar, article.action > .text > bdi:first-child, .mention:not([data-mention=all])"
MARGIN = 6  # pixels between the card and the name or the window's edge


def make_names_buttons(article: Element) -> None:
    """Let Tab reach the names in a message.

    Not in all messages: there would be a stop for each, and screen readers would read "button" with each message.
    """
    for name in every(article, "bdi, .mention"):
        if name.matches(NAMES):
            name.tabIndex = 0
            name.setAttribute("role", "button")


def emit_person(event: Event, emit: Emit) -> None:
    """Emit the id of the person whose name or avatar was clicked, and that of the message.

    The name gets the focus, also for its avatar, so that it has it again when the card closes.
    """
    name, article = event.target.closest(NAMES), event.target.closest("article")
    if name and article:
        button = name if name.hasAttribute("role") else article.querySelector("bdi[role=button]")
        if button:
            button.focus()
        emit(getattr(name.dataset, "mention", article.dataset.author), article.id[2:])


def press_name(event: KeyboardEvent) -> None:
    """Press a name that has the focus by Enter or Space, as a button is."""
    if event.key in ["Enter", " "] and event.target.matches(NAMES):
        event.preventDefault()
        event.target.click()


async def open_card(member_id: str, message_id: str) -> None:
    """Open the card below the name in a message, or else beside the person's row.

    On narrow screens, the style sheet puts it at the bottom.
    """
    card = the("#person")
    if not hasattr(card, "showPopover"):
        return
    anchor = name_in(message_id, member_id) if message_id else row(member_id)
    column = the(".roster").getBoundingClientRect()
    box = anchor.getBoundingClientRect() if anchor else the(".log").getBoundingClientRect()
    await next_frame()
    if not card.matches(":popover-open"):
        card.showPopover()
    size = card.getBoundingClientRect()
    is_reversed = document.dir == "rtl"
    left, top = box.right - size.width if is_reversed else box.left, box.bottom + MARGIN
    if not message_id:
        left, top = column.right + MARGIN if is_reversed else column.left - size.width - MARGIN, box.top
    elif top + size.height > window.innerHeight:
        top = box.top - size.height - MARGIN
    left = max(MARGIN, min(left, window.innerWidth - size.width - MARGIN))
    top = max(MARGIN, min(top, window.innerHeight - size.height - MARGIN))
    Object.assign(card.style, {"left": f"{left}px", "top": f"{top}px"})
    if not is_touch_screen() and not is_typing():
        the("#person .item").focus()


def note_item(card: Element) -> None:
    """Remember which button of the card has the focus, before its content is replaced."""
    here = document.activeElement
    card.dataset.focused = (here.getAttribute("command") or "close") if card.contains(here) else ""


def return_to_item(card: Element) -> None:
    """Focus the button that had the focus before the content was replaced, or else the first one."""
    focused = getattr(card.dataset, "focused", "")
    if focused and not card.contains(document.activeElement):
        before = card.querySelector(f".item[command='{focused}']")
        found = before if before else the("#person .item")
        found.focus()


def name_in(message_id: str, member_id: str) -> Element | None:
    """Return the person's name in a message; the message itself if the name can't be seen."""
    article = message(message_id)
    if not article:
        return None
    for name in every(article, NAMES):
        if name.checkVisibility() and getattr(name.dataset, "mention", article.dataset.author) == member_id:
            return name
    return article


def row(member_id: str) -> Element | None:
    """Return a person's row in the roster."""
    for button in every(document, ".roster .person"):
        if button.value == member_id:
            return button
    return None


def mention(name: str) -> None:
    """Put a mention where the caret is."""
    area = field()
    before = area.value[: area.selectionStart]
    space = "" if not before or before[len(before) - 1].trim() == "" else " "
    the("#person").hidePopover()
    area.focus()
    area.setRangeText(f"{space}@{name} ", area.selectionStart, area.selectionEnd, "end")
    area.dispatchEvent(Event("input", {"bubbles": True}))
