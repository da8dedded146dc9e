"""In the browser: changes to the text in the field other than typing, all of which can be undone."""

from chat.ui.browser.dom import (
    Element,
    Event,
    InputEvent,
    KeyboardEvent,
    PickEvent,
    RegExp,
    customElements,
    document,
    navigator,
    window,
)
from chat.ui.browser.page import field, form, is_touch_screen, next_frame, the

MARKS = {"b": "**", "i": "*", "e": "`"}
PLACES = {"KeyB": "b", "KeyI": "i", "KeyE": "e"}  # of the letters on keyboards of other scripts
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


def has_command_key(event: KeyboardEvent) -> bool:
    """Whether the key for commands is pressed: Cmd on Apple's keyboards, where Ctrl moves the caret; elsewhere Ctrl."""
    is_pressed = event.metaKey if RegExp("Mac|iP").test(navigator.platform) else event.ctrlKey
    return is_pressed and not event.altKey and not event.shiftKey


def format_selection(event: KeyboardEvent) -> bool:
    """Make the selection bold, italic or code on B, I or E with the command key; return whether it was one of these."""
    key = event.key.lower()
    if key > "~":
        key = getattr(PLACES, event.code, key)
    if not hasattr(MARKS, key) or not has_command_key(event):
        return False
    if key == "e":
        toggle_code(field())
    else:
        toggle_marks(field(), MARKS[key], MARKS[key])
    return True


def toggle_code(area: Element) -> None:
    """Mark the selection as code: several lines as a block, and backticks within more of them."""
    text = area.value[area.selectionStart : area.selectionEnd]
    if "\n" in text.strip():
        toggle_marks(area, "```\n", "\n```")
    elif "`" in text and not is_marked(text, "`", "`"):
        toggle_marks(area, "`` ", " ``")
    else:
        toggle_marks(area, "`", "`")


def toggle_marks(area: Element, before: str, after: str) -> None:
    """Put marks around the selection without its outer spaces, or remove them, and select the text between them."""
    start, end = area.selectionStart, area.selectionEnd
    while start < end and area.value[start] in " \n":
        start += 1
    while start < end and area.value[end - 1] in " \n":
        end -= 1
    text = area.value[start:end]
    around = area.value[max(0, start - len(before)) : end + len(after)]
    if is_marked(text, before, after):
        text = text[len(before) : len(text) - len(after)]
        replace_text(area, start, end, text)
    elif start >= len(before) and is_marked(around, before, after) and is_exact(area.value, start, end, before):
        start -= len(before)
        replace_text(area, start, end + len(after), text)
    else:
        replace_text(area, start, end, before + text + after)
        start += len(before)
    area.setSelectionRange(start, start + len(text))


def is_marked(text: str, before: str, after: str) -> bool:
    """Whether these marks, and not only longer ones, are around a text: `**a**` is bold, `***a***` italic, too."""
    if len(text) < len(before) + len(after) or not text.startswith(before) or not text.endswith(after):
        return False
    return before != "*" or run_of("*", text) != 2


def is_exact(text: str, start: int, end: int, mark: str) -> bool:
    """Whether a single mark before the selection isn't a half of a double one."""
    return mark != "*" or text[:start].endswith("***") or not text[:start].endswith("**")


def run_of(character: str, text: str) -> int:
    """Return how often a text begins with a character."""
    count = 0
    while count < len(text) and text[count] == character:
        count += 1
    return count


def is_in_code(before: str) -> bool:
    """Whether a text that goes on would go on in a block of code (see `chat/text/markup/fence_rules.py`)."""
    fence = ""
    for line in before.split("\n"):
        if fence:
            if line.rstrip().endswith(fence):
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


async def open_emoji() -> None:
    """Open the emoji above the field, and focus their search; not on touch screens, whose keyboard would cover them."""
    popover, box = the("#emoji"), form().getBoundingClientRect()
    popover.style.bottom = f"{window.innerHeight - box.top + ABOVE}px"
    if document.dir == "rtl":
        popover.style.left = f"{box.left}px"
    else:
        popover.style.right = f"{document.documentElement.clientWidth - box.right}px"
    popover.style.setProperty("--space", f"{box.top - 2 * ABOVE}px")
    popover.showPopover()
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
