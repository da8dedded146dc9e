"""Mentions in rendered messages."""

import pytest

from chat.text.markup.mentions import MAX_RENDERED_MENTIONS
from chat.text.markup.renderer import Mentioned, to_html
from tests.unit.text.markup.page import MENTIONS, check_harmless, link, mention


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("@Ann", mention("ann", "Ann")),
        ("hi @ann, (@ANN) @Ann's", f"hi {mention('ann', 'Ann')}, ({mention('ann', 'Ann')}) {mention('ann', 'Ann')}'s"),
        ("@Anna Lee!", mention("lee", "Anna L.") + "!"),
        ("@Anna", "@Anna"),
        ("@Anna Leeds", "@Anna Leeds"),
        ("**@Ann**", f"<strong>{mention('ann', 'Ann')}</strong>"),
        (
            "> @Ann\n- @all",
            f"<blockquote>{mention('ann', 'Ann')}</blockquote><ul><li>{mention('all', 'all')}</li></ul>",
        ),
        ("@_bob_ _x_", mention("bob", "*Bob* &lt;b&gt;") + " <em>x</em>"),
        ("@ليلى", mention("layla", "<bdi>ليلى</bdi>")),
        ("@Ann:tada:", mention("ann", "Ann") + "🎉"),
        ("cc:@Ann,@all", f"cc:{mention('ann', 'Ann')},{mention('all', 'all')}"),
        ("@nobody and @", "@nobody and @"),
        ("x@Ann @@Ann @Annx @Ann_ @Ann\u0301 @Ann\u200dx", "x@Ann @@Ann @Annx @Ann_ @Ann\u0301 @Ann\u200dx"),
        (r"\@Ann", "@Ann"),
        ("`@Ann`", "<code>@Ann</code>"),
        ("```\n@Ann\n```", "<pre><code>@Ann</code></pre>"),
        ("https://example.com/@Ann", link("https://example.com/@Ann")),
        ("[x](https://example.com/@Ann)", link("https://example.com/@Ann", "x")),
        ("example.com/(@Ann)", link("http://example.com/(@Ann)", "example.com/(@Ann)")),
        ("x@all.de", link("mailto:x@all.de", "x@all.de")),
        ("[@Ann](https://example.com)", link("https://example.com", mention("ann", "Ann"))),
        ("＠Ann", mention("ann", "Ann")),
        ("こんにちは＠annさん", f"こんにちは{mention('ann', 'Ann')}さん"),
        ("你好，﹫Ann。", f"你好，{mention('ann', 'Ann')}。"),
        ("「＠all」", f"「{mention('all', 'all')}」"),
        ("é＠Ann ＠＠Ann ＠Annx", "é＠Ann ＠＠Ann ＠Annx"),
        ("＠ alone, mail＠example", "＠ alone, mail＠example"),
    ],
)
def test_mentions_are_marked(text: str, html: str):
    assert to_html(text, MENTIONS) == html
    check_harmless(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("@田中さん", f"{mention('t', '田中')}さん"),
        ("こんにちは@田中", f"こんにちは{mention('t', '田中')}"),
        ("**＠田中**と@田中太郎", f"<strong>{mention('t', '田中')}</strong>と{mention('tt', '田中太郎')}"),
        ("@Anna Leeds", f"{mention('a', 'Anna')} Leeds"),
        ("@田中々", "@田中々"),
    ],
)
def test_longest_name_that_can_end_is_marked(text: str, html: str):
    names = {"田中": "t", "田中太郎": "tt", "Anna": "a", "Anna Lee": "al"}
    assert to_html(text, {name: Mentioned(key, name) for name, key in names.items()}) == html


def test_at_sign_without_mentions_is_text():
    assert to_html("@Ann") == to_html("@Ann", {}) == to_html("@Ann", {"": Mentioned("x", "x")}) == "@Ann"


def test_mentions_are_limited_to_fifty():
    page = check_harmless("@Ann " * 200)
    assert len(page.tags) == MAX_RENDERED_MENTIONS == 50
    assert page.text.count("@Ann") == 200
