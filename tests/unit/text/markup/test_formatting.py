"""Formatting: emphasis, code, quotes, lists, and text that stays as typed."""

import pytest

from chat.text.markup.renderer import to_html
from tests.unit.text.markup.page import check_harmless


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("hello", "hello"),
        ("**bold** and __bold__", "<strong>bold</strong> and <strong>bold</strong>"),
        ("*italic* and _italic_", "<em>italic</em> and <em>italic</em>"),
        ("~~gone~~", "<s>gone</s>"),
        ("**bold *and italic* ~~and gone~~**", "<strong>bold <em>and italic</em> <s>and gone</s></strong>"),
        ("***both***", "<em><strong>both</strong></em>"),
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
        (r"\*not italic\* \`not code\` \[not a link\](x)", "*not italic* `not code` [not a link](x)"),
    ],
)
def test_formatting_is_rendered(text: str, html: str):
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
        "hello\n=====\n---\n***",
        "#hello #2 # \n    # indented",
        "| a | b |\n|---|",
        "| no | table |",
        "a || b\n-- || --",
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
def test_other_text_stays_as_typed(text: str):
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
def test_html_is_shown_as_text(text: str):
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
def test_lone_marks_are_shown(text: str):
    assert check_harmless(text).text == text.rstrip()


@pytest.mark.parametrize("ending", ["\r\n", "\r"])
def test_line_ends_of_other_systems_are_read(ending: str):
    assert to_html(f"one{ending}two{ending}{ending}- three{ending}- four") == to_html("one\ntwo\n\n- three\n- four")


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
def test_numbers_are_shown_as_typed(text: str, shown: str):
    assert " ".join(check_harmless(text).shown.split()) == shown
