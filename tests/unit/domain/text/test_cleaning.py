"""Cleaning of typed text: what stays, what is removed, and what counts as empty."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.errors import TextRefused
from chat.domain.text.cleaning import TEXT_LIMIT, clean_text, is_visible


def refusal(text: object) -> TextRefused:
    with pytest.raises(TextRefused) as refused:
        clean_text(text)
    return refused.value


@pytest.mark.parametrize(
    "text",
    [
        "Hello",
        "two\nlines",
        "a\n\n\nb",
        "  indented",
        "a\ttab",
        "👩‍👩‍👧 👍🏽",
        "مرحبا",
        "<b>&amp;",
        "e\u0301",
        "a\u200db",
    ],
)
def test_text_stays_exactly_as_typed(text: str):
    assert clean_text(text) == text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("a\r\nb", "a\nb"),
        ("a\rb", "a\nb"),
        ("a\r\n\r\nb", "a\n\nb"),
        ("\n \n  a", "  a"),
        ("a  \n\n", "a"),
        ("a\x00\x07\x1b[31mb\x7f\x85", "a[31mb"),
        ("a\ud800b\udfff", "ab"),
    ],
)
def test_line_ends_are_unified_and_control_characters_removed(typed: str, kept: str):
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t\r\n", "\u00a0\u2003", "\u200b", "\ufeff\u2060", "\u202e", "\x00\x1f", "\ud83d", "\u2028"],
    ids=ascii,
)
def test_invisible_text_counts_as_empty(text: str):
    assert refusal(text).key == "text-empty"


@pytest.mark.parametrize("text", ["\u2800", "\u3164", "\u115f\u1160", "\ufe0f", "\u034f"], ids=ascii)
def test_blank_letters_count_as_empty(text: str):
    assert refusal(text).key == "text-empty"


@pytest.mark.parametrize("text", [None, 5, ["Hello"], {"text": "Hello"}, b"Hello"])
def test_anything_but_text_counts_as_empty(text: object):
    assert refusal(text).key == "text-empty"


def test_text_may_have_4000_characters():
    longest = "ä" * TEXT_LIMIT
    assert clean_text(longest) == longest
    assert len(longest) == 4000


def test_text_of_4001_characters_is_too_long():
    problem = refusal("ä" * 4001)
    assert problem.key == "text-too-long"
    assert problem.details == {"limit": 4000, "length": 4001}


def test_removed_characters_do_not_count():
    assert len(clean_text("\n" + "a" * 4000 + "\x00\n\n")) == 4000


@given(st.text())
def test_cleaning_is_idempotent(text: str):
    try:
        kept = clean_text(text)
    except TextRefused:
        return
    assert clean_text(kept) == kept
    kept.encode()


@pytest.mark.parametrize("limit", [3, 4])
def test_limit_can_be_given(limit: int):
    with pytest.raises(TextRefused) as refused:
        clean_text("a" * 5, limit)
    assert refused.value.details == {"limit": limit, "length": 5}
    assert clean_text("a" * limit, limit) == "a" * limit


@pytest.mark.parametrize("character", ["a", "7", "/", "ß", "李", "🦊", "¯"])
def test_letters_digits_and_symbols_are_visible(character: str):
    assert is_visible(character)


@pytest.mark.parametrize("character", [" ", "\n", "\u200b", "\u0301", "\u2800", "\x00", "\ud800"], ids=ascii)
def test_spaces_marks_and_blanks_are_not_visible(character: str):
    assert not is_visible(character)
