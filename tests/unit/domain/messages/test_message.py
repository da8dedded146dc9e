"""Messages: grouping, quotes and ids."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.messages.message import QUOTE_LIMIT, Kind, Message, Quote, is_message_id

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
HELLO = Message("message01", "lobby", "ann", "Ann", "Hello", NOON)


# Grouping.


@pytest.mark.parametrize(("later", "together"), [(0, True), (300, True), (301, False)])
def test_messages_within_five_minutes_group(later: int, together: bool):
    assert replace(HELLO, at=NOON + timedelta(seconds=later)).continues(HELLO) is together


@pytest.mark.parametrize(
    "changed", [{"author": "bob"}, {"name": "Anna"}, {"kind": Kind.ACTION}], ids=["author", "name", "action"]
)
def test_other_author_other_name_or_action_begins_group(changed: dict):
    other = replace(HELLO, **changed)
    assert not other.continues(HELLO)
    assert not HELLO.continues(other)


def test_two_actions_do_not_group():
    waves = replace(HELLO, kind=Kind.ACTION)
    assert not waves.continues(waves)


def test_reply_begins_group_that_others_continue():
    reply = replace(HELLO, id="message02", reply=HELLO.quote)
    assert not reply.continues(HELLO)
    assert replace(HELLO, id="message03").continues(reply)


def test_edits_and_reactions_do_not_affect_groups():
    edited = replace(HELLO, edited=NOON + timedelta(hours=2), reactions={"🎉": {"bob": "Bob"}})
    assert edited.continues(HELLO)
    assert HELLO.continues(edited)


# Quotes.


def test_quote_has_author_and_text():
    assert HELLO.quote == Quote("message01", "ann", "Ann", "Hello")


def test_quote_has_first_200_characters():
    beginning = "ä" * QUOTE_LIMIT
    assert replace(HELLO, text=beginning).quote.text == beginning
    assert replace(HELLO, text=beginning + "b").quote.text == beginning
    assert QUOTE_LIMIT == 200


# Ids.


@pytest.mark.parametrize("key", ["a1b2c3d4", "z" * 24])
def test_id_is_8_to_24_lower_case_letters_and_digits(key: str):
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
def test_anything_else_is_not_an_id(key: object):
    assert not is_message_id(key)
