"""Reads rendered messages as a browser does, and checks that they are harmless."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import nh3

from chat.text.markup import formulas
from chat.text.markup.renderer import Mentioned, to_html

ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "div": {"class", "tabindex"},
    "li": {"class", "value"},
    "span": {"class", "data-mention", "tabindex"},
    "td": {"class"},
    "th": {"class"},
    **{tag: set() for tag in ("bdi", "blockquote", "code", "em", "ol", "p", "pre", "s", "strong", "ul")},
    **{tag: set() for tag in ("table", "tbody", "thead", "tr")},
    **dict.fromkeys(formulas.TAGS, formulas.ATTRIBUTES),
}
CLASSES = {"div": {"table"}, "li": {"task"}, "td": {"left", "center", "right"}, "th": {"left", "center", "right"}}
TOKEN_CLASSES = {"formula", "c", "gd", "gh", "gi", "k", "m", "na", "nb", "nd", "nf", "nt", "s"}
MENTIONS = {
    "Ann": Mentioned("ann", "Ann"),
    "Anna Lee": Mentioned("lee", "Anna L."),
    "_bob_": Mentioned("bob", "*Bob* <b>"),
    "ليلى": Mentioned("layla", "ليلى"),
    "all": Mentioned("all", "all"),
}


class Page(HTMLParser):
    """HTML as a browser reads it: its tags with attributes, its text, and everything shown."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.shown = ""
        self.deepest = 0
        self._open: list[str] = []
        self._numbers: list[int] = []
        self.feed(html)
        self.close()
        assert not self._open

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        attributes = dict(attrs)
        assert len(attributes) == len(attrs)
        if tag == "ol":
            self._numbers.append(0)
        if tag == "li" and self._open[-1] == "ol":
            self._numbers[-1] = int(attributes.get("value") or self._numbers[-1] + 1)
            self.shown += f" {self._numbers[-1]}. "
        self.shown += " " * (tag in {"p", "li", "pre", "blockquote", "td", "th"})
        self._open.append(tag)
        self.deepest = max(self.deepest, len(self._open))
        self.tags.append((tag, attributes))

    def handle_endtag(self, tag: str) -> None:
        assert self._open.pop() == tag
        if tag == "ol":
            self._numbers.pop()
        if tag == "a":
            self.shown += unquote(self.links[-1])

    def handle_data(self, data: str) -> None:
        self.text += data
        self.shown += data.replace("☑", "x")

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"unexpected: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.tags if tag == "a"]


def check_harmless(text: str) -> Page:
    """Render `text`, and check that the HTML is well-formed and has only the allowed tags, attributes and links."""
    html = to_html(text, MENTIONS)
    page = Page(html)
    for tag, attributes in page.tags:
        assert attributes.keys() <= ATTRIBUTES[tag]
        if tag == "a":
            assert attributes.keys() == ATTRIBUTES[tag]
            assert (attributes["target"], attributes["rel"]) == ("_blank", "noopener noreferrer nofollow")
        if tag == "li":
            assert (attributes.get("value") or "0").isdigit()
        if tag == "span" and "data-mention" in attributes:
            assert attributes["class"] == "mention"
            assert attributes["data-mention"] in {mentioned.id for mentioned in MENTIONS.values()}
        elif tag == "span" and "tabindex" in attributes:
            assert attributes == {"class": "spoiler", "tabindex": "0"}
        elif tag == "span" and attributes:
            assert attributes["class"] in TOKEN_CLASSES
        elif "class" in attributes:
            assert attributes["class"] in CLASSES[tag]
    for link in page.links:
        parts = urlsplit(link)
        assert parts.scheme in {"http", "https", "mailto"}
        assert "@" not in parts.netloc
        assert parts.netloc.isascii()
        assert not re.search(r"[\s\"<>\\\u200e\u200f\u202a-\u202e\u2066-\u2069]", link)
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\u202a-\u202e\u2066-\u2069]", html)
    again = nh3.clean(html, tags=set(ATTRIBUTES), attributes=ATTRIBUTES, link_rel=None)
    assert again == html
    return page


def link(url: str, shown: str | None = None) -> str:
    return f'<a href="{url}" target="_blank" rel="noopener noreferrer nofollow">{shown or url}</a>'


def mention(key: str, shown: str) -> str:
    return f'<span class="mention" data-mention="{key}">@{shown}</span>'
