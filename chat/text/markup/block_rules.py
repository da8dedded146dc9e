"""Rules for blocks: fences, quotes, lists and paragraphs, for markdown-it."""

import re

from markdown_it import rules_block
from markdown_it.rules_block import StateBlock

MAX_NESTING = 6


def fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a fence that has content."""
    line = state.line
    matches = rules_block.fence(state, start, end, silent)
    if matches and not silent and not state.tokens[-1].content.strip():
        state.tokens.pop()
        state.line = line
        return False
    return matches


def blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a quote within the nesting limit, but not `>_<`, `>:(` or a lone `>`. It ends paragraphs at any depth."""
    fits = silent or state.level + 1 <= MAX_NESTING
    return fits and bool(_QUOTE.match(_line(state, start))) and rules_block.blockquote(state, start, end, silent)


def list_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a list within the nesting limit, but not a lone `- `, `* * *` or `2023. was good`."""
    fits = silent or state.level + 2 <= MAX_NESTING  # the list and its item
    return fits and bool(_ITEM.match(_line(state, start))) and rules_block.list_block(state, start, end, silent)


def not_a_list_number(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a list before a number that it would not show as typed."""
    return silent and bool(_NOT_A_LIST_NUMBER.match(_line(state, start)))


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a paragraph, and keep the spaces at its start."""
    matches = rules_block.paragraph(state, start, end, silent)
    state.tokens[-2].content = state.getLines(start, state.line, state.blkIndent, False).rstrip()
    return matches


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


_QUOTE = re.compile(r">(?=[ \t>]|[^\W_])[ \t>]*[^ \t>]")
_ITEM = re.compile(r"(?:[-+*]|(?:0|[1-9][0-9]{0,2})[.)])[ \t]+(?=.*[^-+*> \t])")
_NOT_A_LIST_NUMBER = re.compile(r"(?:[0-9]{4,}|0[0-9]+)[.)]")
