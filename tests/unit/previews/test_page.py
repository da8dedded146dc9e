"""Reading web pages, which say of themselves what they like."""

import pytest
from yarl import URL

from chat.previews.fetcher import Document
from chat.previews.page import clean_line, read_page
from chat.previews.page_worker import decode, read

HERE = URL("https://site.example/shop/tea")


def page(*parts: str) -> bytes:
    return f"<!doctype html><head>{''.join(parts)}</head><body>Welcome".encode()


def meta(name: str, content: str, attribute: str = "property") -> str:
    return f'<meta {attribute}="{content and name}" content="{content}">'


async def test_page_is_read_in_its_process():
    body = page(meta("og:title", "Tea &amp;\n cake"), meta("og:description", "Hot"), meta("og:image", "../cup.png?a=1"))
    found = await read_page(Document(HERE, "text/html", "utf-8", body))
    assert found
    assert (found.title, found.description) == ("Tea & cake", "Hot")
    assert found.picture == "https://site.example/cup.png?a=1"


@pytest.mark.parametrize("body", [b"", b"Tea", page(), page("<title> \n</title>"), page("<title>\u200b\u2066</title>")])
async def test_page_without_a_title_has_no_preview(body: bytes):
    assert await read_page(Document(HERE, "text/html", "", body)) is None


async def test_page_that_takes_a_parser_forever_has_no_preview():
    """Each of these elements within each other is compared with all around it, which takes half a minute."""
    body = b"<title>Tea</title>" + b"<div>" * 196_000
    assert await read_page(Document(HERE, "text/html", "utf-8", body)) is None


def test_most_telling_title_and_description_count():
    title, plain = "<title>Plain</title>", meta("description", "Plain", "name")
    assert read(page(title, plain), "")["title"] == "Plain"
    twitter = meta("twitter:title", "Bird", "name")
    assert read(page(title, twitter), "")["title"] == "Bird"
    found = read(page(title, plain, twitter, meta("OG:Title ", "Best"), meta("og:title", "Second")), "")
    assert found == {"title": "Best", "description": "Plain", "picture": ""}


def test_empty_values_do_not_count():
    assert read(page("<title>Tea</title>", meta("og:title", " "), "<meta property=og:title>"), "")["title"] == "Tea"


def test_title_of_a_drawing_is_not_that_of_the_page():
    assert read(b"<body><svg><title>Icon</title></svg>", "")["title"] == ""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("  Tea\n\t and\u2028 cake ", "Tea and cake"),
        ("<b>Tea</b> & <script>alert(1)</script>", "<b>Tea</b> & <script>alert(1)</script>"),
        ("\u202etac\u202c \u2066cat\u2069\u200f", "tac cat"),
        ("T\x00e\x1ba\x07\x9b\ud800\ue000", "Tea"),
        ("\u200b\u2060\u3164", ""),
        ("شاي\u200cها", "شاي\u200cها"),
        ("👩\u200d👩\u200d👧", "👩\u200d👩\u200d👧"),
    ],
)
def test_texts_are_plain_and_in_one_line(text: str, line: str):
    assert clean_line(text, 200) == line


def test_long_texts_are_cut():
    assert clean_line("tea " * 1250, 200) == f"{('tea ' * 50).strip()}…"
    assert len(clean_line("t" * 5000, 200)) == 200
    assert len(clean_line("e" + "\u0301" * 5000, 200)) < 20


@pytest.mark.parametrize(
    ("body", "charset"),
    [
        ("Teë".encode(), "utf-8"),
        ("Teë".encode(), ""),
        ("Teë".encode() + "ë".encode()[:1], ""),
        (b"\xef\xbb\xbf" + "Teë".encode(), "windows-1252"),
        ("Teë".encode("utf-16"), ""),
        ("Teë, cake".encode("latin-1"), ""),
        ("Teë".encode("latin-1"), "ISO-8859-1"),
        ("Teë, cake".encode("latin-1"), "no-such-charset"),
        (b"<meta charset=latin1>" + "Teë".encode("latin-1"), ""),
        (b"<meta charset='utf-16'>" + "Teë".encode(), ""),
        (b"<META HTTP-EQUIV=Content-Type CONTENT='text/html; charset=\"utf-8\"'>" + "Teë".encode(), ""),
        ("Teë".encode(), "utf-7"),
        ("Teë".encode(), "unicode_escape"),
        ("Teë".encode(), "base64"),
    ],
)
def test_charset_is_found_as_browsers_do(body: bytes, charset: str):
    assert "Teë" in decode(body, charset)


def test_charsets_of_the_east():
    assert decode("茶".encode("gb18030"), "gb2312") == decode("茶".encode("shift_jis"), "Shift_JIS") == "茶"
    assert decode("чай".encode("koi8-r"), "koi8-r") == "чай"
