"""Where URLs begin and end, in any script."""

import pytest

from chat.text.markup.renderer import to_html, to_plain
from tests.unit.text.markup.page import check_harmless, link


@pytest.mark.parametrize(
    "text",
    [
        "README.md",
        "main.py",
        "see docs/README.md, ./run.sh and src/lib.rs:12",
        "libfoo.so, rules.mk, setup.PY",
        "README.md/x",
        "node.js and a.txt",
    ],
)
def test_file_names_are_no_links(text: str):
    assert to_html(text) == to_plain(text) == text


@pytest.mark.parametrize(
    "text", ["www.readme.md", "https://readme.md", "http://main.py/x", "example.org", "allegro.pl"]
)
def test_sites_are_links(text: str):
    assert check_harmless(text).links


URL = "https://example.com/a"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", "。"),
        ("（", "）"),
        ("“", "”"),
        ("", "، ثم"),
        ("", "؟"),
        ("«", "» oui"),
        ("「", "」です"),
        ("", "。次は"),
        ("नमस्ते ", "।"),
        ("see ", ": this"),
        ("", "—and"),
        ("", "…"),
        ("请看", ""),
        ("ดูที่", " นะ"),
        ("смотри", ""),
        ("見て:", "、"),
        ("(", ":)"),
    ],
)
def test_url_ends_before_punctuation_and_begins_after_letters(before: str, after: str):
    assert to_html(before + URL + after) == before + link(URL) + after
    check_harmless(before + URL + after)


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("请看www.example.com/a，还有example.org吧", ["http://www.example.com/a", "http://example.org"]),
        ("请联系ann@example.com。", ["mailto:ann@example.com"]),
        ("https://example.com吧", ["https://example.com"]),
        ("https://a.example、https://b.example/x", ["https://a.example", "https://b.example/x"]),
        ("日本語.jp", ["http://xn--wgv71a119e.jp"]),
    ],
)
def test_urls_in_text_without_spaces_are_found(text: str, links: list[str]):
    page = check_harmless(text)
    assert page.links == links
    assert page.text == text


@pytest.mark.parametrize(
    "url",
    [
        "http://[::1]:8080/a",
        "http://[::1]",
        "https://[2001:db8::8a2e:370:7334]/a_b?c=d#e",
        "http://[::ffff:192.0.2.1]/",
        "https://example.com/foo_",
        "https://example.com/_foo_",
        "https://example.com/a:b",
        "https://ca.wikipedia.org/wiki/Col·lecció",
        "https://example.com/Hobson’s_choice",
        "https://example.com/1914–1918",
        "https://ja.wikipedia.org/wiki/日本abc_",
    ],
)
def test_url_is_kept_whole(url: str):
    assert to_html(url) == link(url)
    assert to_html(f"({url}).") == f"({link(url)})."


@pytest.mark.parametrize("text", ["http://[::1", "http://[:::::]/", "http://[1]/", "http://[a.example]/"])
def test_invalid_address_is_no_link(text: str):
    assert not check_harmless(text).links


def test_emphasis_around_url_is_not_in_it():
    assert to_html("_https://example.com/a_") == f"<em>{link(URL)}</em>"
    assert to_html("_see https://example.com/a_ now") == f"<em>see {link(URL)}</em> now"
    assert to_html("*https://example.com/a_*") == f"<em>{link(URL + '_')}</em>"
