"""Notices in the timeline: how many are kept, summaries of joins and leaves, and forgetting a member."""

import pytest

from chat.domain.messages.message import Message
from chat.domain.moderation.events import Muted, RoomLocked, RoomUnlocked
from chat.domain.rooms.notices import (
    HistoryClearedNotice,
    JoinLeaveSummary,
    JoinOrLeave,
    PresenceChange,
    RenamedNotice,
    RoleChangedNotice,
    TopicChangedNotice,
)
from chat.domain.rooms.timeline import MAX_CHANGES, Item, Timeline
from chat.domain.users import Role, UserRef
from tests.unit.domain.rooms.scenes import NOON, message, notice


def summaries(timeline: Timeline) -> list[JoinLeaveSummary]:
    return [item for _, item in timeline if isinstance(item, JoinLeaveSummary)]


def test_as_many_notices_as_messages_are_kept(timeline: Timeline):
    for number in range(3):
        timeline.add(notice(number))
        timeline.add(message(number))
    assert [item.text for _, item in timeline if isinstance(item, Message)] == ["Message 0", "Message 1", "Message 2"]
    assert len(timeline) == 6


def test_number_of_notices_is_bounded(timeline: Timeline):
    for number in range(20):
        timeline.add(notice(number))
    assert [item for _, item in timeline] == [notice(17), notice(18), notice(19)]


def test_many_notices_evict_no_message(timeline: Timeline):
    for number in range(3):
        timeline.add(message(number))
    for number in range(20):
        timeline.add(notice(number))
    assert [item for _, item in timeline if isinstance(item, Message)] == [message(0), message(1), message(2)]


def test_consecutive_joins_and_leaves_share_a_summary(timeline: Timeline):
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.JOINED, NOON))
    timeline.add_join_or_leave(PresenceChange("b", "Bob", JoinOrLeave.JOINED, NOON))
    timeline.add_join_or_leave(PresenceChange("c", "Cid", JoinOrLeave.LEFT, NOON))
    [summary] = summaries(timeline)
    assert summary.names(JoinOrLeave.JOINED) == ["Ann", "Bob"]
    assert summary.names(JoinOrLeave.LEFT) == ["Cid"]


def test_summary_is_bounded_and_another_one_follows(timeline: Timeline):
    for number in range(MAX_CHANGES + 1):
        timeline.add_join_or_leave(PresenceChange(f"m{number}", f"Member {number}", JoinOrLeave.JOINED, NOON))
    assert [len(summary.changes) for summary in summaries(timeline)] == [MAX_CHANGES, 1]


def test_summary_has_only_the_last_change_of_a_member(timeline: Timeline):
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.JOINED, NOON))
    timeline.add_join_or_leave(PresenceChange("b", "Bob", JoinOrLeave.JOINED, NOON))
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.LEFT, NOON))
    [summary] = summaries(timeline)
    assert summary.names(JoinOrLeave.JOINED) == ["Bob"]
    assert summary.names(JoinOrLeave.LEFT) == ["Ann"]


@pytest.mark.parametrize(
    "between",
    [message(1), notice(1), HistoryClearedNotice(NOON, "Ann"), TopicChangedNotice(NOON, "Ann", "Tea")],
    ids=lambda item: type(item).__name__,
)
def test_any_other_item_begins_a_new_summary(timeline: Timeline, between: Item):
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.JOINED, NOON))
    timeline.add(between)
    timeline.add_join_or_leave(PresenceChange("b", "Bob", JoinOrLeave.JOINED, NOON))
    assert [summary.names(JoinOrLeave.JOINED) for summary in summaries(timeline)] == [["Ann"], ["Bob"]]


def test_growing_summary_keeps_its_number(timeline: Timeline):
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.JOINED, NOON))
    timeline.add_join_or_leave(PresenceChange("b", "Bob", JoinOrLeave.JOINED, NOON))
    assert [number for number, _ in timeline] == [0]


def test_evicted_summary_is_not_continued():
    timeline = Timeline(1)
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.JOINED, NOON))
    timeline.add(message(0))
    timeline.add(message(1))
    timeline.add_join_or_leave(PresenceChange("b", "Bob", JoinOrLeave.JOINED, NOON))
    assert [summary.names(JoinOrLeave.JOINED) for summary in summaries(timeline)] == [["Bob"]]


def test_summary_continues_after_the_message_behind_it_is_deleted(timeline: Timeline):
    timeline.add_join_or_leave(PresenceChange("a", "Ann", JoinOrLeave.JOINED, NOON))
    timeline.add(message(0))
    timeline.put("message00", None)
    timeline.add_join_or_leave(PresenceChange("b", "Bob", JoinOrLeave.JOINED, NOON))
    [summary] = summaries(timeline)
    assert summary.names(JoinOrLeave.JOINED) == ["Ann", "Bob"]


def test_forgotten_member_is_in_no_notice():
    timeline = Timeline(10)
    timeline.add_join_or_leave(PresenceChange("ann", "Old Ann", JoinOrLeave.JOINED, NOON))
    timeline.add_join_or_leave(PresenceChange("bob", "Bob", JoinOrLeave.JOINED, NOON))
    timeline.add(RenamedNotice(NOON, "Old Ann", "Anna"))
    timeline.add(TopicChangedNotice(NOON, "Anna", "Tea"))
    timeline.add(RoleChangedNotice(NOON, "Anna", Role.ADMIN))
    timeline.add(RenamedNotice(NOON, "Anna", "Ann"))
    ann, bob = UserRef("ann", "Ann"), UserRef("bob", "Bob")
    for event in (
        Muted("lobby", bob, ann, NOON, NOON),
        RoomLocked("lobby", ann, NOON),
        RoomUnlocked("lobby", bob, NOON),
    ):
        timeline.add(event)
    timeline.add(HistoryClearedNotice(NOON, "Bob"))
    timeline.add_join_or_leave(PresenceChange("ann", "Ann", JoinOrLeave.LEFT, NOON))
    assert timeline.forget("ann", ["Ann"])
    assert [item for _, item in timeline] == [
        JoinLeaveSummary(NOON, (PresenceChange("bob", "Bob", JoinOrLeave.JOINED, NOON),)),
        RoomUnlocked("lobby", bob, NOON),
        HistoryClearedNotice(NOON, "Bob"),
    ]
    assert not timeline.forget("ann", ["Ann"])


def test_forgotten_notices_make_space_for_others(timeline: Timeline):
    for number in range(20):
        timeline.add(RenamedNotice(NOON, "Ann", f"Ann {number}"))
        timeline.forget("ann", ["Ann"])
    timeline.add(HistoryClearedNotice(NOON, "Bob"))
    assert [item for _, item in timeline] == [HistoryClearedNotice(NOON, "Bob")]


def test_notices_are_evicted_with_the_message_after_them(timeline: Timeline):
    for item in (notice(0), message(0), notice(1), message(1), message(2), message(3)):
        timeline.add(item)
    assert [item for _, item in timeline] == [notice(1), message(1), message(2), message(3)]
    assert timeline.first == 2


def test_evicted_notices_make_space_for_others(timeline: Timeline):
    for number in range(3):
        timeline.add(notice(number))
    for number in range(4):
        timeline.add(message(number))
    for number in range(3, 6):
        timeline.add(notice(number))
    assert [item for _, item in timeline] == [message(1), message(2), message(3), notice(3), notice(4), notice(5)]
