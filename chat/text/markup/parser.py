"""Parses Markdown: markdown-it's rules, restricted where they would lose text or surprise people."""

import re
from collections.abc import Mapping
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from chat.domain.messages.mentions import SIGNS
from chat.domain.rooms import room_mentions
from chat.text.markup import formulas
from chat.text.markup.links import to_href
from chat.text.markup.mentions import Mentioned, MentionMatcher
from chat.text.markup.rules import block_rules, emphasis_rules, escape_rules, fence_rules, inline_rules

MAX_LINKS = 50


def parse(text: str, mentions: Mapping[str, Mentioned], rooms: Mapping[str, str] = {}) -> tuple[list[Token], int]:
    """Return the tokens of `text`, and how many more links it may have."""
    env: dict[str, Any] = {
        "links_left": MAX_LINKS,
        "cells_left": block_rules.MAX_CELLS,
        "columns": 0,
        "formulas_left": formulas.MAX_FORMULAS,
        "fences_left": fence_rules.MAX_FENCES_AFTER_TEXT,
        "separated": ("", ""),
        "list_column": 0,
        "text_column": 0,
        "mentions": MentionMatcher(mentions) if mentions else None,
        "rooms": rooms,
    }
    return _MARKDOWN.parse(text, env), env["links_left"]


class _Markdown(MarkdownIt):
    """Links lead where `to_href` allows, and are shown as typed."""

    def normalizeLink(self, url: str) -> str:
        return to_href(url) or ""

    def validateLink(self, url: str) -> bool:
        return bool(url)

    def normalizeLinkText(self, link: str) -> str:
        return link


def _markdown() -> MarkdownIt:
    # markdown-it drops content at the depth of maxNesting.
    md = _Markdown("zero", {"html": False, "tasklists": True, "maxNesting": block_rules.MAX_NESTING + 1})
    # Without `newline`, which drops spaces at line ends.
    md.enable(["emphasis", "strikethrough", "backticks", "escape", "link", "autolink"])
    md.enable(["fence", "list", "blockquote", "heading", "table"])
    # Keeps escaped characters apart from text that may be a URL or a shortcode.
    md.disable("text_join")
    # Not by `add_terminator_char`, which forgets patterns set before.
    signs = f"[{SIGNS}{room_mentions.SIGNS}]"
    marks = [md.inline.terminator_re.pattern, signs, inline_rules.SPOILER_START, inline_rules.SPOILER_END]
    md.inline.terminator_re = re.compile("|".join(marks))
    blocks, inlines = md.block.ruler, md.inline.ruler
    blocks.at("fence", fence_rules.fence, {"alt": ["paragraph", "blockquote", "list"]})
    blocks.at("blockquote", block_rules.blockquote, {"alt": ["paragraph", "blockquote", "list"]})
    blocks.at("list", block_rules.list_block, {"alt": ["paragraph", "blockquote"]})
    blocks.at("heading", block_rules.heading, {"alt": ["paragraph", "blockquote"]})
    blocks.at("table", block_rules.table, {"alt": ["paragraph"]})
    blocks.at("paragraph", fence_rules.paragraph)
    blocks.before("table", "nested_by_two", block_rules.nested_by_two)
    blocks.before("paragraph", "not_a_list_number", block_rules.not_a_list_number, {"alt": ["list"]})
    blocks.before("paragraph", "after_quote", block_rules.after_quote, {"alt": ["blockquote"]})
    blocks.before("paragraph", "after_table", block_rules.after_table, {"alt": ["blockquote"]})
    blocks.before("paragraph", "after_list", block_rules.after_list, {"alt": ["paragraph"]})
    inlines.before("escape", "url", inline_rules.url)
    inlines.before("escape", "mention", inline_rules.mention)
    inlines.before("escape", "literal", inline_rules.literal)
    inlines.before("escape", "room", inline_rules.room)
    inlines.before("escape", "formula", formulas.formula)
    inlines.before("escape", "path", escape_rules.path)
    inlines.at("escape", escape_rules.escape)
    inlines.before("emphasis", "spoiler", inline_rules.spoiler)
    inlines.at("emphasis", emphasis_rules.emphasis)
    inlines.at("strikethrough", emphasis_rules.strikethrough)
    inlines.at("link", inline_rules.link)
    inlines.at("autolink", inline_rules.autolink)
    return md


_MARKDOWN = _markdown()
