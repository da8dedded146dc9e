"""Links: URLs and mail addresses, and links that would mislead."""

import pytest

from chat.text.markup.parser import MAX_LINKS
from chat.text.markup.renderer import first_link, to_html
from tests.unit.text.markup.page import check_harmless, link


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("https://example.com", "https://example.com"),
        ("see http://example.com/a?b=c&d=e#f now", "http://example.com/a?b=c&d=e#f"),
        ("(https://example.com/a_(b))", "https://example.com/a_(b)"),
        ("read https://example.com.", "https://example.com"),
        ("HTTPS://EXAMPLE.com/A", "https://EXAMPLE.com/A"),
        ("example.com", "http://example.com"),
        ("x=example.com", "http://example.com"),
        ("www.example.com/x", "http://www.example.com/x"),
        ("http://127.0.0.1:3000/", "http://127.0.0.1:3000/"),
        ("[x](http://[::1]:3000/)", "http://[::1]:3000/"),
        ("ann@example.com", "mailto:ann@example.com"),
        ("<ann@example.com>", "mailto:ann@example.com"),
        ("<https://example.com/a b>, <https://example.com/a>", "https://example.com/a"),
        ("https://de.wikipedia.org/wiki/Köln", "https://de.wikipedia.org/wiki/Köln"),
        ("https://example.com/snake_case_*name*/__init__.py", "https://example.com/snake_case_*name*/__init__.py"),
        ("**https://example.com/a**", "https://example.com/a"),
        ("_https://example.com/a_", "https://example.com/a"),
        ("~~example.com/a~~", "http://example.com/a"),
        ("https://example.com/:tada:/@Ann", "https://example.com/:tada:/@Ann"),
        ("[text](https://example.com/a_b)", "https://example.com/a_b"),
        ("[text](<https://example.com/(a>)", "https://example.com/(a"),
        ("[**bold** `code`](mailto:ann@example.com?subject=x)", "mailto:ann@example.com?subject=x"),
        ("مرحبا https://example.com/a\u200f", "https://example.com/a"),
    ],
)
def test_urls_are_links(text: str, url: str):
    assert url in check_harmless(text).links


def test_link_shows_what_was_typed():
    assert to_html("see https://example.com/?a=1&b=2 now") == (f"see {link('https://example.com/?a=1&amp;b=2')} now")


def test_text_can_be_a_link():
    assert to_html("[*this* page](https://example.com)") == link("https://example.com", "<em>this</em> page")


def test_title_is_dropped():
    assert to_html('[x](https://example.com "title")') == link("https://example.com", "x")


@pytest.mark.parametrize(
    "text",
    [
        "[x](javascript:alert(1))",
        "[x](//example.com)",
        "[x](/path)",
        "[x](#id)",
        "[x](example)",
        "[x](https:example.com)",
        "[x](https:///example.com)",
        "[x](https://user:pw@evil.example)",
        "[x](https://example.com:99999)",
        "[x](http://xn--a/)",
        "[x](http://256.0.0.1/)",
        "[x](tel:123)",
        "[x]()",
        "[](x)",
        "<javascript:alert(1)>",
        "<ftp://example.org>",
        "https://user@evil.example",
        "https://user:pw@evil.example/",
        "//example.org/path",
        "[x] (y)",
        "[x](https://example.com\\@evil.example)",
        "https://example.com\\@evil.example/",
    ],
)
def test_unsafe_link_is_shown_as_typed(text: str):
    page = check_harmless(text)
    assert not page.links
    assert page.text == text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[x](example.com)", ["http://example.com"]),
        ("https://example.com\uff20evil.example/", ["https://example.com"]),
        ("[x](https://exa%6dple.com)", ["https://exa", "http://6dple.com"]),
        ("[x](blob:https://example.com/1)", ["https://example.com/1"]),
        ("[[a](https://a.example)](https://b.example)", ["https://a.example", "https://b.example"]),
    ],
)
def test_url_within_unsafe_link_leads_where_it_says(text: str, links: list[str]):
    assert check_harmless(text).links == links


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("https://köln.example/ä", link("https://xn--kln-sna.example/ä", "https://köln.example/ä")),
        ("https://faß.example", link("https://xn--fa-hia.example", "https://faß.example")),
        ("https://xn--kln-sna.example", link("https://xn--kln-sna.example")),
        ("<https://xn--80ak6aa92e.com>", link("https://xn--80ak6aa92e.com")),
        ("xn--80ak6aa92e.com", link("http://xn--80ak6aa92e.com", "xn--80ak6aa92e.com")),
    ],
)
def test_international_hosts_are_encoded_and_never_decoded(text: str, html: str):
    assert to_html(text) == html


@pytest.mark.parametrize(
    "shown",
    [
        "https://bank.example",
        "bank.example",
        "www.bank.example/login",
        "see https://bank.example/",
        "**bank**.example",
        "bank.exam\u200bple",
        "ｂａｎｋ.example",
        "bank。example",
        "bánk.example",
        "<https://bank.example>",
        "ann@bank.example",
        "https://evil.example@bank.example",
        "192.168.0.1",
        "http://localhost",
    ],
)
def test_true_host_follows_link_that_names_another(shown: str):
    page = check_harmless(f"[{shown}](https://evil.example/login)")
    assert page.links == ["https://evil.example/login"]
    assert page.text.endswith(" (evil.example)")


@pytest.mark.parametrize(
    "text",
    [
        "[https://example.com](https://example.com/page)",
        "[example.com/a.html](https://www.example.com/b)",
        "[www.example.com](https://example.com)",
        "[EXAMPLE.com](https://example.com)",
        "[köln.example](https://xn--kln-sna.example)",
        "[release 1.2.3, e.g. for me](https://example.com)",
        "[ann@example.com](mailto:ann@example.com)",
    ],
)
def test_link_that_names_its_host_stands_alone(text: str):
    page = check_harmless(text)
    assert page.text == text[1 : text.index("]")]
    assert len(page.links) == 1


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\u3164", "\u200f"])
def test_blank_link_shows_its_url(nothing: str):
    assert "https://evil.example" in check_harmless(f"[{nothing}](https://evil.example)").text


@pytest.mark.parametrize(
    "text",
    [
        " ".join(f"https://example.com/{number}" for number in range(100)),
        " ".join(f"example{number}.com" for number in range(100)),
        " ".join(f"[{number}](http://a.b)" for number in range(100)),
        " ".join(f"<http://a.b/{number}>" for number in range(100)),
        " ".join(f"[{number}](http://a.b) a{number}.de https://c.d" for number in range(90)),
        "\n\n".join(f"> - https://example.com/{number}" for number in range(90)),
    ],
)
def test_links_are_limited_to_fifty(text: str):
    page = check_harmless(text)
    assert len(page.links) == MAX_LINKS == 50
    assert "89" in page.text


@pytest.mark.parametrize(
    ("text", "host"),
    [
        ("https://аррӏе.com/login", "xn--80ak6aa92e.com"),
        ("аррӏе.com", "xn--80ak6aa92e.com"),
        ("<https://аррӏе.com>", "xn--80ak6aa92e.com"),
        ("[https://аррӏе.com](https://аррӏе.com)", "xn--80ak6aa92e.com"),
        ("[go to аррӏе.com](https://аррӏе.com)", "xn--80ak6aa92e.com"),
        ("bob@аррӏе.com", "xn--80ak6aa92e.com"),
        ("https://gооgle.com", "xn--ggle-55da.com"),
        ("https://ɡoogle.com", "xn--oogle-qmc.com"),
        ("<https://apple.comꓸevil.com>", "apple.xn--comevil-478y.com"),
        ("<https://apple.comノevil.com>", "apple.xn--comevil-v04f.com"),
    ],
)
def test_true_host_follows_a_url_that_looks_like_another(text: str, host: str):
    assert to_html(text).endswith(f"</a> ({host})")


@pytest.mark.parametrize(
    "url",
    [
        "https://café.fr", "https://łódź.pl", "https://faß.de/ü", "https://пример.рф", "https://кот.рф",
        "https://яндекс.com", "https://日本語.jp", "https://ドメイン名例.jp", "https://한국.kr", "https://ελλάδα.gr",
        "https://example.com/путь", "https://xn--80ak6aa92e.com",
    ],
)  # fmt: skip
def test_honest_hosts_of_any_script_stand_alone(url: str):
    assert to_html(url).endswith(f">{url}</a>")


@pytest.mark.parametrize(
    ("text", "url"),
    [
        ("see https://example.com/a?b=c&d=e, https://example.org", "https://example.com/a?b=c&d=e"),
        ("see [this](https://example.com/a)", "https://example.com/a"),
        ("example.com", "http://example.com"),
        ("> https://example.com\n\nYes", "https://example.com"),
        ("ann@example.com, example.org", "http://example.org"),
        ("https://bücher.example/", "https://xn--bcher-kva.example/"),
        ("||https://example.com|| example.org", "http://example.org"),
        ("||https://example.com||", ""),
        ("`https://example.com`", ""),
        ("```\nhttps://example.com\n```", ""),
        ("javascript://example.com ftp://example.com", ""),
        ("https://ann:secret@example.com/", ""),
        ("Hello. You. 1.5, e.g. 10.000", ""),
        ("", ""),
    ],
)
def test_first_link_is_that_to_the_web(text: str, url: str):
    assert first_link(text) == url
