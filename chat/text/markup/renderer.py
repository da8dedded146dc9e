"""Message text to safe HTML: a small Markdown, links, emoji and mentions.

markdown-it parses the text, `HtmlWriter` writes it with few tags and escapes everything, and nh3, which allows only
those tags, has the last word. Everything else (images, rules, HTML) stays as typed, and so do line breaks and spaces:
the style sheet shows them with `white-space: pre-wrap`.
"""

import re
from collections.abc import Mapping
from html import unescape

import emoji
import nh3

from chat.text.markup import formulas
from chat.text.markup.characters import expand_shortcodes, remove_disruptive, truncate
from chat.text.markup.highlighting import CLASSES, Highlighter
from chat.text.markup.html_writer import ALIGNMENTS, HtmlWriter
from chat.text.markup.inline_writer import HIDDEN, ROOM_PATH, InlineWriter
from chat.text.markup.mentions import Mentioned
from chat.text.markup.parser import parse
from chat.text.markup.rules.inline_rules import SPOILER

__all__ = ["Mentioned", "first_link", "is_big", "mask_spoilers", "shown_mentions", "to_html", "to_plain"]

MAX_BIG_EMOJI = 6
# Six of the longest shortcodes fit into this.
BIG_LIMIT = 500


def to_html(
    text: str, mentions: Mapping[str, Mentioned] = {}, spoiler_label: str = "", rooms: Mapping[str, str] = {}
) -> str:
    """Return safe HTML for `text`; the keys of `mentions` are the names as written after "@".

    `rooms` are slugs as written after "#", with the present ones. `spoiler_label` is what screen readers call a
    spoiler.
    """
    if _SENTENCE.fullmatch(text):
        return text
    inline = InlineWriter(spoiler_label=spoiler_label)
    return _CLEANER.clean(HtmlWriter(inline=inline).write(text, mentions, rooms))


def to_plain(text: str, limit: int = 120, *, shows_spoilers: bool = False) -> str:
    """Return `text` without markup, on one line of at most `limit` characters, cut at a word. It is not escaped."""
    if _SENTENCE.fullmatch(text):
        return truncate(" ".join(text.split()), limit)
    writer = HtmlWriter(Highlighter(fences=0), InlineWriter(shows_spoilers=shows_spoilers, typesets=False))
    html = _BLOCKS.sub(" ", writer.write(text))
    line = " ".join(unescape(_TAGS.sub("", html)).split())
    return truncate(line, limit)


def first_link(text: str) -> str:
    """Return the URL of the first link to the web outside of spoilers, or an empty text."""
    if not _MAYBE_LINK.search(text):
        return ""
    inline = InlineWriter(shows_spoilers=False, typesets=False)
    found = _WEB_LINK.search(HtmlWriter(Highlighter(fences=0), inline).write(text))
    return unescape(found[1]) if found else ""


def mask_spoilers(text: str) -> str:
    """Return `text` with spoilers masked character by character, so that it can be cut anywhere."""
    return SPOILER.sub(lambda found: re.sub(r"\S", HIDDEN[0], found[0]), text) if "||" in text else text


def shown_mentions(text: str, mentions: Mapping[str, str]) -> dict[str, str]:
    """Return the mentions that `text` shows: none that are only in code, formulas or URLs."""
    tokens, _ = parse(remove_disruptive(text), {name: Mentioned(name, name) for name in mentions})
    inline = (token for block in tokens for token in block.children or ())
    shown = {token.meta["id"].casefold() for token in inline if token.type == "mention"}
    return {name: member_id for name, member_id in mentions.items() if name.casefold() in shown}


def is_big(text: str) -> bool:
    """Tell whether `text` is one to six emoji (or their shortcodes), apart from spaces."""
    if len(text) > BIG_LIMIT or (text.isascii() and ":" not in text):
        return False
    parts = list(emoji.analyze(expand_shortcodes(remove_disruptive(text)), non_emoji=True))
    others = [part.chars for part in parts if isinstance(part.value, str)]
    return 1 <= len(parts) - len(others) <= MAX_BIG_EMOJI and all(map(str.isspace, others))


# Words and their punctuation, which most messages are: nothing of it is markup, or part of a URL.
_SENTENCE = re.compile(r"(?!\d)[^\W_](?:[^\W_]|[,!?']|\.(?= |\Z)| (?!\Z))*")
_MAYBE_LINK = re.compile(r"\w\.\w|://")
_WEB_LINK = re.compile(r'<a href="(https?://[^"]+)"')
_ROOM = re.compile(rf"{ROOM_PATH}(?:[\w.~-]|%[0-9A-F]{{2}})+", re.ASCII)
_BLOCKS = re.compile(r"</?(?:blockquote|div|li|ol|p|pre|t[dh]|ul)\b[^>]*>")
_TAGS = re.compile(r"<[^>]*>")
_CLEANER = nh3.Cleaner(
    tags={
        *("a", "bdi", "blockquote", "code", "div", "em", "li", "ol", "p", "pre", "s", "span", "strong"),
        *("table", "tbody", "td", "th", "thead", "tr", "ul"),
        *formulas.TAGS,
    },
    attributes={
        "a": {"href"},
        "div": {"tabindex"},
        "li": {"value"},
        "span": {"aria-label", "data-mention", "role", "tabindex"},
        **dict.fromkeys(formulas.TAGS, formulas.ATTRIBUTES),
    },
    allowed_classes={
        "a": {"room-name"},
        "div": {"table"},
        "li": {"task"},
        "span": {"formula", "mention", "spoiler", *CLASSES.values()},
        "td": {*ALIGNMENTS.values()},
        "th": {*ALIGNMENTS.values()},
    },
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto"},
    url_relative=lambda url: url if _ROOM.fullmatch(url) else None,
)
