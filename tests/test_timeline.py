"""What the log shows: numbered items within bounds, comings and goings in one line."""

from datetime import UTC, datetime

import pytest

from chat.messages import Message
from chat.timeline import Cleared, Renamed, Timeline, Traffic, Verb

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)


def said(number: int) -> Message:
    return Message(f"message{number:02}", "lobby", "ann", "Ann", f"Message {number}", NOON)


def renamed(number: int) -> Renamed:
    return Renamed(NOON, f"Ann {number}", f"Ann {number + 1}")


@pytest.fixture
def timeline() -> Timeline:
    """An empty timeline for three messages."""
    return Timeline(3)


def lines(timeline: Timeline) -> list[Traffic]:
    return [item for _, item in timeline if isinstance(item, Traffic)]


def test_numbers_only_grow(timeline: Timeline):
    for number in range(5):
        timeline.add(said(number))
    assert [number for number, _ in timeline] == [2, 3, 4]
    timeline.clear()
    timeline.add(said(5))
    assert [number for number, _ in timeline] == [5]


def test_it_remembers_the_last_message_that_is_gone(timeline: Timeline):
    assert timeline.gone is None
    for number in range(5):
        timeline.add(said(number))
    assert timeline.gone == said(1)
    timeline.clear()
    assert timeline.gone is None


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
    assert timeline.gone == said(0)


def test_comings_and_goings_in_a_row_are_one_line(timeline: Timeline):
    timeline.add_move("a", "Ann", Verb.JOINED, NOON)
    timeline.add_move("b", "Bob", Verb.JOINED, NOON)
    timeline.add_move("c", "Cid", Verb.LEFT, NOON)
    [line] = lines(timeline)
    assert line.names(Verb.JOINED) == ["Ann", "Bob"]
    assert line.names(Verb.LEFT) == ["Cid"]


def test_only_the_last_move_of_a_member_is_told(timeline: Timeline):
    timeline.add_move("a", "Ann", Verb.JOINED, NOON)
    timeline.add_move("b", "Bob", Verb.JOINED, NOON)
    timeline.add_move("a", "Ann", Verb.LEFT, NOON)
    [line] = lines(timeline)
    assert line.names(Verb.JOINED) == ["Bob"]
    assert line.names(Verb.LEFT) == ["Ann"]


@pytest.mark.parametrize("between", [said(1), renamed(1), Cleared(NOON, "Ann")], ids=lambda item: type(item).__name__)
def test_anything_between_begins_a_new_line(timeline: Timeline, between: Message | Renamed | Cleared):
    timeline.add_move("a", "Ann", Verb.JOINED, NOON)
    timeline.add(between)
    timeline.add_move("b", "Bob", Verb.JOINED, NOON)
    assert [line.names(Verb.JOINED) for line in lines(timeline)] == [["Ann"], ["Bob"]]


def test_a_line_that_grows_keeps_its_number(timeline: Timeline):
    timeline.add_move("a", "Ann", Verb.JOINED, NOON)
    timeline.add_move("b", "Bob", Verb.JOINED, NOON)
    assert [number for number, _ in timeline] == [0]
