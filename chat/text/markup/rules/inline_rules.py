"""Rules within lines: URLs, links, mentions, spoilers, and text that only looks like markup, for markdown-it."""

import re
from collections.abc import Mapping
from typing import Any

from markdown_it import rules_inline
from markdown_it.rules_inline import StateInline

from chat.domain.messages.mentions import SIGNS
from chat.domain.rooms import room_mentions
from chat.text.markup.links import match_url
from chat.text.markup.mentions import MentionMatcher
from chat.text.markup.url_ends import separate


def literal(state: StateInline, silent: bool) -> bool:
    """Match text that only looks like markup: shrugs, faces, keycap emoji."""
    found = _LITERAL.match(state.src, state.pos, state.posMax)
    if found:
        state.pos = found.end()
        if not silent:
            state.append_pending(found[0])
    return found is not None


def spoiler(state: StateInline, silent: bool) -> bool:
    """Match `||text||`, but not `a || b || c` or `a||b||c`."""
    found = SPOILER.match(state.src, state.pos, state.posMax)
    if found is None:
        return False
    if not silent:
        outer = state.posMax
        state.push("spoiler_open", "span", 1).markup = "||"
        state.pos, state.posMax = found.span("hidden")
        state.md.inline.tokenize(state)
        state.push("spoiler_close", "span", -1).markup = "||"
        state.posMax = outer
    state.pos = found.end()
    return True


def url(state: StateInline, silent: bool) -> bool:
    """Match a URL such as `https://…`, before anything in it is taken for markup."""
    if silent or not _may_link(state) or not state.src.startswith("://", state.pos):
        return False
    scheme = _SCHEME.search(state.pending[-6:])
    found = match_url(_separated(state)[state.pos - len(scheme[0]) : state.posMax]) if scheme else None
    if scheme is None or found is None:
        return False
    shown, href = found
    if shown.endswith("_") and any(delimiter.open and chr(delimiter.marker) == "_" for delimiter in state.delimiters):
        shown, href = shown.rstrip("_"), href.rstrip("_")
    state.env["links_left"] -= 1
    state.pending = state.pending[: -len(scheme[0])]
    opening = state.push("link_open", "a", 1)
    opening.attrs, opening.info = {"href": href}, "auto"
    state.push("text", "", 0).content = shown
    state.push("link_close", "a", -1)
    state.pos += len(shown) - len(scheme[0])
    return True


def _separated(state: StateInline) -> str:
    """Return the text for `match_url`, computed once, however many URLs there are."""
    if state.env["separated"][0] is not state.src:
        state.env["separated"] = state.src, separate(state.src)
    text: str = state.env["separated"][1]
    return text


def link(state: StateInline, silent: bool) -> bool:
    """Match `[text](url)`."""
    # Without looking ahead, texts of brackets are read to their end again and again.
    return state.src.find("](", state.pos, state.posMax) >= 0 and _count(rules_inline.link, state, silent)


def autolink(state: StateInline, silent: bool) -> bool:
    """Match `<url>`."""
    return _count(rules_inline.autolink, state, silent)


def mention(state: StateInline, silent: bool) -> bool:
    """Match `@name`, also with a full-width sign."""
    matcher: MentionMatcher | None = state.env["mentions"]
    found = matcher.match(state.src, state.pos) if matcher and state.src[state.pos] in SIGNS else None
    if matcher is None or found is None:
        return False
    written, mentioned = found
    state.pos += 1 + len(written)
    if not silent:
        matcher.left -= 1
        token = state.push("mention", "span", 0)
        token.content, token.meta = mentioned.name, {"id": mentioned.id}
    return True


def room(state: StateInline, silent: bool) -> bool:
    """Match `#slug`, also with a full-width sign."""
    rooms: Mapping[str, str] = state.env["rooms"]
    if not rooms or state.src[state.pos] not in room_mentions.SIGNS or not _may_link(state):
        return False
    written = room_mentions.slug_at(state.src, state.pos, rooms.__contains__)
    state.pos += 1 + len(written) if written else 0
    if written and not silent:
        state.env["links_left"] -= 1
        token = state.push("room", "a", 0)
        token.content, token.meta = written, {"slug": rooms[written]}
    return bool(written)


def _count(rule: Any, state: StateInline, silent: bool) -> bool:
    if not _may_link(state) or not rule(state, silent):
        return False
    state.env["links_left"] -= not silent
    return True


def _may_link(state: StateInline) -> bool:
    return not state.linkLevel and state.env["links_left"] > 0


_SCHEME = re.compile(r"(?<![A-Za-z0-9_.+-])https?$", re.IGNORECASE)
# What stands before a spoiler and after it may not be a part of an expression in code.
SPOILER_START = r"(?<![A-Za-z0-9_)\]|])\|\|(?![\s|])"
SPOILER_END = r"(?<![\s|])\|\|(?![A-Za-z0-9_(\[|])"
SPOILER = re.compile(rf"{SPOILER_START}(?P<hidden>[^|]+(?:\|[^|]+)*){SPOILER_END}")
_NAMES = "__(?:call|dict|doc|enter|exit|file|init|iter|len|main|name|repr|str|version)__"
_LITERAL = re.compile(rf"\\_\(ツ\)_/|{_NAMES}|\\\n|[-^>]_+[-^<]|[*#]\ufe0f?\u20e3")
