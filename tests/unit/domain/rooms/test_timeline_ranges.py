"""Ranges of the timeline: items between numbers, the latest messages, and the message before a number."""

import pytest

from chat.domain.rooms.timeline import Timeline
from tests.unit.domain.rooms.scenes import message, notice


@pytest.fixture
def mixed() -> Timeline:
    """0 to 6: a message, a notice, a gap, two messages, two notices."""
    timeline = Timeline(10)
    for item in (message(0), notice(0), message(1), message(2), message(3), notice(1), notice(2)):
        timeline.add(item)
    timeline.put("message01", None)
    return timeline


@pytest.mark.parametrize(
    ("start", "end", "numbers"),
    [
        (0, None, [0, 1, 3, 4, 5, 6]),
        (1, 4, [1, 3]),
        (2, 3, []),
        (5, None, [5, 6]),
        (-100, 1, [0]),
        (6, 1_000_000, [6]),
        (7, None, []),
        (4, 2, []),
    ],
)
def test_items_between_two_numbers(mixed: Timeline, start: int, end: int | None, numbers: list[int]):
    assert [number for number, _ in mixed.between(start, end)] == numbers
    assert all(mixed.get(number) == item for number, item in mixed.between(start, end))


def test_empty_timeline_has_no_items(timeline: Timeline):
    assert list(timeline.between(0)) == []
    assert timeline.first == timeline.next == 0
    assert timeline.before(0) == (None, True)


@pytest.mark.parametrize(("count", "number"), [(1, 4), (2, 3), (3, 0), (4, 0), (100, 0)])
def test_number_at_which_the_latest_messages_begin(mixed: Timeline, count: int, number: int):
    assert mixed.latest(count) == number


def test_too_few_messages_make_all_items_the_latest(timeline: Timeline):
    assert timeline.latest(2) == 0
    timeline.add(notice(0))
    timeline.add(message(0))
    timeline.add(message(1))
    assert timeline.latest(2) == 0
    timeline.add(message(2))
    assert timeline.latest(2) == 2


@pytest.mark.parametrize(
    ("number", "before", "is_adjacent"),
    [
        (0, None, True),
        (1, 0, True),
        (2, 0, False),
        (3, 0, False),
        (4, 2, True),
        (5, 3, True),
        (6, 3, False),
        (7, 3, False),
    ],
)
def test_message_before_a_number_and_whether_it_is_adjacent(
    mixed: Timeline, number: int, before: int | None, is_adjacent: bool
):
    assert mixed.before(number) == (None if before is None else message(before), is_adjacent)


def test_messages_around_a_gap_are_adjacent(timeline: Timeline):
    for number in range(3):
        timeline.add(message(number))
    timeline.put("message01", None)
    assert timeline.before(2) == (message(0), True)


def test_last_evicted_message_is_before_the_oldest(timeline: Timeline):
    for number in range(5):
        timeline.add(message(number))
    assert timeline.before(timeline.first) == (message(1), True)


def test_no_message_is_before_the_first_after_clearing(timeline: Timeline):
    for number in range(5):
        timeline.add(message(number))
    timeline.clear()
    timeline.add(message(5))
    assert timeline.before(5) == (None, True)
    assert timeline.first == 5
