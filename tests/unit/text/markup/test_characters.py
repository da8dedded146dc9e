"""Directional controls, piles of accents and other disruptive characters."""

import pytest

from chat.text.markup.renderer import to_html
from tests.unit.text.markup.page import Page


@pytest.mark.parametrize(
    "control", ["\u202a", "\u202b", "\u202c", "\u202d", "\u202e", "\u2066", "\u2067", "\u2068", "\u2069"]
)
@pytest.mark.parametrize(
    "text", ["a{}b", "`a{}b`", "```\na{}b\n```", "[a{}b](https://example.com/{})", "https://a{}b.example/{}"]
)
def test_directional_controls_are_removed(control: str, text: str):
    assert to_html(text.replace("{}", control)) == to_html(text.replace("{}", ""))


def test_directional_marks_stay_in_text_but_not_in_urls():
    assert to_html("C++\u200f في") == "C++\u200f في"
    assert Page(to_html("https://example.com/a\u200f/b")).links == ["https://example.com/a"]
    assert Page(to_html("[x](https://example.com/a\u200f/b)")).links == ["https://example.com/a"]


def test_piles_of_accents_are_cut():
    assert to_html("e" + "\u0301" * 500 + "x") == "e" + "\u0301" * 8 + "x"


def test_controls_and_lone_surrogates_are_removed():
    assert to_html("a\x00b\x1b\ud800c\x85") == "abc"
