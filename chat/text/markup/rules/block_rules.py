"""Rules for blocks: fences, quotes, lists, tables, headings and paragraphs, for markdown-it."""

import re

from markdown_it import rules_block
from markdown_it.rules_block import StateBlock
from markdown_it.rules_block.table import escapedSplit

MAX_NESTING = 6
MAX_CELLS = 1000


def blockquote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a quote within the nesting limit, but not `>_<`, `>:(` or a lone `>`. It ends paragraphs at any depth."""
    fits = silent or state.level + 1 <= MAX_NESTING
    if not fits or not _QUOTE.match(line_of(state, start)):
        return False
    outer, state.env["text_column"] = state.env["text_column"], 0
    matches = rules_block.blockquote(state, start, end, silent)
    state.env["text_column"] = outer
    return matches


def list_block(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a list within the nesting limit, but not a lone `- `, `* * *` or `2023. was good`."""
    fits = silent or state.level + 2 <= MAX_NESTING  # the list and its item
    if not fits or not _ITEM.match(line_of(state, start)):
        return False
    outer = state.env["list_column"], state.env["text_column"]
    state.env["list_column"], state.env["text_column"] = state.sCount[start], 0
    matches = rules_block.list_block(state, start, end, silent)
    state.env["list_column"], state.env["text_column"] = outer
    return matches


def nested_by_two(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Let two spaces nest a line in a list item, even if the item's own text is indented further (`1. `)."""
    if not silent and state.parentType == "list" and state.blkIndent > state.env["list_column"] + 2:
        state.env["text_column"] = state.blkIndent
        state.blkIndent = state.env["list_column"] + 2
    return False


def not_a_list_number(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a list before a number that it would not show as typed."""
    return silent and bool(_NOT_A_LIST_NUMBER.match(line_of(state, start)))


def after_quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a quote before a line without `>`, which CommonMark would count to its last paragraph."""
    return silent and state.parentType == "blockquote"


def after_list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a list item before a line that is not indented, which CommonMark would count to its last paragraph."""
    return silent and state.sCount[start] < state.blkIndent


def heading(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match `# heading` with text, unless it is indented like code."""
    is_code = state.sCount[start] - state.blkIndent > 3
    return (
        not is_code and bool(_HEADING.match(line_of(state, start))) and rules_block.heading(state, start, end, silent)
    )


def table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a table, within the number of cells that a message may have: short rows are filled up with empty ones."""
    line = line_of(state, start)
    columns = _cells(line) if "|" in line else 0
    rows = state.env["cells_left"] // columns if columns else 0
    if rows < 1:
        return False
    state.env["columns"] = columns
    if not rules_block.table(state, start, min(end, start + 1 + rows), silent):
        return False
    if not silent:
        state.env["cells_left"] -= columns * (state.line - start)
    return True


def after_table(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """End a table before a line without cells, and before one with more than would be shown."""
    line = line_of(state, start)
    return silent and state.parentType == "table" and ("|" not in line or _cells(line) > state.env["columns"])


def paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Match a paragraph, and keep the spaces at its start."""
    matches = rules_block.paragraph(state, start, end, silent)
    state.tokens[-2].content = text_of(state, start, state.line)
    return matches


def text_of(state: StateBlock, start: int, end: int) -> str:
    """Return lines without the indentation of the list item that they are in."""
    return state.getLines(start, end, max(state.blkIndent, state.env["text_column"]), False).rstrip()


def line_of(state: StateBlock, number: int) -> str:
    """Return a line without its indentation."""
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _cells(line: str) -> int:
    cells = escapedSplit(line.strip())
    return len(cells) - (cells[0] == "") - (len(cells) > 1 and cells[-1] == "")


_QUOTE = re.compile(r">(?=[ \t>]|[^\W_])[ \t>]*[^ \t>]")
_ITEM = re.compile(r"(?:[-+*]|(?:0|[1-9][0-9]{0,2})[.)])[ \t]+(?=.*[^-+*> \t])")
_NOT_A_LIST_NUMBER = re.compile(r"(?:[0-9]{4,}|0[0-9]+)[.)]")
_HEADING = re.compile(r"#{1,6}[ \t]+(?=.*\w)")
