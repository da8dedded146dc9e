"""What one person has not seen: how many, and where the line goes."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.messages.message import Message
from chat.domain.messages.unread import Unread

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(number: int, author: str = "bob") -> Message:
    return Message(f"message{number:02}", "lobby", author, author, "Hello", NOON + timedelta(minutes=number))


def newest_first(*messages: Message) -> list[Message]:
    return sorted(messages, key=lambda message: message.at, reverse=True)


@pytest.fixture
def unread() -> Unread:
    """Ann has seen everything."""
    return Unread("ann")


# Coming back.


def test_who_comes_back_has_missed_what_came_after(unread: Unread):
    unread.since(said(1).at, newest_first(*map(said, range(5))))
    assert (unread.count, unread.first_unread_id) == (3, "message02")


def test_what_was_seen_last_counts_as_seen(unread: Unread):
    unread.since(said(4).at, newest_first(*map(said, range(5))))
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_who_has_seen_nothing_of_what_is_kept_has_missed_all_of_it(unread: Unread):
    unread.since(NOON - timedelta(days=1), newest_first(*map(said, range(5))))
    assert (unread.count, unread.first_unread_id) == (5, "message00")


def test_a_newcomer_has_missed_nothing(unread: Unread):
    unread.since(None, newest_first(*map(said, range(5))))
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_nothing_is_missed_in_an_empty_history(unread: Unread):
    unread.since(NOON, [])
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_what_was_before_ones_own_message_was_not_missed(unread: Unread):
    unread.since(said(0).at, newest_first(said(0), said(1), said(2, "ann"), said(3), said(4)))
    assert (unread.count, unread.first_unread_id) == (2, "message03")


def test_nothing_was_missed_where_ones_own_message_is_the_newest(unread: Unread):
    unread.since(said(0).at, newest_first(said(0), said(1), said(2, "ann")))
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_what_was_missed_before_is_not_counted_again(unread: Unread):
    unread.add(said(1))
    unread.since(said(1).at, newest_first(said(1), said(2)))
    assert (unread.count, unread.first_unread_id) == (1, "message02")


# Being there.


def test_the_line_is_before_the_first_message_that_was_missed(unread: Unread):
    unread.add(said(1))
    unread.add(said(2))
    assert (unread.count, unread.first_unread_id) == (2, "message01")


def test_the_line_stays_when_everything_has_been_seen(unread: Unread):
    unread.add(said(1))
    unread.mark_read()
    assert (unread.count, unread.first_unread_id) == (0, "message01")


def test_the_next_message_that_is_missed_moves_the_line(unread: Unread):
    unread.add(said(1))
    unread.mark_read()
    unread.add(said(2))
    assert (unread.count, unread.first_unread_id) == (1, "message02")


def test_who_speaks_has_no_line(unread: Unread):
    unread.add(said(1))
    unread.mark_replied()
    assert (unread.count, unread.first_unread_id) == (0, None)


def test_after_speaking_a_missed_message_begins_anew(unread: Unread):
    unread.add(said(1))
    unread.mark_replied()
    unread.add(said(3))
    assert (unread.count, unread.first_unread_id) == (1, "message03")
