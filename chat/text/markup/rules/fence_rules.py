"""Rules for fenced code, for markdown-it: a fence may follow text, end right after its code, and text may follow it."""

import re

from markdown_it import rules_block
from markdown_it.rules_block import StateBlock

from chat.text.markup.rules import block_rules
from chat.text.markup.rules.block_rules import line_of, text_of

# Each is looked for in the rest of the message.
MAX_FENCES_AFTER_TEXT = 10


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a fence that has content."""
    opening = _OPENING.match(line_of(state, start))
    if opening is None or silent:
        return opening is not None and rules_block.fence(state, start, end, silent)
    line, last = state.line, _closing_line(state, opening[0], start, end)
    behind = None if last is None else _BEFORE_TEXT.match(line_of(state, last))
    if last is not None:
        end = last if behind else last + 1
    if not rules_block.fence(state, start, end, silent):
        return False
    token = state.tokens[-1]
    if last is not None and not line_of(state, last).startswith(opening[0]):
        token.content = token.content.rstrip("` \t\n") + "\n"
    if not token.content.strip():
        state.tokens.pop()
        state.line = line
        return False
    if last is not None and behind:  # goes on with the text
        state.bMarks[last] += state.tShift[last] + behind.end()
        state.tShift[last] = 0
    return True


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a paragraph, and the fence that begins behind its text."""
    matches = block_rules.paragraph(state, start, end, silent)
    for number in range(start, state.line):
        line = line_of(state, number)
        found = _AT_END.search(line)
        # An odd number of marks before would make it the end of inline code.
        if found and line[: found.start()].strip() and len(_RUN.findall(line)) % 2:
            _add_fence(state, start, number, end, found)
            break
    return matches


def _add_fence(state: StateBlock, start: int, number: int, end: int, found: re.Match[str]) -> None:
    """Cut the paragraph where the fence begins, if that has an end and content."""
    if not state.env["fences_left"]:
        return
    state.env["fences_left"] -= 1
    if _closing_line(state, found["fence"], number, end) is None:
        return
    text, line = state.tokens[-2], state.line
    mark, shift = state.bMarks[number], state.tShift[number]
    before = text_of(state, start, number + 1)
    state.bMarks[number], state.tShift[number] = mark + shift + found.start("fence"), 0
    if fence(state, number, end, False):
        text.content = before[: before.rindex(found["fence"])].rstrip()
    else:
        state.line = line
    state.bMarks[number], state.tShift[number] = mark, shift


def _closing_line(state: StateBlock, opening: str, start: int, end: int) -> int | None:
    """Return the line that ends the fence: its marks alone or before text, or right after the last line of code."""
    for number in range(start + 1, end):
        line = line_of(state, number)
        if line and state.sCount[number] < state.blkIndent:
            return None
        found = _CLOSING.fullmatch(line) or _BEFORE_TEXT.match(line)
        if found and found["marks"].startswith(opening):
            return number
    return None


_OPENING = re.compile(r"`{3,}+(?=[^`]*+$)|~{3,}+")
_AT_END = re.compile(r"(?<!`)(?P<fence>`{3,}+)[\w+#.-]*+[ \t]*+$")
_CLOSING = re.compile(r"(?:[^`]*+(?=`)|(?=~))(?P<marks>`{3,}+|~{3,}+)[ \t]*+")
_BEFORE_TEXT = re.compile(r"(?P<marks>`{3,}+|~{3,}+)[ \t]++(?=.)")
_RUN = re.compile("`+")
