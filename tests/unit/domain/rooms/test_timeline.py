"""The timeline: numbered items within bounds, and messages that change in place."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from chat.domain.messages.message import Message
from chat.domain.rooms.notices import JoinOrLeave, PresenceChange
from chat.domain.rooms.timeline import Timeline
from tests.unit.domain.rooms.scenes import NOON, message, notice


def test_numbers_only_grow(timeline: Timeline):
    for number in range(5):
        timeline.add(message(number))
    assert [number for number, _ in timeline] == [2, 3, 4]
    timeline.clear()
    timeline.add(message(5))
    assert [number for number, _ in timeline] == [5]


def test_last_evicted_message_is_remembered(timeline: Timeline):
    assert timeline.last_evicted is None
    for number in range(5):
        timeline.add(message(number))
    assert timeline.last_evicted == message(1)
    timeline.clear()
    assert timeline.last_evicted is None


def test_timeline_begins_with_the_history():
    timeline = Timeline(2, [message(0), message(1), message(2)])
    assert [item for _, item in timeline] == [message(1), message(2)]
    assert timeline.last_evicted == message(0)


# Messages.


def test_new_message_is_appended(timeline: Timeline):
    timeline.put("message00", message(0))
    timeline.put("message01", message(1))
    assert list(timeline) == [(0, message(0)), (1, message(1))]


def test_known_message_changes_in_place(timeline: Timeline):
    timeline.add(message(0))
    timeline.add(message(1))
    changed = replace(message(0), text="New")
    timeline.put("message00", changed)
    assert list(timeline) == [(0, changed), (1, message(1))]
    assert timeline.next == 2


def test_removed_message_leaves_a_gap(timeline: Timeline):
    for number in range(3):
        timeline.add(message(number))
    timeline.put("message01", None)
    assert list(timeline) == [(0, message(0)), (2, message(2))]
    assert timeline.number("message01") is None
    assert timeline.get(1) is None
    assert 1 not in timeline


def test_removing_an_unknown_message_changes_nothing(timeline: Timeline):
    timeline.put("message00", None)
    assert len(timeline) == 0
    assert timeline.next == 0


def test_gap_makes_space_for_another_message(timeline: Timeline):
    for number in range(3):
        timeline.add(message(number))
    timeline.put("message01", None)
    timeline.add(message(3))
    assert [number for number, _ in timeline] == [0, 2, 3]
    assert timeline.last_evicted is None


def test_removed_message_returns_at_the_end(timeline: Timeline):
    timeline.add(message(0))
    timeline.add(message(1))
    timeline.put("message00", None)
    timeline.put("message00", message(0))
    assert list(timeline) == [(1, message(1)), (2, message(0))]


def test_message_is_found_by_its_id(timeline: Timeline):
    timeline.add(notice(0))
    timeline.add(message(0))
    assert timeline.number("message00") == 1
    assert timeline.get(1) == message(0)
    assert 1 in timeline
    assert timeline.number("message01") is None


def test_evicted_message_is_not_found(timeline: Timeline):
    for number in range(4):
        timeline.add(message(number))
    assert timeline.number("message00") is None
    assert timeline.get(0) is None


STEPS = st.lists(st.tuples(st.sampled_from(["post", "edit", "delete", "notice", "join", "clear"]), st.integers(0, 9)))


@settings(deadline=None)  # the machine may be busy
@given(STEPS)
def test_numbers_items_and_limits_agree_after_any_steps(steps: list[tuple[str, int]]):
    timeline = Timeline(3)
    for turn, (step, number) in enumerate(steps):
        before = timeline.next
        match step:
            case "post" | "edit":
                timeline.put(message(number).id, replace(message(number), text=f"Version {turn}"))
            case "delete":
                timeline.put(message(number).id, None)
            case "notice":
                timeline.add(notice(number))
            case "join":
                timeline.add_join_or_leave(
                    PresenceChange(f"member {number}", f"Member {number}", JoinOrLeave.JOINED, NOON)
                )
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
