"""Unread messages: their count, and the place of the unread line."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.messages.message import Message
from chat.domain.messages.unread import Unread

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def message(number: int, author: str = "bob") -> Message:
    return Message(f"message{number:02}", "lobby", author, author, "Hello", NOON, number=number)


def newest_first(*messages: Message) -> list[Message]:
    return sorted(messages, key=lambda one: one.number, reverse=True)


@pytest.fixture
def unread() -> Unread:
    """Return the counter of Ann, who has read everything."""
    return Unread("ann")


# On return.


def test_later_messages_are_unread_on_return(unread: Unread):
    unread.count_since(1, newest_first(*map(message, range(5))))
    assert (unread.count, unread.first_unread_id) == (3, "message02")


def test_message_seen_last_is_read(unread: Unread):
    unread.count_since(4, newest_first(*map(message, range(5))))
    assert (unread.count, unread.first_unread_id) == (0, None)


@pytest.mark.parametrize("hours", [-24, -1, 1])
def test_clock_that_was_set_makes_no_difference(unread: Unread, hours: int):
    moved = [replace(message(number), at=NOON + timedelta(hours=hours)) for number in range(5, 8)]
    unread.count_since(4, newest_first(*map(message, range(5)), *moved))
    assert (unread.count, unread.first_unread_id) == (3, "message05")


def test_messages_after_a_deleted_one_are_unread(unread: Unread):
    unread.count_since(2, newest_first(message(1), message(3), message(4)))
    assert (unread.count, unread.first_unread_id) == (2, "message03")


def test_all_messages_are_unread_after_a_long_absence(unread: Unread):
    unread.count_since(0, newest_first(*map(message, range(3, 8))))
    assert (unread.count, unread.first_unread_id) == (5, "message03")


def test_newcomer_has_nothing_unread(unread: Unread):
    unread.count_since(None, newest_first(*map(message, range(5))))
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_empty_history_has_nothing_unread(unread: Unread):
    unread.count_since(7, [])
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_own_messages_do_not_count(unread: Unread):
    unread.count_since(0, newest_first(message(1, "ann")))
    assert (unread.count, unread.first_unread_id) == (0, None)
    unread.count_since(0, newest_first(message(1, "ann"), message(2), message(3, "ann"), message(4)))
    assert (unread.count, unread.first_unread_id) == (2, "message02")


@pytest.mark.parametrize(("first", "count"), [(1, 2), (2, 2), (3, 1), (4, 1), (5, 0)])
def test_any_message_can_be_marked_as_unread(unread: Unread, first: int, count: int):
    authors = ["ann", "bob", "ann", "cid", "ann"]
    unread.mark_unread(f"message{first:02}", newest_first(*map(message, range(1, 6), authors)))
    assert (unread.count, unread.first_unread_id) == (count, f"message{first:02}")


def test_earlier_count_starts_over(unread: Unread):
    unread.add(message(1))
    unread.count_since(1, newest_first(message(1), message(2)))
    assert (unread.count, unread.first_unread_id) == (1, "message02")


# While away.


def test_line_precedes_first_unread_message(unread: Unread):
    unread.add(message(1))
    unread.add(message(2))
    assert (unread.count, unread.first_unread_id) == (2, "message01")


def test_line_stays_after_reading(unread: Unread):
    unread.add(message(1))
    unread.mark_read()
    assert (unread.count, unread.first_unread_id) == (0, "message01")


def test_next_unread_message_moves_line(unread: Unread):
    unread.add(message(1))
    unread.mark_read()
    unread.add(message(2))
    assert (unread.count, unread.first_unread_id) == (1, "message02")


def test_replying_removes_line(unread: Unread):
    unread.add(message(1))
    unread.mark_replied()
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_line_returns_with_next_unread_message(unread: Unread):
    unread.add(message(1))
    unread.mark_replied()
    unread.add(message(3))
    assert (unread.count, unread.first_unread_id) == (1, "message03")
