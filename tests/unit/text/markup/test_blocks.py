"""Blocks: where they begin and end, and tables, tasks and headings."""

import pytest

from chat.text.markup.renderer import to_html, to_plain
from chat.text.markup.rules.block_rules import MAX_CELLS
from tests.unit.text.markup.page import check_harmless


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("> quoted\nanswer", "<blockquote>quoted</blockquote><p>answer</p>"),
        ("> quoted\n> more\nanswer", "<blockquote>quoted\nmore</blockquote><p>answer</p>"),
        ("> > deep\nanswer", "<blockquote><blockquote>deep</blockquote></blockquote><p>answer</p>"),
        ("> - item\nanswer", "<blockquote><ul><li>item</li></ul></blockquote><p>answer</p>"),
        ("- > quoted\nanswer", "<ul><li><blockquote>quoted</blockquote></li></ul><p>answer</p>"),
        ("- one\n- two\nafter", "<ul><li>one</li><li>two</li></ul><p>after</p>"),
        ("1. one\nafter", "<ol><li>one</li></ol><p>after</p>"),
        ("- one\n  - two\nafter", "<ul><li>one<ul><li>two</li></ul></li></ul><p>after</p>"),
        ("- one\n  still one", "<ul><li>one\nstill one</li></ul>"),
        ("# Title\nafter", "<p><strong>Title</strong></p><p>after</p>"),
    ],
)
def test_next_line_is_not_in_quote_or_list(text: str, html: str):
    assert to_html(text) == html
    check_harmless(text)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("1. one\n  - two", "<ol><li>one<ul><li>two</li></ul></li></ol>"),
        (
            "10. one\n  - two\n    - three",
            '<ol><li value="10">one<ul><li>two<ul><li>three</li></ul></li></ul></li></ol>',
        ),
        ("1. one\n  1. two\n2. three", "<ol><li>one<ol><li>two</li></ol></li><li>three</li></ol>"),
        ("-   one\n  - two\n-   three", "<ul><li>one<ul><li>two</li></ul></li><li>three</li></ul>"),
        ("> 1. one\n>   - two", "<blockquote><ol><li>one<ul><li>two</li></ul></li></ol></blockquote>"),
        ("1. one\n   still one", "<ol><li>one\nstill one</li></ol>"),
        ("  1. one\n  2. two", "<ol><li>one</li><li>two</li></ol>"),
    ],
)
def test_two_spaces_nest_a_list(text: str, html: str):
    assert to_html(text) == html


CODE = "<pre><code>code</code></pre>"


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("```code```", "<code>code</code>"),
        ("so: ```code``` and ```code```", "so: <code>code</code> and <code>code</code>"),
        ("text\n```\ncode\n```", f"<p>text</p>{CODE}"),
        ("text ```\ncode\n```", f"<p>text</p>{CODE}"),
        ("one\ntwo: ```text\ncode\n```\nafter", "<p>one\ntwo:</p><pre><code>text\ncode</code></pre><p>after</p>"),
        ("see `x`: ```\ncode\n```", f"<p>see <code>x</code>:</p>{CODE}"),
        ("text ```\ncode\n\ncode\n```", "<p>text</p><pre><code>code\n\ncode</code></pre>"),
        ("- text ```\n  code\n  ```\n- b", f"<ul><li>text{CODE}</li><li>b</li></ul>"),
        ("> text ```\n> code\n> ```", f"<blockquote><p>text</p>{CODE}</blockquote>"),
        ("```\ncode```", CODE),
        ("```\ncode```\nafter\n```\ncode ```", f"{CODE}<p>after</p>{CODE}"),
        ("text ```\ncode```\nafter", f"<p>text</p>{CODE}<p>after</p>"),
        ("```\ncode\n``` after", f"{CODE}<p>after</p>"),
        ("text ```\ncode\n``` after\nit", f"<p>text</p>{CODE}<p>after\nit</p>"),
        ("```\ncode\n``` and\n```\ncode\n```\tafter", f"{CODE}<p>and</p>{CODE}<p>after</p>"),
        ("~~~\ncode\n~~~ *after*", f"{CODE}<p><em>after</em></p>"),
        ("- ```\n  code\n  ``` after\n- b", f"<ul><li>{CODE}after</li><li>b</li></ul>"),
        ("> ```\n> code\n> ``` after\nb", f"<blockquote>{CODE}<p>after</p></blockquote><p>b</p>"),
        ("````\n``` code\n````", "<pre><code>``` code</code></pre>"),
        ("```\n```js\n```", "<pre><code>```js</code></pre>"),
        ("```\n``` after", "<p>```</p><p>``` after</p>"),
        ("```\nuse `x` and ```y```\n```", "<pre><code>use `x` and ```y```</code></pre>"),
        ("text ```\nnever closed", "text ```\nnever closed"),
        ("text ```\n```\nafter", "<p>text ```</p><pre><code>after</code></pre>"),
    ],
)
def test_fences_are_code(text: str, html: str):
    assert to_html(text) == html
    check_harmless(text)


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("# Title", "<p><strong>Title</strong></p>", "Title"),
        ("###### *Small* `x`", "<p><strong><em>Small</em> <code>x</code></strong></p>", "Small x"),
        ("text\n## Title\ntext", "<p>text</p><p><strong>Title</strong></p><p>text</p>", "text Title text"),
        ("> # Title", "<blockquote><p><strong>Title</strong></p></blockquote>", "Title"),
        ("- [ ] buy milk", '<ul><li class="task">☐ buy milk</li></ul>', "☐ buy milk"),
        ("- [x] **done**", '<ul><li class="task">☑ <strong>done</strong></li></ul>', "☑ done"),
        ("1. [X] done\n2. not", '<ol><li class="task">☑ done</li><li>not</li></ol>', "☑ done not"),
        ("- [ ] a\n\n- [x] b", '<ul><li class="task">☐ a</li><li class="task">☑ b</li></ul>', "☐ a ☑ b"),
        ("- [x](y)\n- [y] b", "<ul><li>[x](y)</li><li>[y] b</li></ul>", "[x](y) [y] b"),
    ],
)
def test_headings_and_tasks_are_rendered(text: str, html: str, plain: str):
    assert to_html(text) == html
    assert to_plain(text) == plain
    check_harmless(text)


def table(*rows: str) -> str:
    body = "".join(f"<tr>{row}</tr>" for row in rows[1:])
    html = f"<table><thead><tr>{rows[0]}</tr></thead>{body and f'<tbody>{body}</tbody>'}</table>"
    return f'<div class="table" tabindex="0">{html}</div>'


@pytest.mark.parametrize(
    ("text", "html", "plain"),
    [
        ("|a|b|\n|-|-|\n|1|**2**|", table("<th>a</th><th>b</th>", "<td>1</td><td><strong>2</strong></td>"), "a b 1 2"),
        ("a | b\n--|--\n1|2", table("<th>a</th><th>b</th>", "<td>1</td><td>2</td>"), "a b 1 2"),
        (
            "|a|b|\n|:-:|-:|\n|1|",
            table(
                '<th class="center">a</th><th class="right">b</th>', '<td class="center">1</td><td class="right"></td>'
            ),
            "a b 1",
        ),
        ("|a|\n|-|\n|1|\nafter", table("<th>a</th>", "<td>1</td>") + "<p>after</p>", "a 1 after"),
        ("|a|\n|-|\n|1|2|", table("<th>a</th>") + "<p>|1|2|</p>", "a |1|2|"),
        ("|a|\n|-|\n|1\\|2|", table("<th>a</th>", "<td>1|2</td>"), "a 1|2"),
        ("so:\n|a|\n|-|", f"<p>so:</p>{table('<th>a</th>')}", "so: a"),
        ("> |a|\n> |-|\nb", f"<blockquote>{table('<th>a</th>')}</blockquote><p>b</p>", "a b"),
    ],
)
def test_tables_are_rendered(text: str, html: str, plain: str):
    assert to_html(text) == html
    assert to_plain(text) == plain
    check_harmless(text)


@pytest.mark.parametrize("columns", [2, 20, 100, 300])
def test_cells_of_a_message_are_limited(columns: int):
    table = "|" + "a|" * columns + "\n|" + "-|" * columns + "\n" + "|\n" * 100
    text = (table * 20)[:4000]
    assert sum(tag in {"td", "th"} for tag, _ in check_harmless(text).tags) <= MAX_CELLS
