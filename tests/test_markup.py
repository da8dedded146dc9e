"""Message text as HTML: what was typed, with links, and nothing else whatever somebody tries."""

from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.markup import LINKS_LIMIT, to_html


class Page(HTMLParser):
    """What a browser makes of the HTML: its tags with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    @property
    def links(self) -> list[str | None]:
        return [attributes["href"] for _, attributes in self.tags]


def check_harmless(text: str) -> Page:
    """The page shows exactly the text, and has no tags but links of one form to harmless places."""
    page = Page(to_html(text))
    assert page.text == text
    for tag, attributes in page.tags:
        assert tag == "a"
        assert attributes.keys() == {"href", "target", "rel"}
        assert attributes["target"] == "_blank"
        assert attributes["rel"] == "noopener noreferrer nofollow"
        assert str(attributes["href"]).startswith(("http://", "https://", "mailto:"))
    return page


# Links.


@pytest.mark.parametrize(
    ("text", "link"),
    [
        ("https://example.com", "https://example.com"),
        ("see http://example.com/a?b=c&d=e#f now", "http://example.com/a?b=c&d=e#f"),
        ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
        ("read https://example.com.", "https://example.com"),
        ("example.com", "http://example.com"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/"),
        ("ann@example.com", "mailto:ann@example.com"),
        ("https://de.wikipedia.org/wiki/Köln", "https://de.wikipedia.org/wiki/Köln"),
    ],
)
def test_addresses_are_links(text: str, link: str):
    assert check_harmless(text).links == [link]


def test_a_link_shows_what_was_typed():
    html = to_html("see https://example.com/?a=1&b=2 now")
    assert html == (
        'see <a href="https://example.com/?a=1&amp;b=2" target="_blank" rel="noopener noreferrer nofollow">'
        "https://example.com/?a=1&amp;b=2</a> now"
    )


@pytest.mark.parametrize(
    "text", ["Hello", "two\nlines", "  spaces   stay", "**no** _formatting_ `yet`", "1 < 2 & 3 > 2"]
)
def test_everything_else_stays_as_typed(text: str):
    page = check_harmless(text)
    assert page.tags == []


def test_no_more_than_fifty_links():
    page = check_harmless(" ".join(f"https://example.com/{number}" for number in range(100)))
    assert len(page.links) == LINKS_LIMIT == 50


# Hostile texts.


@pytest.mark.parametrize(
    "text",
    [
        "<script>alert(1)</script>",
        "</script><script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        '"><img src=x onerror=alert(1)>',
        "</p></article><style>*{display:none}</style>",
        "<!-- <b>",
        "<![CDATA[<b>]]>",
        "&lt;script&gt;alert(1)&lt;/script&gt;",
        "&#60;b&#62; &amp;amp; &nbsp;",
        "<svg/onload=alert(1)>",
        "<a href=javascript:alert(1)>x</a>",
        "javascript:alert(1)",
        "JaVaScRiPt:alert(1)//example.com/",
        "data:text/html,<script>alert(1)</script>",
        "vbscript:msgbox(1)",
        "file:///etc/passwd",
        "ftp://internal/secret",
        "//host/path",
        "//example.com/path",
        "https://user@evil.example",
        "https://example.com:pass@evil.example/",
        "https://example.com@evil.example/",
        "http://user:pw@127.0.0.1/",
        "https://example.com\\@evil.example/",
        "https://example.com\uff20evil.example/",
        "http://[::1",
        "http://[not-an-address]/",
        "${7*7} {{7*7}} {7*7} %(name)s",
        "`;alert(1);`",
    ],
)
def test_hostile_texts_are_only_text(text: str):
    assert not [link for link in check_harmless(text).links if "@" in str(link) or "evil" in str(link)]


@pytest.mark.parametrize(
    "text",
    [
        'https://example.com/"onmouseover="alert(1)',
        "https://example.com/'onmouseover='alert(1)",
        'https://example.com/?q="><script>alert(1)</script>',
        "https://example.com/<b>bold</b>",
        "https://example.com/&quot;onclick=alert(1)",
        'ann@example.com"onclick="alert(1)',
        'mailto:ann@example.com?subject="><b>',
    ],
)
def test_a_link_cannot_be_left_by_quotes_and_brackets(text: str):
    assert len(check_harmless(text).links) == 1


@pytest.mark.parametrize("scheme", ["ftp", "file", "javascript", "data", "ws", "tel"])
def test_only_the_web_and_mail_are_linked(scheme: str):
    assert check_harmless(f"{scheme}://example.com/x").links in ([], ["http://example.com/x"])


@pytest.mark.parametrize(
    "unit",
    [
        "a", "[", "<", "&", '"', "(", "\n", "/", ".", ":", "@", "-", "a.", "a@", "//", "http://", "http://a",
        "http://a.b/(", "www.", "a@b.c ", "a.b ", "mailto:", "x:", "\u202e", "👩‍👩‍👧", "e\u0301",
    ],
    ids=ascii,
)  # fmt: skip
def test_4000_characters_of_anything_stay_correct(unit: str):
    text = (unit * 4000)[:4000]
    assert check_harmless(text).text == text


@given(st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=300))
def test_any_text_is_harmless(text: str):
    check_harmless(text)


PIECES = ["http://", "https://", "//", "javascript:", "a.b", "example.com", "@", ":", "/", "<", ">", '"', "'", "&", " "]


@given(st.lists(st.sampled_from(PIECES), max_size=20).map("".join))
def test_any_mixture_of_dangerous_pieces_is_harmless(text: str):
    check_harmless(text)
