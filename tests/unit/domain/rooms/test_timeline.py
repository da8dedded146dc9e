"""What the log shows: numbered items within bounds, comings and goings in one line."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chat.domain.messages.message import Message
from chat.domain.rooms.timeline import (
    HistoryClearedNotice,
    Item,
    JoinLeaveSummary,
    JoinOrLeave,
    RenamedNotice,
    Timeline,
    TopicChangedNotice,
)

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(number: int) -> Message:
    return Message(f"message{number:02}", "lobby", "ann", "Ann", f"Message {number}", NOON)


def renamed(number: int) -> RenamedNotice:
    return RenamedNotice(NOON, f"Ann {number}", f"Ann {number + 1}")


@pytest.fixture
def timeline() -> Timeline:
    """An empty timeline for three messages."""
    return Timeline(3)


def lines(timeline: Timeline) -> list[JoinLeaveSummary]:
    return [item for _, item in timeline if isinstance(item, JoinLeaveSummary)]


def test_numbers_only_grow(timeline: Timeline):
    for number in range(5):
        timeline.add(said(number))
    assert [number for number, _ in timeline] == [2, 3, 4]
    timeline.clear()
    timeline.add(said(5))
    assert [number for number, _ in timeline] == [5]


def test_it_remembers_the_last_message_that_is_gone(timeline: Timeline):
    assert timeline.last_evicted is None
    for number in range(5):
        timeline.add(said(number))
    assert timeline.last_evicted == said(1)
    timeline.clear()
    assert timeline.last_evicted is None


def test_as_many_notices_as_messages_stay(timeline: Timeline):
    for number in range(3):
        timeline.add(renamed(number))
        timeline.add(said(number))
    assert [item.text for _, item in timeline if isinstance(item, Message)] == ["Message 0", "Message 1", "Message 2"]
    assert len(timeline) == 6


def test_notices_alone_are_bounded_too(timeline: Timeline):
    for number in range(20):
        timeline.add(renamed(number))
    assert [item for _, item in timeline] == [renamed(17), renamed(18), renamed(19)]


def test_a_storm_of_notices_pushes_no_message_out(timeline: Timeline):
    for number in range(3):
        timeline.add(said(number))
    for number in range(20):
        timeline.add(renamed(number))
    assert [item for _, item in timeline if isinstance(item, Message)] == [said(0), said(1), said(2)]


def test_an_old_history_is_shown_first():
    timeline = Timeline(2, [said(0), said(1), said(2)])
    assert [item for _, item in timeline] == [said(1), said(2)]
    assert timeline.last_evicted == said(0)


def test_comings_and_goings_in_a_row_are_one_line(timeline: Timeline):
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.JOINED, NOON)
    timeline.add_join_or_leave("b", "Bob", JoinOrLeave.JOINED, NOON)
    timeline.add_join_or_leave("c", "Cid", JoinOrLeave.LEFT, NOON)
    [line] = lines(timeline)
    assert line.names(JoinOrLeave.JOINED) == ["Ann", "Bob"]
    assert line.names(JoinOrLeave.LEFT) == ["Cid"]


def test_only_the_last_move_of_a_member_is_told(timeline: Timeline):
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.JOINED, NOON)
    timeline.add_join_or_leave("b", "Bob", JoinOrLeave.JOINED, NOON)
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.LEFT, NOON)
    [line] = lines(timeline)
    assert line.names(JoinOrLeave.JOINED) == ["Bob"]
    assert line.names(JoinOrLeave.LEFT) == ["Ann"]


@pytest.mark.parametrize(
    "between",
    [said(1), renamed(1), HistoryClearedNotice(NOON, "Ann"), TopicChangedNotice(NOON, "Ann", "Tea")],
    ids=lambda item: type(item).__name__,
)
def test_anything_between_begins_a_new_line(timeline: Timeline, between: Item):
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.JOINED, NOON)
    timeline.add(between)
    timeline.add_join_or_leave("b", "Bob", JoinOrLeave.JOINED, NOON)
    assert [line.names(JoinOrLeave.JOINED) for line in lines(timeline)] == [["Ann"], ["Bob"]]


def test_a_line_that_grows_keeps_its_number(timeline: Timeline):
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.JOINED, NOON)
    timeline.add_join_or_leave("b", "Bob", JoinOrLeave.JOINED, NOON)
    assert [number for number, _ in timeline] == [0]


def test_a_line_that_was_let_go_is_not_continued():
    timeline = Timeline(1)
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.JOINED, NOON)
    timeline.add(said(0))
    timeline.add(said(1))
    timeline.add_join_or_leave("b", "Bob", JoinOrLeave.JOINED, NOON)
    assert [line.names(JoinOrLeave.JOINED) for line in lines(timeline)] == [["Bob"]]


def test_a_line_goes_on_when_the_message_behind_it_is_deleted(timeline: Timeline):
    timeline.add_join_or_leave("a", "Ann", JoinOrLeave.JOINED, NOON)
    timeline.add(said(0))
    timeline.put("message00", None)
    timeline.add_join_or_leave("b", "Bob", JoinOrLeave.JOINED, NOON)
    [line] = lines(timeline)
    assert line.names(JoinOrLeave.JOINED) == ["Ann", "Bob"]


# Messages as they are now.


def test_a_message_that_is_not_there_is_appended(timeline: Timeline):
    timeline.put("message00", said(0))
    timeline.put("message01", said(1))
    assert list(timeline) == [(0, said(0)), (1, said(1))]


def test_a_message_that_is_there_changes_in_its_place(timeline: Timeline):
    timeline.add(said(0))
    timeline.add(said(1))
    changed = replace(said(0), text="New")
    timeline.put("message00", changed)
    assert list(timeline) == [(0, changed), (1, said(1))]
    assert timeline.next == 2


def test_a_message_that_is_gone_leaves_a_gap(timeline: Timeline):
    for number in range(3):
        timeline.add(said(number))
    timeline.put("message01", None)
    assert list(timeline) == [(0, said(0)), (2, said(2))]
    assert timeline.number("message01") is None
    assert timeline.get(1) is None
    assert 1 not in timeline


def test_what_was_never_there_can_be_gone(timeline: Timeline):
    timeline.put("message00", None)
    assert len(timeline) == 0
    assert timeline.next == 0


def test_a_gap_makes_room(timeline: Timeline):
    for number in range(3):
        timeline.add(said(number))
    timeline.put("message01", None)
    timeline.add(said(3))
    assert [number for number, _ in timeline] == [0, 2, 3]
    assert timeline.last_evicted is None


def test_a_message_comes_back_at_the_end(timeline: Timeline):
    timeline.add(said(0))
    timeline.add(said(1))
    timeline.put("message00", None)
    timeline.put("message00", said(0))
    assert list(timeline) == [(1, said(1)), (2, said(0))]


def test_a_message_is_found_by_its_id(timeline: Timeline):
    timeline.add(renamed(0))
    timeline.add(said(0))
    assert timeline.number("message00") == 1
    assert timeline.get(1) == said(0)
    assert 1 in timeline
    assert timeline.number("message01") is None


def test_a_message_that_was_let_go_is_not_found(timeline: Timeline):
    for number in range(4):
        timeline.add(said(number))
    assert timeline.number("message00") is None
    assert timeline.get(0) is None


# Pieces.


@pytest.fixture
def mixed() -> Timeline:
    """0 to 6: a message, a notice, a gap, two messages, two notices."""
    timeline = Timeline(10)
    for item in (said(0), renamed(0), said(1), said(2), said(3), renamed(1), renamed(2)):
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
def test_the_items_between_two_numbers(mixed: Timeline, start: int, end: int | None, numbers: list[int]):
    assert [number for number, _ in mixed.between(start, end)] == numbers
    assert all(mixed.get(number) == item for number, item in mixed.between(start, end))


def test_there_is_nothing_in_an_empty_timeline(timeline: Timeline):
    assert list(timeline.between(0)) == []
    assert timeline.first == timeline.next == 0
    assert timeline.before(0) == (None, True)


@pytest.mark.parametrize(("count", "number"), [(1, 4), (2, 3), (3, 0), (4, 0), (100, 0)])
def test_where_the_latest_messages_begin(mixed: Timeline, count: int, number: int):
    assert mixed.latest(count) == number


def test_without_enough_messages_all_items_are_the_latest(timeline: Timeline):
    assert timeline.latest(2) == 0
    timeline.add(renamed(0))
    timeline.add(said(0))
    timeline.add(said(1))
    assert timeline.latest(2) == 0
    timeline.add(said(2))
    assert timeline.latest(2) == 2


@pytest.mark.parametrize(
    ("number", "message", "near"),
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
def test_the_message_before_a_number_and_whether_a_notice_is_between(
    mixed: Timeline, number: int, message: int | None, near: bool
):
    assert mixed.before(number) == (None if message is None else said(message), near)


def test_a_gap_alone_is_nothing_between(timeline: Timeline):
    for number in range(3):
        timeline.add(said(number))
    timeline.put("message01", None)
    assert timeline.before(2) == (said(0), True)


def test_before_the_oldest_is_the_last_one_that_was_let_go(timeline: Timeline):
    for number in range(5):
        timeline.add(said(number))
    assert timeline.before(timeline.first) == (said(1), True)


def test_after_clearing_nothing_is_before(timeline: Timeline):
    for number in range(5):
        timeline.add(said(number))
    timeline.clear()
    timeline.add(said(5))
    assert timeline.before(5) == (None, True)
    assert timeline.first == 5


def test_somebody_who_is_forgotten_is_in_no_notice():
    timeline = Timeline(10)
    timeline.add_join_or_leave("ann", "Old Ann", JoinOrLeave.JOINED, NOON)
    timeline.add_join_or_leave("bob", "Bob", JoinOrLeave.JOINED, NOON)
    timeline.add(RenamedNotice(NOON, "Old Ann", "Anna"))
    timeline.add(TopicChangedNotice(NOON, "Anna", "Tea"))
    timeline.add(RenamedNotice(NOON, "Anna", "Ann"))
    timeline.add(HistoryClearedNotice(NOON, "Bob"))
    timeline.add_join_or_leave("ann", "Ann", JoinOrLeave.LEFT, NOON)
    assert timeline.forget("ann", ["Ann"])
    assert [item for _, item in timeline] == [
        JoinLeaveSummary(NOON, (("bob", "Bob", JoinOrLeave.JOINED),)),
        HistoryClearedNotice(NOON, "Bob"),
    ]
    assert not timeline.forget("ann", ["Ann"])


def test_notices_that_are_forgotten_make_room_for_others(timeline: Timeline):
    for number in range(20):
        timeline.add(RenamedNotice(NOON, "Ann", f"Ann {number}"))
        timeline.forget("ann", ["Ann"])
    timeline.add(HistoryClearedNotice(NOON, "Bob"))
    assert [item for _, item in timeline] == [HistoryClearedNotice(NOON, "Bob")]


def test_a_message_that_is_let_go_takes_the_notices_before_it_along(timeline: Timeline):
    for item in (renamed(0), said(0), renamed(1), said(1), said(2), said(3)):
        timeline.add(item)
    assert [item for _, item in timeline] == [renamed(1), said(1), said(2), said(3)]
    assert timeline.first == 2


def test_notices_that_went_with_a_message_make_room_for_others(timeline: Timeline):
    for number in range(3):
        timeline.add(renamed(number))
    for number in range(4):
        timeline.add(said(number))
    for number in range(3, 6):
        timeline.add(renamed(number))
    assert [item for _, item in timeline] == [said(1), said(2), said(3), renamed(3), renamed(4), renamed(5)]


STEPS = st.lists(st.tuples(st.sampled_from(["say", "change", "delete", "notice", "move", "clear"]), st.integers(0, 9)))


@given(STEPS)
def test_whatever_happens_numbers_and_messages_fit(steps: list[tuple[str, int]]):
    timeline = Timeline(3)
    for turn, (step, number) in enumerate(steps):
        before = timeline.next
        match step:
            case "say" | "change":
                timeline.put(said(number).id, replace(said(number), text=f"Version {turn}"))
            case "delete":
                timeline.put(said(number).id, None)
            case "notice":
                timeline.add(renamed(number))
            case "move":
                timeline.add_join_or_leave(f"member {number}", f"Member {number}", JoinOrLeave.JOINED, NOON)
            case "clear":
                timeline.clear()
        items = list(timeline)
        messages = [item for _, item in items if isinstance(item, Message)]
        assert before <= timeline.next <= before + 1
        assert [n for n, _ in items] == sorted({n for n, _ in items} & set(range(timeline.next)))
        assert len(messages) <= 3
        assert len(items) - len(messages) <= 3
        assert list(timeline.between(0)) == items
        assert timeline.first == (items[0][0] if items else timeline.next)
        assert all(timeline.get(n) == item for n, item in items)
        assert [timeline.number(message.id) for message in messages] == [
            n for n, item in items if isinstance(item, Message)
        ]
