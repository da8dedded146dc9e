"""Rules for backslashes, for markdown-it: they escape only what would be markup, and are kept in paths and code."""

import re

from markdown_it import rules_inline
from markdown_it.rules_inline import StateInline

from chat.domain.rooms import room_mentions
from chat.text.markup.rules.emphasis_rules import flanking

MAX_INDENT = 20


def path(state: StateInline, silent: bool) -> bool:
    r"""Match the rest of a path of Windows, such as `C:\Users\_me\*.txt`."""
    if state.src[state.pos] not in "\\:":
        return False
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
    if text[start : start + 1] not in _MARKUP:
        return False
    if _ESCAPED.match(text, start) or _begins_block(text, start) or _is_room(state, start):
        return True
    if found := _MARKS.match(text, start, state.posMax):
        end, marks = found.end(), found[0].replace("\\", "")
        can_open, can_close = flanking(marks, text[max(0, start - 3) : start - 1], text[end : end + 2])
        return marks != "~" and (can_open or can_close)
    return text.startswith(("[", "]"), start) and (text.find("](") >= 0 or text.find("]\\(") >= 0)


def _is_room(state: StateInline, start: int) -> bool:
    return state.src[start] == "#" and bool(room_mentions.slug_at(state.src, start, state.env["rooms"].__contains__))


def _begins_block(text: str, start: int) -> bool:
    """Tell whether the mark at `start` would begin a heading, a quote or a list."""
    line = text.rfind("\n", 0, start) + 1
    before = text[max(line, start - MAX_INDENT) : start - 1].strip()
    return bool(_BLOCK.match(text, start) if not before else before.isdecimal() and _NUMBERED.match(text, start))


# After a drive, a server or a folder: up to the last letter, digit or backslash, as marks behind may be markup.
_PATH = re.compile(
    r"(?:(?<=\b[A-Za-z]):\\|\\\\(?=[\w.])|(?:(?<=[^\W_])|(?<=[.~%]))\\(?=_*[^\W_]|\.[\w.\\]))(?:\S*[\w\\])?"
)
_MARKUP = frozenset("*_~`$[]<|:@#>-+.)")
_ESCAPED = re.compile(r"`|<[\w.+-]+[:@]|\|\||:[\w&+-]+:|(?<!\w\\)@\w|\$(?=\S[^$\n]*[^\s\\]\$(?!\w))")
_BLOCK = re.compile(r"#{1,6}[ \t]|>[ \t>\w]|[-+*][ \t]")
_NUMBERED = re.compile(r"[.)][ \t]")
_MARKS = re.compile(r"(?:\\?[*_~]){1,20}")
