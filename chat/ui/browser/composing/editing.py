"""In the browser: changes to the text in the field other than typing, all of which can be undone."""

from chat.ui.browser.dom import (
    Element,
    Event,
    InputEvent,
    PickEvent,
    RegExp,
    customElements,
    document,
    window,
)
from chat.ui.browser.page import field, form, is_touch_screen, next_frame, the

ITEM = r"^(\s*)(?:([-*+])|(\d{1,8})([.)]))( +)(\[[ xX]\] +)?"
QUOTE = r"^ {0,3}> ?"
FENCE = r"^[\s>]*(?:[-*+] +|\d+[.)] +)?(`{3,}|~{3,})[^`]*$"
FENCE_AFTER_TEXT = r"^(?:[^`]|`{1,2}(?!`))*(`{3,})[\w+#.-]*[ \t]*$"
ABOVE = 8  # pixels between the field and the emoji above it


def replace_text(area: Element, start: int, end: int, text: str) -> None:
    """Replace a part of the field's text as typing does: it can be undone, and is an `input` event."""
    area.focus()
    area.setSelectionRange(start, end)
    command = "insertText" if text else "delete"
    if not document.execCommand(command, False, text):
        area.setRangeText(text, start, end, "end")
        area.dispatchEvent(Event("input", {"bubbles": True}))


def is_in_code(before: str) -> bool:
    """Whether a text that goes on would go on in a block of code (see `chat/text/markup/rules/fence_rules.py`)."""
    fence = ""
    for line in before.split("\n"):
        if fence:
            if line.rstrip().endswith(fence) or RegExp(rf"^[\s>]*{fence}[`~]*[ \t]").test(line):
                fence = ""
            continue
        opening = RegExp(FENCE).exec(line)
        if not opening:
            opening = RegExp(FENCE_AFTER_TEXT).exec(line)
        if opening:
            fence = opening[1]
    return fence != ""


def continue_list(event: InputEvent) -> None:
    """Begin the new line with the mark of the next item of a list or quote; after an empty item, end the list."""
    area = event.target
    before = area.value[: area.selectionStart]
    if event.inputType != "insertLineBreak" or event.isComposing or is_in_code(before):
        return
    begin = before.rfind("\n") + 1
    line = before[begin:]
    mark = mark_of(line)
    if not mark:
        return
    event.preventDefault()
    rest = area.value[area.selectionEnd :].split("\n")[0]
    if len(line) == len(mark) and not rest:
        replace_text(area, begin, area.selectionEnd, "")
    else:
        replace_text(area, area.selectionStart, area.selectionEnd, "\n" + next_mark(mark))


def mark_of(line: str) -> str:
    """Return the mark that a line of a list or quote begins with."""
    found = RegExp(ITEM).exec(line)
    if not found:
        found = RegExp(QUOTE).exec(line)
    return found[0] if found else ""


def next_mark(mark: str) -> str:
    found = RegExp(ITEM).exec(mark)
    if not found:
        return mark
    indent, bullet, number, point, space, box = found[1:]
    sign = f"{int(number) + 1}{point}" if number else bullet
    return indent + sign + space + ("[ ] " if box else "")


def open_emoji() -> None:
    """Open the emoji, and let the button do it alone from now on: without a connection, too."""
    button = document.querySelector("#composer [command='--emoji']")
    if button:
        button.removeAttribute("command")
        button.removeAttribute("commandfor")
        button.setAttribute("popovertarget", "emoji")
    the("#emoji").showPopover()


async def place_emoji(event: Event) -> None:
    """Put the emoji above the field, and focus their search; not on touch screens, whose keyboard would cover them."""
    popover, box = event.target, form().getBoundingClientRect()
    if event.newState != "open":
        return
    popover.style.bottom = f"{window.innerHeight - box.top + ABOVE}px"
    if document.dir == "rtl":
        popover.style.left = f"{box.left}px"
    else:
        popover.style.right = f"{document.documentElement.clientWidth - box.right}px"
    popover.style.setProperty("--space", f"{box.top - 2 * ABOVE}px")
    await customElements.whenDefined("emoji-picker")
    await next_frame()
    search = the("#emoji emoji-picker").shadowRoot.querySelector("input")
    if search and not is_touch_screen():
        search.focus()


def insert_emoji(event: PickEvent) -> None:
    """Put the chosen emoji where the caret is."""
    area = field()
    the("#emoji").hidePopover()
    replace_text(area, area.selectionStart, area.selectionEnd, event.detail.unicode)
