"""Limits: nesting, and the size of hostile messages."""

from itertools import product

import pytest

from chat.domain.text.cleaning import TEXT_LIMIT
from chat.text.markup.renderer import to_html, to_plain
from chat.text.markup.rules.block_rules import MAX_NESTING
from tests.support.sampling import sampled
from tests.unit.text.markup.page import MENTIONS, check_harmless


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
def test_nesting_is_limited_and_text_is_kept(text: str):
    page = check_harmless(text)
    assert "deep" in page.text
    assert page.deepest <= 2 * MAX_NESTING


UNITS = [
    "a", "[", "]", "[a](", "![[[", "<", "<a", "&", '"', "(", "\n", "/", ".", ":", "@", "-", "a.", "a@", "//", "http://",
    "http://a", "http://a.b/(", "www.", "a@b.c ", "a.b ", "mailto:", "x:", "*", "_*_*", "**a", "`", "``a`", "~~", "\\",
    "www.xn--", "$a.", "> ", ">\n", "- ", "- a\n", "  - a\n", "1. ", "1. a\n", "```\n", "~~~", "@Ann ",
    ":tada:", "\u202e", "👩‍👩‍👧", "e\u0301",
]  # fmt: skip


@pytest.mark.parametrize("unit", sampled(UNITS, every=5), ids=ascii)
def test_4000_characters_of_markup_stay_harmless_and_small(unit: str):
    text = (unit * TEXT_LIMIT)[:TEXT_LIMIT]
    check_harmless(text)
    assert len(to_html(text, MENTIONS)) < 10 * TEXT_LIMIT
    assert len(to_plain(text)) <= 120


LANGUAGES = ["python", "java", "csharp", "typescript", "php", "html"]
CODE = ["a ", "a\n", "?_", "1+", "'", "<a ", "{"]


@pytest.mark.parametrize(("language", "unit"), sampled(product(LANGUAGES, CODE), every=5))
def test_4000_characters_of_code_stay_harmless_and_small(language: str, unit: str):
    code = (unit * TEXT_LIMIT)[:3900].strip()
    text = f"```{language}\n{code}\n```"
    assert check_harmless(text).text == code
    assert len(to_html(text)) < 10 * TEXT_LIMIT
