"""Rules for backslashes, for markdown-it: they escape only what would be markup, and are kept in paths and code."""

import re

from markdown_it import rules_inline
from markdown_it.rules_inline import StateInline

from chat.text.markup.emphasis_rules import flanking


def path(state: StateInline, silent: bool) -> bool:
    r"""Match the rest of a path of Windows, such as `C:\Users\_me\*.txt`."""
    found = _PATH.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
        if not silent:
            state.append_pending(found[0])
    return found is not None


def escape(state: StateInline, silent: bool) -> bool:
    """Match a backslash before a mark that would be markup."""
    return state.src[state.pos] == "\\" and _would_be_markup(state) and rules_inline.escape(state, silent)


def _would_be_markup(state: StateInline) -> bool:
    text, start = state.src, state.pos + 1
    line = text[text.rfind("\n", 0, start) + 1 : start - 1].strip()
    if _ESCAPED.match(text, start) or _begins_block(line, text, start):
        return True
    if found := _MARKS.match(text, start, state.posMax):
        marks = found[0].replace("\\", "")
        is_strike = marks[0] != "~" or len(marks) > 1
        return is_strike and any(flanking(marks, text[max(0, start - 3) : start - 1], text[found.end() : found.end() + 2]))
    return text.startswith(("[", "]"), start) and (text.find("](") >= 0 or text.find("]\\(") >= 0)


def _begins_block(line: str, text: str, start: int) -> bool:
    """Tell whether the mark at `start` would begin a heading, a quote or a list; `line` is what stands before."""
    return bool(_BLOCK.match(text, start)) if not line else line.isdecimal() and bool(_NUMBERED.match(text, start))


# After a drive, a server or a folder: up to the last letter, digit or backslash, as marks behind may be markup.
_PATH = re.compile(r"(?:(?<=\b[A-Za-z]):\\|\\\\(?=[\w.])|(?:(?<=[^\W_])|(?<=[.~%]))\\(?=_*[^\W_]|\.[\w.\\]))(?:\S*[\w\\])?")
_ESCAPED = re.compile(r"`|<[\w.+-]+[:@]|\|\||:[\w&+-]+:|(?<!\w\\)@\w")
_BLOCK = re.compile(r"#{1,6}[ \t]|>[ \t>\w]|[-+*][ \t]")
_NUMBERED = re.compile(r"[.)][ \t]")
_MARKS = re.compile(r"(?:\\?[*_~])+")
