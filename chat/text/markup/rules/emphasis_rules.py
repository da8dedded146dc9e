"""Rules for `*`, `_` and `~~`, for markdown-it: where each may begin and end markup.

CommonMark's rules are for words between spaces. Here they also fit scripts without spaces, and leave paths, code and
sums as typed.
"""

import re
from collections.abc import Callable
from unicodedata import east_asian_width

from markdown_it import rules_inline
from markdown_it.common.utils import isMdAsciiPunct, isPunctChar, isWhiteSpace
from markdown_it.rules_inline import StateInline

# The end of the scripts whose words always have spaces between them: Latin, Greek, Cyrillic, Armenian.
_LAST_SPACED = "\u058f"


def emphasis(state: StateInline, silent: bool) -> bool:
    """Match `*` and `_`."""
    return _mark(state, silent, rules_inline.emphasis.tokenize)


def strikethrough(state: StateInline, silent: bool) -> bool:
    """Match `~~`."""
    return _mark(state, silent, rules_inline.strikethrough.tokenize)


def flanking(marks: str, before: str, after: str) -> tuple[bool, bool]:
    """Tell whether marks can open, and whether they can close markup, by the two characters before and after."""
    last, first = before[-1:] or " ", after[:1] or " "
    left = not _is_space(first) and (not _is_mark(first) or _is_space(last) or _is_mark(last) or _is_wide(last))
    right = not _is_space(last) and (not _is_mark(last) or _is_space(first) or _is_mark(first) or _is_wide(first))
    if marks[0] == "~":
        return left, right
    if marks[0] == "_" or (_is_spaced_letter(last) and _is_spaced_letter(first)):
        left, right = left and (not right or _is_mark(last)), right and (not left or _is_mark(first))
    if marks.startswith("**"):
        # A pattern for folders: `**/*.py`.
        return left and first not in _SLASHES, right and last not in _SLASHES
    # Paths, patterns and code: `src/__init__.py`, `*.py,*.js`, `/*x*/`, `a.__dict__`, `__init__()`.
    is_code = last in _SLASHES or (last == "." and before != "..")
    return left and not is_code, right and last not in _SLASHES and not _CODE_AFTER[marks[0]].match(after)


def _mark(state: StateInline, silent: bool, tokenize: Callable[[StateInline, bool], bool]) -> bool:
    start, count = state.pos, len(state.delimiters)
    if silent or not tokenize(state, silent):
        return False
    text, end = state.src, state.pos
    marks, before, after = text[start:end], text[max(0, start - 2) : start], text[end : min(end + 2, state.posMax)]
    can_open, can_close = flanking(marks, before, after)
    for delimiter in state.delimiters[count:]:
        delimiter.open, delimiter.close = can_open, can_close
    return True


def _is_space(character: str) -> bool:
    return isWhiteSpace(ord(character))


def _is_mark(character: str) -> bool:
    """Tell whether a character is punctuation, apart from that of scripts without spaces: it stands like a letter."""
    return (isMdAsciiPunct(ord(character)) or isPunctChar(character)) and not _is_wide(character)


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WFH"


def _is_spaced_letter(character: str) -> bool:
    return character.isalnum() and character <= _LAST_SPACED


_SLASHES = "/\\"
_CODE_AFTER = {"*": re.compile(r"[/\\]|\.\w"), "_": re.compile(r"[/\\(\[]|\.\w")}
