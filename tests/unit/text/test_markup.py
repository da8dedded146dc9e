"""Message text as HTML: formatting, links, emoji and mentions, and nothing else whatever somebody tries."""

import re
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit

import nh3
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.text.cleaning import TEXT_LIMIT
from chat.text.markup.renderer import LINKS_LIMIT, MENTIONS_LIMIT, NESTING_LIMIT, Mentioned, is_big, to_html, to_plain
from tests.support.hostile_texts import HOSTILE

ATTRIBUTES = {
    "a": {"href", "target", "rel"},
    "li": {"value"},
    "span": {"class", "data-mention"},
    **{tag: set() for tag in ("bdi", "blockquote", "code", "em", "ol", "p", "pre", "s", "strong", "ul")},
}
TOKEN_CLASSES = {"c", "gd", "gh", "gi", "k", "m", "na", "nb", "nd", "nf", "nt", "s"}
MENTIONS = {
    "Ann": Mentioned("ann", "Ann"),
    "Anna Lee": Mentioned("lee", "Anna L."),
    "_bob_": Mentioned("bob", "*Bob* <b>"),
    "ليلى": Mentioned("layla", "ليلى"),
    "all": Mentioned("all", "all"),
}


class Page(HTMLParser):
    """What a browser makes of the HTML: its tags with their attributes, its text, and all that is shown."""

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
        self.shown += " " * (tag in {"p", "li", "pre", "blockquote"})
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
        self.shown += data

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    handle_decl = handle_pi = unknown_decl = handle_comment

    @property
    def links(self) -> list[str]:
        return [str(attributes["href"]) for tag, attributes in self.tags if tag == "a"]


def check_harmless(text: str) -> Page:
    """What comes out is well-formed, has no tags, attributes, classes and links but the few there should be."""
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
        elif tag == "span":
            assert attributes["class"] in TOKEN_CLASSES
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


def link(address: str, shown: str | None = None) -> str:
    return f'<a href="{address}" target="_blank" rel="noopener noreferrer nofollow">{shown or address}</a>'


# Formatting.


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("hello", "hello"),
        ("**bold** and __bold__", "<strong>bold</strong> and <strong>bold</strong>"),
        ("*italic* and _italic_", "<em>italic</em> and <em>italic</em>"),
        ("~~gone~~", "<s>gone</s>"),
        ("**bold *and italic* ~~and gone~~**", "<strong>bold <em>and italic</em> <s>and gone</s></strong>"),
        ("***both***", "<em><strong>both</strong></em>"),
        ("un*believ*able", "un<em>believ</em>able"),
        ("`code`", "<code>code</code>"),
        ("`**not** <b> :tada: @Ann`", "<code>**not** &lt;b&gt; :tada: @Ann</code>"),
        ("``a ` tick``", "<code>a ` tick</code>"),
        ("> a quote\n> of two lines", "<blockquote>a quote\nof two lines</blockquote>"),
        ("> one\n> > two", "<blockquote><p>one</p><blockquote>two</blockquote></blockquote>"),
        ("> **who**: what\n\nan answer", "<blockquote><strong>who</strong>: what</blockquote><p>an answer</p>"),
        ("- one\n- two", "<ul><li>one</li><li>two</li></ul>"),
        ("* one\n* `two`", "<ul><li>one</li><li><code>two</code></li></ul>"),
        ("1. one\n2. two", "<ol><li>one</li><li>two</li></ol>"),
        ("To do:\n- eat\n- sleep", "<p>To do:</p><ul><li>eat</li><li>sleep</li></ul>"),
        (
            "- one\n  - two\n    1. three\n- four",
            "<ul><li>one<ul><li>two<ol><li>three</li></ol></li></ul></li><li>four</li></ul>",
        ),
        ("- one\n\n  still one\n- two", "<ul><li><p>one</p><p>still one</p></li><li>two</li></ul>"),
        ("> - one\n>   ```\n>   x\n>   ```", "<blockquote><ul><li>one<pre><code>x</code></pre></li></ul></blockquote>"),
        ("one\n\ntwo", "<p>one</p><p>two</p>"),
        (r"\*not italic\* \`not code\` \[not a link\]", "*not italic* `not code` [not a link]"),
    ],
)
def test_formatting(text: str, html: str):
    assert to_html(text) == html
    check_harmless(text)


@pytest.mark.parametrize(
    "text",
    [
        "two\nlines",
        "if hungry:\n    eat()  # now\nelse:   sleep()",
        "   leading and   inner spaces",
        "tabs\tand\n\ttabs",
        "snake_case_name and __dunder",
        "2 * 3 * 4 ** 5",
        "a ~ b ~~ c",
        "`one tick",
        "# hello\n## hello\nhello\n=====\n---\n***",
        "| a | b |\n|---|---|\n| 1 | 2 |",
        "[reference]: https\n[reference] [x][reference] [ ]",
        "![no image]",
        "¯\\_(ツ)_/¯",
        "well ¯\\_(ツ)_/¯ well ¯\\_(ツ)_/¯",
        "C:\\Users\\new and \\n",
        "a backslash\\\n  and a line",
        "*️⃣ and *️⃣",
        ":) :-( ;) :D ^_^ -_- T_T ^__^ o_O",
        "مرحبا بالجميع",
        "العربية and English עברית 中文",
        "می‌خواهم",
        "Ω≈ç√∫ ½ ﬁ",
    ],
)
def test_what_is_no_markup_stays_as_typed(text: str):
    assert to_html(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "<3",
        "a < b && c > d",
        "<b>bold</b>",
        "&amp; &lt;",
        "1 << 2 >> 3",
        "<!-- no -->",
        ">_<",
        "x >_< >_< y",
        ">:(",
        "\"'",
    ],
)
def test_what_is_markup_for_browsers_only_is_text(text: str):
    page = check_harmless(text)
    assert (page.text, page.tags) == (text, [])


@pytest.mark.parametrize(
    "text",
    [
        "-",
        "- ",
        "*",
        "+",
        "1.",
        "2) ",
        ">",
        "> ",
        ">>>",
        "* * *",
        "- - -",
        "-\n-\n-",
        "1. -",
        "```",
        "~~~",
        "__",
    ],
)
def test_marks_alone_are_shown(text: str):
    assert check_harmless(text).text == text.rstrip()


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems(ending: str):
    assert to_html(f"one{ending}two{ending}{ending}- three{ending}- four") == to_html("one\ntwo\n\n- three\n- four")


# Numbers.


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("3. c\n4. d", "3. c 4. d"),
        ("1. a\n1. b\n5. e", "1. a 1. b 5. e"),
        ("0. zero\n1. one", "0. zero 1. one"),
        ("1. a\n   7. g\n2. b", "1. a 7. g 2. b"),
        ("2023. was good", "2023. was good"),
        ("1. a\n\n2023. was good", "1. a 2023. was good"),
        ("007. Bond", "007. Bond"),
        ("1.5 litres", "1.5 litres"),
        ("99999999999. x", "99999999999. x"),
    ],
)
def test_numbers_are_shown_as_they_were_typed(text: str, shown: str):
    assert " ".join(check_harmless(text).shown.split()) == shown


# Code.


def test_code_is_coloured():
    assert to_html('```python\ndef f():\n    return "<b>"  # 1\n```') == (
        '<pre><code><span class="k">def</span> <span class="nf">f</span>():\n    <span class="k">return</span> '
        '<span class="s">"&lt;b&gt;"</span>  <span class="c"># 1</span></code></pre>'
    )


@pytest.mark.parametrize("language", ["py", "JS", "c++", "sh", "rs", "html", "c#", "yml", "diff", "sql"])
def test_languages_by_their_usual_names(language: str):
    page = check_harmless(f"```{language}\n+ if: (x) then 'y' <b> -- 1\n```")
    assert page.text == "+ if: (x) then 'y' <b> -- 1"
    assert any(tag == "span" for tag, _ in page.tags)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("```\nplain  **x**\n\n  y\n```", "plain  **x**\n\n  y"),
        ("~~~\nplain\n~~~", "plain"),
        ("```\nnever closed", "never closed"),
        ("```klingon\nqapla\n```", "klingon\nqapla"),
        ("```what is\nthis?\n```", "what is\nthis?"),
        ("```\n\n  first line empty\n```", "\n  first line empty"),
        ("````\n```\nticks\n```\n````", "```\nticks\n```"),
    ],
)
def test_code_without_colours(text: str, code: str):
    page = check_harmless(text)
    assert (page.text, [tag for tag, _ in page.tags]) == (code, ["pre", "code"])


def test_much_code_has_colours_only_at_its_start():
    code = "\n".join(f"x{number} = {number}" for number in range(330))
    html = to_html(f"```python\n{code}\n```")
    assert Page(html).text == code
    assert 50 < html.count("<span") < 600


def test_many_pieces_of_code_have_colours_only_in_the_first():
    html = to_html("```python\nx = 1\n```\n" * 20)
    assert (html.count("<pre>"), html.count("<span")) == (20, 3)


# Links.


@pytest.mark.parametrize(
    ("text", "address"),
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
def test_addresses_are_links(text: str, address: str):
    assert address in check_harmless(text).links


def test_a_link_shows_what_was_typed():
    assert to_html("see https://example.com/?a=1&b=2 now") == (f"see {link('https://example.com/?a=1&amp;b=2')} now")


def test_text_can_be_a_link():
    assert to_html("[*this* page](https://example.com)") == link("https://example.com", "<em>this</em> page")


def test_a_title_is_dropped():
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
    ],
)
def test_what_leads_elsewhere_is_shown_as_typed(text: str):
    page = check_harmless(text)
    assert not page.links
    assert page.text == text


@pytest.mark.parametrize(
    ("text", "links"),
    [
        ("[x](example.com)", ["http://example.com"]),
        ("[x](https://example.com\\@evil.example)", ["https://example.com"]),
        ("https://example.com\\@evil.example/", ["https://example.com"]),
        ("https://example.com\uff20evil.example/", ["https://example.com"]),
        ("[x](https://exa%6dple.com)", ["https://exa", "http://6dple.com"]),
        ("[x](blob:https://example.com/1)", ["https://example.com/1"]),
        ("[[a](https://a.example)](https://b.example)", ["https://a.example", "https://b.example"]),
    ],
)
def test_what_is_no_link_may_have_addresses_in_it_that_lead_where_they_say(text: str, links: list[str]):
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
def test_hosts_with_other_letters_are_encoded_and_never_decoded(text: str, html: str):
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
def test_a_link_that_names_another_host_has_the_true_one_after_it(shown: str):
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
def test_a_link_that_names_its_host_stands_alone(text: str):
    page = check_harmless(text)
    assert page.text == text[1 : text.index("]")]
    assert len(page.links) == 1


@pytest.mark.parametrize("nothing", ["", " ", "\u200b", "\u3164", "\u200f"])
def test_a_link_that_shows_nothing_shows_its_address(nothing: str):
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
def test_no_more_than_fifty_links(text: str):
    page = check_harmless(text)
    assert len(page.links) == LINKS_LIMIT == 50
    assert "89" in page.text


# Emoji.


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        (":tada:", "🎉"),
        ("well done :tada::+1: :-1:!", "well done 🎉👍 👎!"),
        ("**:heart:** (:100:)", "❤️ (💯)"),
        ("> :eyes:\n- :eyes:", "👀👀"),
        ("[:eyes:](https://example.com)", "👀"),
        (":nothing_like_this: :tada:", ":nothing_like_this: 🎉"),
        ("12:30:45 at 10:100:1", "12:30:45 at 10:100:1"),
        ("std::heart::x a:heart:", "std::heart::x a:heart:"),
        (r"\:tada:", ":tada:"),
        ("`:tada:` :tada:", ":tada: 🎉"),
        ("```\n:tada:\n```", ":tada:"),
        ("https://example.com/:tada:", "https://example.com/:tada:"),
        (":Tada: : tada: :ta da:", ":Tada: : tada: :ta da:"),
    ],
)
def test_shortcodes_are_emoji(text: str, shown: str):
    assert check_harmless(text).text == shown


@pytest.mark.parametrize(
    "text",
    [
        "🎉",
        ":tada:",
        "🎉 🎉\n🎉",
        ":tada: 👍🏽 👨‍👩‍👧 ❤️ 🇩🇪 1️⃣",
        "🏴󠁧󠁢󠁥󠁮󠁧󠁿",
        "👩🏽‍❤️‍👨🏽" * 6,
        " 🎉 ",
        ":couple_with_heart_woman_man: " * 6,
    ],
)
def test_emoji_alone_are_big(text: str):
    assert is_big(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "a",
        "1",
        "🎉!",
        "🎉" * 7,
        ":tada:" * 7,
        ":nothing:",
        "hi 🎉",
        "- 🎉",
        "`🎉`",
        "\ufe0f\u200d",
        "🇩",
        ":tada: x" * 500,
    ],
)
def test_what_is_not_only_a_few_emoji_is_not_big(text: str):
    assert not is_big(text)


# Mentions.


def mention(key: str, shown: str) -> str:
    return f'<span class="mention" data-mention="{key}">@{shown}</span>'


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
    ],
)
def test_mentions(text: str, html: str):
    assert to_html(text, MENTIONS) == html
    check_harmless(text)


def test_without_mentions_an_at_sign_is_text():
    assert to_html("@Ann") == to_html("@Ann", {}) == to_html("@Ann", {"": Mentioned("x", "x")}) == "@Ann"


def test_no_more_than_fifty_mentions():
    page = check_harmless("@Ann " * 200)
    assert len(page.tags) == MENTIONS_LIMIT == 50
    assert page.text.count("@Ann") == 200


# Plain text.


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("**bold** _it_ ~~s~~ `code` <b> & &amp;", "bold it s code <b> & &amp;"),
        ("one\n\n  two\tthree", "one two three"),
        ("> quote\n\n- a\n- b\n\n```python\nx = 1\ny = 2\n```", "quote a b x = 1 y = 2"),
        (":tada: [text](https://example.com) https://example.com/a_b", "🎉 text https://example.com/a_b"),
        ("@Ann \u202eevil", "@Ann evil"),
        ("[bank.example](https://evil.example/?<>)", "bank.example (evil.example)"),
    ],
)
def test_plain_text_is_one_line_without_markup(text: str, plain: str):
    assert to_plain(text) == plain


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("one two three", "one two…"),
        ("onetwothree", "onetwothr…"),
        ("one twothree", "one twoth…"),
        ("one two 345", "one two…"),
        ("one two 34", "one two 34"),
        ("12345678👍🏽x", "12345678…"),
        ("1234567👨‍👩‍👧x", "1234567…"),
        ("12345678e\u0301xxx", "12345678…"),
    ],
)
def test_plain_text_is_cut_at_a_word_and_never_within_a_character(text: str, plain: str):
    assert to_plain(text, limit=10) == plain


@given(st.text(max_size=300), st.integers(10, 150))
def test_plain_text_keeps_its_limit(text: str, limit: int):
    plain = to_plain(text, limit)
    assert len(plain) <= limit
    assert plain == " ".join(plain.split())


# Directions, and what nobody sees.


@pytest.mark.parametrize(
    "control", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
)
@pytest.mark.parametrize(
    "text", ["a{}b", "`a{}b`", "```\na{}b\n```", "[a{}b](https://example.com/{})", "https://a{}b.example/{}"]
)
def test_no_message_turns_the_direction_of_others(control: str, text: str):
    assert to_html(text.replace("{}", control)) == to_html(text.replace("{}", ""))


def test_marks_of_direction_stay_in_text_but_not_in_addresses():
    assert to_html("C++\u200f في") == "C++\u200f في"
    assert Page(to_html("https://example.com/a\u200f/b")).links == ["https://example.com/a"]
    assert Page(to_html("[x](https://example.com/a\u200f/b)")).links == ["https://example.com/a"]


def test_piles_of_accents_are_cut():
    assert to_html("e" + "\u0301" * 500 + "x") == "e" + "\u0301" * 8 + "x"


def test_controls_and_lone_surrogates_go():
    assert to_html("a\x00b\x1b\ud800c\x85") == "abc"


# Bounds.


@pytest.mark.parametrize(
    "text",
    [
        "> " * 50 + "deep",
        "- " * 50 + "deep",
        "1. > - " * 50 + "deep",
        "\n".join("  " * depth + f"- {depth}" for depth in range(20)) + "deep",
        "".join(f"{'*_'[n % 2]}" for n in range(50)) + "deep" + "".join(f"{'_*'[n % 2]}" for n in range(50)),
        "**a " * 50 + "deep" + " b**" * 50,
        "[" * 20 + "deep" + "](http://a.b)" * 20,
    ],
)
def test_nesting_is_bounded_and_nothing_is_lost(text: str):
    page = check_harmless(text)
    assert "deep" in page.text
    assert page.deepest <= 2 * NESTING_LIMIT


UNITS = [
    "a", "[", "]", "[a](", "![[[", "<", "<a", "&", '"', "(", "\n", "/", ".", ":", "@", "-", "a.", "a@", "//", "http://",
    "http://a", "http://a.b/(", "www.", "a@b.c ", "a.b ", "mailto:", "x:", "*", "_*_*", "**a", "`", "``a`", "~~", "\\",
    "www.xn--", "$a.", "> ", ">\n", "- ", "- a\n", "  - a\n", "1. ", "1. a\n", "```\n", "~~~", "@Ann ",
    ":tada:", "\u202e", "👩‍👩‍👧", "e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("unit", UNITS, ids=ascii)
def test_4000_characters_of_anything_stay_harmless_and_small(unit: str):
    text = (unit * TEXT_LIMIT)[:TEXT_LIMIT]
    check_harmless(text)
    assert len(to_html(text, MENTIONS)) < 10 * TEXT_LIMIT
    assert len(to_plain(text)) <= 120


@pytest.mark.parametrize("language", ["python", "java", "csharp", "typescript", "php", "html"])
@pytest.mark.parametrize("unit", ["a ", "a\n", "?_", "1+", "'", "<a ", "{"])
def test_4000_characters_of_code_stay_harmless_and_small(language: str, unit: str):
    code = (unit * TEXT_LIMIT)[:3900].strip()
    text = f"```{language}\n{code}\n```"
    assert check_harmless(text).text == code
    assert len(to_html(text)) < 10 * TEXT_LIMIT


# Hostile texts.


def test_there_are_many_hostile_texts():
    assert len(set(HOSTILE)) >= 60
    assert max(map(len, HOSTILE)) <= TEXT_LIMIT


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: ascii(text)[:50])
def test_hostile_texts_do_no_harm(text: str):
    check_harmless(text)
    assert "\n" not in to_plain(text)


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
    page = check_harmless(text)
    assert len(page.links) == 1
    assert page.text == text


@given(st.text(max_size=300))
def test_any_text_is_harmless(text: str):
    check_harmless(text)


PIECES = [
    "http://", "https://", "//", "javascript:", "a.b", "example.com", "@", ":", "/", "<", ">", '"', "'", "&", " ", "\n",
    "*", "**", "_", "~~", "`", "```", "```py\n", "~~~", "[", "](", ")", "!", "\\", "- ", "1. ", "> ", "    ", "\t",
    "#", "|", ":tada:", "@Ann", "@Anna Lee", "&#58;", "&colon;", "\u202e", "\u200f", "\u0301", "\x00", "ä", "م",
    "{{", "</code>",
]  # fmt: skip


@given(st.lists(st.sampled_from(PIECES), max_size=30).map("".join))
def test_any_mixture_of_dangerous_pieces_is_harmless(text: str):
    check_harmless(text)


# Nothing is lost.


def is_kept(written: str, shown: str) -> bool:
    """Whether all letters and digits that were written are shown, in that order."""
    rest = iter(shown)
    return all(letter in rest for letter in written if letter.isalnum())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_no_letter_or_digit_is_lost(text: str):
    assert is_kept(text, Page(to_html(text)).shown)


# What is typed, and what of it is to be seen.
WORDS = ["alpha", "Beta 7", "2023", "snake_case", "42.", "ä", "مرحبا", "字", "x.y.z", "https://b.de/a", "a@b.de"]
MARKS = [
    "*", "**", "_", "~~", "`", "``", "```", "\n```\n", "~~~\n", "[", "](https://example.com/", "](", ")", "<", ">",
    "\\", "!", "\n", "\n\n", " ", "  ", "    ", "\t", "\n- ", "\n* ", "\n1. ", "\n7) ", "\n  - ", "\n> ", "\n>", "#",
    "|", "-", ".", ":", "&",
]  # fmt: skip


@given(st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=40).map("".join))
def test_no_letter_or_digit_is_lost_between_marks(text: str):
    assert is_kept(text, Page(to_html(text)).shown)
