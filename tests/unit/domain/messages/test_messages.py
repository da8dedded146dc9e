"""Messages: how they group, how replies quote them, and how their text is cleaned."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.errors import TextRefused
from chat.domain.messages.message import (
    QUOTE_LIMIT,
    TEXT_LIMIT,
    Kind,
    Message,
    Quote,
    clean_text,
    is_message_id,
    is_visible,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HELLO = Message("message01", "lobby", "ann", "Ann", "Hello", NOON)


def refusal(text: object) -> TextRefused:
    with pytest.raises(TextRefused) as refused:
        clean_text(text)
    return refused.value


# Grouping.


@pytest.mark.parametrize(("later", "together"), [(0, True), (300, True), (301, False)])
def test_messages_within_five_minutes_group(later: int, together: bool):
    assert replace(HELLO, at=NOON + timedelta(seconds=later)).continues(HELLO) is together


@pytest.mark.parametrize(
    "changed", [{"author": "bob"}, {"name": "Anna"}, {"kind": Kind.ACTION}], ids=["author", "name", "action"]
)
def test_another_author_another_name_and_an_action_begin_a_group(changed: dict):
    other = replace(HELLO, **changed)
    assert not other.continues(HELLO)
    assert not HELLO.continues(other)


def test_two_actions_do_not_group():
    waves = replace(HELLO, kind=Kind.ACTION)
    assert not waves.continues(waves)


def test_a_reply_begins_a_group_and_others_may_continue_it():
    reply = replace(HELLO, id="message02", reply=HELLO.quote)
    assert not reply.continues(HELLO)
    assert replace(HELLO, id="message03").continues(reply)


def test_an_edit_and_reactions_change_nothing_about_groups():
    edited = replace(HELLO, edited=NOON + timedelta(hours=2), reactions={"🎉": {"bob": "Bob"}})
    assert edited.continues(HELLO)
    assert HELLO.continues(edited)


# Quotes.


def test_a_quote_has_the_author_and_the_text():
    assert HELLO.quote == Quote("message01", "ann", "Ann", "Hello")


def test_a_quote_has_the_first_200_characters():
    beginning = "ä" * QUOTE_LIMIT
    assert replace(HELLO, text=beginning).quote.text == beginning
    assert replace(HELLO, text=beginning + "b").quote.text == beginning
    assert QUOTE_LIMIT == 200


# Text.


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
def test_line_ends_are_put_in_order_and_control_characters_go(typed: str, kept: str):
    assert clean_text(typed) == kept


@pytest.mark.parametrize(
    "text",
    ["", " ", "\n\t\r\n", "\u00a0\u2003", "\u200b", "\ufeff\u2060", "\u202e", "\x00\x1f", "\ud83d", "\u2028"],
    ids=ascii,
)
def test_text_that_nobody_can_see_is_empty(text: str):
    assert refusal(text).key == "text-empty"


@pytest.mark.parametrize("text", ["\u2800", "\u3164", "\u115f\u1160", "\ufe0f", "\u034f"], ids=ascii)
def test_characters_that_only_look_blank_are_empty_too(text: str):
    assert refusal(text).key == "text-empty"


@pytest.mark.parametrize("text", [None, 5, ["Hello"], {"text": "Hello"}, b"Hello"])
def test_what_is_no_text_is_empty(text: object):
    assert refusal(text).key == "text-empty"


def test_text_may_have_4000_characters():
    longest = "ä" * TEXT_LIMIT
    assert clean_text(longest) == longest
    assert len(longest) == 4000


def test_text_of_4001_characters_is_too_long():
    problem = refusal("ä" * 4001)
    assert problem.key == "text-too-long"
    assert problem.details == {"limit": 4000, "length": 4001}


def test_what_is_cleaned_away_does_not_count():
    assert len(clean_text("\n" + "a" * 4000 + "\x00\n\n")) == 4000


@given(st.text())
def test_cleaning_twice_is_cleaning_once(text: str):
    try:
        kept = clean_text(text)
    except TextRefused:
        return
    assert clean_text(kept) == kept
    kept.encode()


@pytest.mark.parametrize("limit", [3, 4])
def test_other_limits_than_that_of_a_message_can_be_asked_for(limit: int):
    with pytest.raises(TextRefused) as refused:
        clean_text("a" * 5, limit)
    assert refused.value.details == {"limit": limit, "length": 5}
    assert clean_text("a" * limit, limit) == "a" * limit


@pytest.mark.parametrize("character", ["a", "7", "/", "ß", "李", "🦊", "¯"])
def test_what_people_see_is_visible(character: str):
    assert is_visible(character)


@pytest.mark.parametrize("character", [" ", "\n", "\u200b", "\u0301", "\u2800", "\x00", "\ud800"], ids=ascii)
def test_what_people_do_not_see_is_not(character: str):
    assert not is_visible(character)


# Ids.


@pytest.mark.parametrize("key", ["a1b2c3d4", "z" * 24])
def test_ids_are_8_to_24_small_letters_and_digits(key: str):
    assert is_message_id(key)


@pytest.mark.parametrize(
    "key",
    [
        "",
        "a" * 7,
        "a" * 25,
        "A1B2C3D4",
        "message-1",
        "a1b2c3d4\n",
        "é1b2c3d4",
        '"><img x',
        None,
        12345678,
        {},
        ["a1b2c3d4"],
    ],
)
def test_nothing_else_is_an_id(key: object):
    assert not is_message_id(key)
