"""Hostile texts: harmless, and with every letter and digit shown."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.text.cleaning import TEXT_LIMIT
from chat.text.markup.renderer import to_html, to_plain
from tests.support.hostile_texts import HOSTILE
from tests.support.sampling import sampled
from tests.unit.text.markup.page import Page, check_harmless


def test_there_are_many_hostile_texts():
    assert len(set(HOSTILE)) >= 60
    assert max(map(len, HOSTILE)) <= TEXT_LIMIT


@pytest.mark.parametrize("text", sampled(HOSTILE, every=4), ids=lambda text: ascii(text)[:50])
def test_hostile_text_is_harmless(text: str):
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
def test_quotes_and_brackets_stay_inside_link(text: str):
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


def is_kept(written: str, shown: str) -> bool:
    """Tell whether all letters and digits written are shown, in that order."""
    rest = iter(shown)
    return all(letter in rest for letter in written if letter.isalnum())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=300))
def test_letters_and_digits_are_kept(text: str):
    assert is_kept(text, Page(to_html(text)).shown)


# Words that must stay visible, and marks that may not.
WORDS = ["alpha", "Beta 7", "2023", "snake_case", "42.", "ä", "مرحبا", "字", "x.y.z", "https://b.de/a", "a@b.de"]
MARKS = [
    "*", "**", "_", "~~", "`", "``", "```", "\n```\n", "~~~\n", "[", "](https://example.com/", "](", ")", "<", ">",
    "\\", "!", "\n", "\n\n", " ", "  ", "    ", "\t", "\n- ", "\n* ", "\n1. ", "\n7) ", "\n  - ", "\n> ", "\n>", "#",
    "|", "-", ".", ":", "&",
]  # fmt: skip


@given(st.lists(st.sampled_from([*WORDS, *MARKS]), max_size=40).map("".join))
def test_letters_and_digits_between_marks_are_kept(text: str):
    assert is_kept(text, Page(to_html(text)).shown)
