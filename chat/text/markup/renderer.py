"""Message text to safe HTML: a small Markdown, addresses, emoji and mentions, and nothing else whatever somebody tries.

markdown-it reads the text, `_Writer` writes it with few tags and everything escaped, and nh3, which knows those tags
and no others, has the last word. What is no markup here (headings, tables, images, HTML) stays as it was typed, and so
do line breaks and spaces: the style sheet shows them with `white-space: pre-wrap`.
"""

import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from html import escape, unescape

import emoji
import nh3
from markdown_it.token import Token

from chat.domain.text.cleaning import is_visible
from chat.text.markup.highlighting import CLASSES, Colours
from chat.text.markup.links import LINKIFY, MAYBE_ADDRESS, host_of, hosts_in, typed
from chat.text.markup.parser import LINKS_LIMIT, MENTIONS_LIMIT, NESTING_LIMIT, Mentioned, parse

__all__ = [
    "LINKS_LIMIT",
    "MENTIONS_LIMIT",
    "NESTING_LIMIT",
    "Mentioned",
    "is_big",
    "to_html",
    "to_plain",
]

# Enough for six of the longest shortcodes.
BIG_LIMIT = 500


def to_html(text: str, mentions: Mapping[str, Mentioned] = {}) -> str:
    """Safe HTML for `text`; the keys of `mentions` are the names as they are written after the "@" there."""
    return _CLEANER.clean(_Writer().write(text, mentions))


def to_plain(text: str, limit: int = 120) -> str:
    """`text` without its markup in one line of at most `limit` characters, cut at a word: for quotes. Not escaped."""
    html = _BLOCKS.sub(" ", _Writer(Colours(fences=0)).write(text))
    line = " ".join(unescape(_TAGS.sub("", html)).split())
    if len(line) <= limit:
        return line
    words = line[:limit].rpartition(" ")[0]
    return f"{words if len(words) > limit // 2 else _cut(line, limit - 1)}…"


def is_big(text: str) -> bool:
    """Whether `text` is one to six emoji (or their shortcodes) and nothing else but spaces."""
    if len(text) > BIG_LIMIT:
        return False
    found = list(emoji.analyze(_with_emoji(_tidy(text)), non_emoji=True))
    others = [part.chars for part in found if isinstance(part.value, str)]
    return 1 <= len(found) - len(others) <= 6 and all(map(str.isspace, others))


@dataclass(slots=True)
class _Writer:
    """Writes one message, and counts what is bounded."""

    colours: Colours = field(default_factory=Colours)
    links: int = 0
    numbers: list[int] = field(default_factory=list)

    def write(self, text: str, mentions: Mapping[str, Mentioned] = {}) -> str:
        """HTML for `text`, with everything escaped."""
        tokens, self.links = parse(_tidy(text), mentions)
        return "".join(self._block(tokens, index) for index in range(len(tokens)))

    def _block(self, tokens: list[Token], index: int) -> str:
        token = tokens[index]
        match token.type:
            case "paragraph_open":
                return self._paragraph(tokens, index)
            case "inline" | "paragraph_close":
                return ""
            case "fence":
                return f"<pre><code>{self.colours.html(token.info, token.content)}</code></pre>"
            case "ordered_list_open":
                self.numbers.append(1)
            case "ordered_list_close":
                self.numbers.pop()
            case "list_item_open" if token.info:
                return self._numbered(int(token.info))
        return f"<{'/' * (token.nesting < 0)}{token.tag}>"

    def _paragraph(self, tokens: list[Token], index: int) -> str:
        """A paragraph; one that is alone, in the message or in its quote or list item, needs no tag."""
        html = self._inline(tokens[index + 1].children or [])
        first = index == 0 or tokens[index - 1].nesting > 0
        last = index + 3 == len(tokens) or tokens[index + 3].nesting < 0
        if tokens[index].hidden:
            return html if first or tokens[index - 1].tag != "p" else f"\n{html}"
        return html if first and last else f"<p>{html}</p>"

    def _numbered(self, number: int) -> str:
        """An item with the number that was typed, also where that is not the next."""
        due, self.numbers[-1] = self.numbers[-1], number + 1
        return "<li>" if number == due else f'<li value="{number}">'

    def _inline(self, tokens: list[Token]) -> str:
        html: list[str] = []
        closing: list[str] = []
        linked: Token | None = None
        for index, token in enumerate(tokens):
            match token.type:
                case "text" if linked is None:
                    html.append(self._text(token.content))
                case "text" if linked and linked.info != "auto":
                    html.append(_escaped(_with_emoji(token.content)))
                case "text" | "text_special":
                    html.append(_escaped(token.content))
                case "code_inline":
                    html.append(f"<code>{_escaped(token.content)}</code>")
                case "mention":
                    html.append(_mention_html(token))
                case "link_open":
                    linked = token
                    opened, closed = _link_html(token, tokens[index + 1 :])
                    html.append(opened)
                    closing.append(closed)
                case "link_close":
                    linked = None
                    html.append(closing.pop())
                case _ if token.nesting > 0:
                    near = len(closing) < NESTING_LIMIT
                    html.append(f"<{token.tag}>" if near else token.markup)
                    closing.append(f"</{token.tag}>" if near else token.markup)
                case _:
                    html.append(closing.pop())
        return "".join(html)

    def _text(self, text: str) -> str:
        """Text with its emoji, and its addresses that are written without a scheme."""
        html: list[str] = []
        end = 0
        for match in (LINKIFY.match(text) if MAYBE_ADDRESS.search(text) else None) or []:
            shown, address = typed(match)
            if address and self.links > 0:
                self.links -= 1
                html.append(_escaped(_with_emoji(text[end : match.index])))
                html.append(f'<a href="{escape(address)}">{_escaped(shown)}</a>')
                end = match.index + len(shown)
        html.append(_escaped(_with_emoji(text[end:])))
        return "".join(html)


def _link_html(link: Token, rest: list[Token]) -> tuple[str, str]:
    """What opens and what closes a link; `rest` begins with what it shows.

    Where that looks like an address with another host, the true host follows; where it is nothing, the address does.
    """
    href = str(link.attrs["href"])
    opened = f'<a href="{escape(href)}">'
    if not href:
        return "[", "]()"
    if link.info == "auto":
        return opened, "</a>"
    shown = ""
    for token in rest:
        if token.type == "link_close":
            break
        shown += token.content
    if not any(map(is_visible, shown)):
        opened += _escaped(href)
    host = host_of(href)
    honest = all(named.removeprefix("www.") == host.removeprefix("www.") for named in hosts_in(shown))
    return opened, "</a>" if honest else f"</a> ({_escaped(host)})"


def _mention_html(token: Token) -> str:
    name = _escaped(token.content)
    if any(unicodedata.bidirectional(character) in _RIGHT_TO_LEFT for character in name):
        name = f"<bdi>{name}</bdi>"
    return f'<span class="mention" data-mention="{escape(token.meta["id"])}">@{name}</span>'


def _with_emoji(text: str) -> str:
    return _SHORTCODES.sub(lambda found: emoji.emojize(found[0], language="alias"), text) if ":" in text else text


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def _tidy(text: str) -> str:
    """`text` without what nobody sees but what disturbs what is around it.

    That are controls, lone surrogates, piles of accents, and all that opens another direction (Unicode TR 9, 2.1 to
    2.5), since what is opened need not be closed. The marks, which only are of a direction (2.6), may stay.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return _PILE.sub(r"\1", _DISTURBING.sub("", text))


def _cut(line: str, end: int) -> str:
    """The first `end` characters, or some less where these would part what is one to the eye."""
    while end > 1 and (line[end - 1] == "\u200d" or line[end] in _JOINED or unicodedata.category(line[end])[0] == "M"):
        end -= 1
    return line[:end]


_SHORTCODES = re.compile(r"(?<![\w:])(?::[\w&.’!()#*+-]{1,80}:)+(?![\w:])")
_DISTURBING = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u206f]")
_ACCENTS = r"[\u0300-\u036f\u0483-\u0489\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]"
_PILE = re.compile(f"({_ACCENTS}{{8}}){_ACCENTS}+")
_RIGHT_TO_LEFT = frozenset({"R", "AL", "AN", "LRE", "RLE", "PDF", "LRO", "RLO", "LRI", "RLI", "FSI", "PDI"})
_JOINED = frozenset("\u200d🏻🏼🏽🏾🏿")
_BLOCKS = re.compile(r"</?(?:p|pre|li|ol|ul|blockquote)\b[^>]*>")
_TAGS = re.compile(r"<[^>]*>")
_CLEANER = nh3.Cleaner(
    tags={
        "a",
        "bdi",
        "blockquote",
        "code",
        "em",
        "li",
        "ol",
        "p",
        "pre",
        "s",
        "span",
        "strong",
        "ul",
    },
    attributes={"a": {"href"}, "li": {"value"}, "span": {"data-mention"}},
    allowed_classes={"span": {"mention", *CLASSES.values()}},
    set_tag_attribute_values={"a": {"target": "_blank"}},
    link_rel="noopener noreferrer nofollow",
    url_schemes={"http", "https", "mailto"},
    url_relative="deny",
)
