"""In the browser: making the selection bold, italic or code."""

from chat.ui.browser.composing.editing import replace_text
from chat.ui.browser.dom import Element, KeyboardEvent
from chat.ui.browser.page import field, has_command_key

MARKS = {"b": "**", "i": "*", "e": "`"}
PLACES = {"KeyB": "b", "KeyI": "i", "KeyE": "e"}  # of the letters on keyboards of other scripts


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
    if "\n" in text.trim():
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
