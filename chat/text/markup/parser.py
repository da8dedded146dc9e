"""Reading Markdown: markdown-it's rules, held back where they would lose text or surprise people."""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.rules_block import StateBlock, blockquote, fence, list_block, paragraph
from markdown_it.rules_inline import StateInline, autolink, link
from markdown_it.token import Token

from chat.text.markup.links import LINKIFY, href, typed

LINKS_LIMIT = 50
MENTIONS_LIMIT = 50
NESTING_LIMIT = 6


@dataclass(frozen=True, slots=True)
class Mentioned:
    """Who `@written` in a text means: a member's id or "all", and how they are called now."""

    id: str
    name: str


def parse(text: str, mentions: Mapping[str, Mentioned]) -> tuple[list[Token], int]:
    """The tokens of `text`, and how many more links it may have."""
    env: dict[str, Any] = {
        "links": LINKS_LIMIT,
        "names": _Names(mentions) if mentions else None,
    }
    return _MARKDOWN.parse(text, env), env["links"]


def _markdown() -> MarkdownIt:
    """The rules in use: without `newline`, which drops spaces at the ends of lines, and without `text_join`, so that
    what was escaped stays apart from what may be an address or a shortcode.
    """
    # What is as deep as maxNesting, markdown-it drops.
    md = _Markdown("zero", {"html": False, "maxNesting": NESTING_LIMIT + 1})
    md.enable(
        [
            "emphasis",
            "strikethrough",
            "backticks",
            "fence",
            "escape",
            "link",
            "autolink",
            "list",
            "blockquote",
        ]
    )
    md.disable("text_join")
    blocks, inlines = md.block.ruler, md.inline.ruler
    blocks.at("fence", _fence, {"alt": ["paragraph", "blockquote", "list"]})
    blocks.at("blockquote", _quote, {"alt": ["paragraph", "blockquote", "list"]})
    blocks.at("list", _list, {"alt": ["paragraph", "blockquote"]})
    blocks.at("paragraph", _paragraph)
    blocks.before("paragraph", "no_number", _no_number, {"alt": ["list"]})
    inlines.before("escape", "address", _address)
    inlines.before("escape", "mention", _mention)
    inlines.before("escape", "literal", _literal)
    inlines.at("link", _link)
    inlines.at("autolink", _autolink)
    return md


class _Markdown(MarkdownIt):
    """Links lead where `href` lets them, and are shown as they were typed."""

    def normalizeLink(self, url: str) -> str:
        return href(url) or ""

    def validateLink(self, url: str) -> bool:
        return bool(url)

    def normalizeLinkText(self, link: str) -> str:
        return link


def _fence(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Only with something in it."""
    line = state.line
    found = fence(state, start, end, silent)
    if found and not silent and not state.tokens[-1].content.strip():
        state.tokens.pop()
        state.line = line
        return False
    return found


def _quote(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Not `>_<` and `>:(`, not `>` alone, and no deeper than the limit (it ends paragraphs at any depth)."""
    fits = silent or state.level + 1 <= NESTING_LIMIT
    return fits and bool(_QUOTE.match(_line(state, start))) and blockquote(state, start, end, silent)


def _list(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Not `- ` or `* * *` alone, not `2023. was good`, and no deeper than the limit (a list and its item are two)."""
    fits = silent or state.level + 2 <= NESTING_LIMIT
    return fits and bool(_ITEM.match(_line(state, start))) and list_block(state, start, end, silent)


def _no_number(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """Ends a list at a number that a list would not show as it was typed, or not at all."""
    return silent and bool(_NO_NUMBER.match(_line(state, start)))


def _paragraph(state: StateBlock, start: int, end: int, silent: bool) -> bool:
    """With the spaces at its start."""
    found = paragraph(state, start, end, silent)
    state.tokens[-2].content = state.getLines(start, state.line, state.blkIndent, False).rstrip()
    return found


def _line(state: StateBlock, number: int) -> str:
    return state.src[state.bMarks[number] + state.tShift[number] : state.eMarks[number]]


def _literal(state: StateInline, silent: bool) -> bool:
    """What only looks like markup: a shrug keeps its arm, a face its mouth, a keycap emoji its key."""
    found = _LITERAL.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
        if not silent:
            state.append_pending(found[0])
    return found is not None


def _address(state: StateInline, silent: bool) -> bool:
    """`https://…`, before anything in it could be taken for markup."""
    if silent or state.linkLevel or state.env["links"] <= 0 or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    match = LINKIFY.match_at_start(state.src[state.pos - len(scheme[0]) :]) if scheme else None
    shown, address = typed(match) if match else ("", None)
    if not scheme or not address:
        return False
    state.env["links"] -= 1
    state.pending = state.pending[: -len(scheme[0])]
    opened = state.push("link_open", "a", 1)
    opened.attrs, opened.info = {"href": address}, "auto"
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1)
    state.pos += len(shown) - len(scheme[0])
    return True


def _link(state: StateInline, silent: bool) -> bool:
    # Without the look ahead, texts of brackets are read to their end again and again.
    return state.src.find("](", state.pos, state.posMax) >= 0 and _counted(link, state, silent)


def _autolink(state: StateInline, silent: bool) -> bool:
    return _counted(autolink, state, silent)


def _counted(rule: Any, state: StateInline, silent: bool) -> bool:
    if state.linkLevel or state.env["links"] <= 0 or not rule(state, silent):
        return False
    state.env["links"] -= not silent
    return True


def _mention(state: StateInline, silent: bool) -> bool:
    names: _Names | None = state.env["names"]
    found = names.at(state.src, state.pos) if names and state.src[state.pos] == "@" else None
    if names is None or found is None:
        return False
    written, mentioned = found
    state.pos += 1 + len(written)
    if not silent:
        names.left -= 1
        token = state.push("mention", "span", 0)
        token.content, token.meta = mentioned.name, {"id": mentioned.id}
    return True


class _Names:
    """The names that one message mentions, and whom they mean."""

    def __init__(self, mentions: Mapping[str, Mentioned]) -> None:
        self.left = MENTIONS_LIMIT
        self._mentioned = {name.casefold(): mentioned for name, mentioned in mentions.items()}
        names = sorted(filter(None, mentions), key=len, reverse=True)
        self._pattern = re.compile(rf"(?:{'|'.join(map(re.escape, names)) or '(?!)'})(?!\w)", re.IGNORECASE)

    def at(self, text: str, position: int) -> tuple[str, Mentioned] | None:
        """The name after the "@" at `position` as it is written, if that is no part of a word or an address."""
        found = self._pattern.match(text, position + 1) if self.left > 0 else None
        if found is None or (found.end() < len(text) and _goes_on(text[found.end()])):
            return None
        if position > 0 and (text[position - 1] == "@" or _goes_on(text[position - 1])):
            return None
        word = 1 + max(text.rfind(space, 0, position) for space in " \t\n")
        if _LINK.search(text, word, position):
            return None
        mentioned = self._mentioned.get(found[0].casefold())
        return (found[0], mentioned) if mentioned else None


def _goes_on(character: str) -> bool:
    """Whether a word goes on with `character`: letter, accent, digit, underscore, joiner."""
    return unicodedata.category(character)[0] in "LNM" or character in "_\u200c\u200d"


_MARKDOWN = _markdown()
_SCHEME = re.compile(r"(?<![\w.+-])https?$", re.IGNORECASE)
_QUOTE = re.compile(r">(?=[ \t>]|[^\W_])[ \t>]*[^ \t>]")
_ITEM = re.compile(r"(?:[-+*]|(?:0|[1-9][0-9]{0,2})[.)])[ \t]+(?=.*[^-+*> \t])")
_NO_NUMBER = re.compile(r"(?:[0-9]{4,}|0[0-9]+)[.)]")
_LITERAL = re.compile(r"\\_\(ツ\)_/|\\\n|[-^>]_+[-^<]|[*#]\ufe0f?\u20e3")
# Where an address begins, whatever is in the rest of the word belongs to it. As in mentions.py.
_LINK = re.compile(r"://|\bwww\.|\bmailto:|\w\.\w[\w-]*(:\d+)?/", re.IGNORECASE)
