"""Viewing the newest message, and typing, in a room."""

import pytest

from chat.domain.rooms.events import TypingStopped, ViewingChanged
from chat.domain.rooms.room import Room
from tests.unit.domain.rooms.scenes import ANN, NOON, after, apply

# Viewing.


def test_joined_member_views_the_newest_message(room: Room):
    assert room.presence.is_viewing_latest("ann")


def test_scrolling_away_and_back_each_change_viewing_once(room: Room):
    for is_viewing in (False, True):
        event = room.set_viewing_latest("ann", "ann's tab", is_viewing)
        assert event == ViewingChanged("lobby", "ann", "ann's tab", is_viewing)
        assert room.apply(event)
        assert not room.apply(event)
        assert room.presence.is_viewing_latest("ann") is is_viewing


@pytest.mark.parametrize(("member_id", "tab"), [("ann", "bob's tab"), ("eve", "ann's tab"), ("ann", "")])
def test_unknown_tab_views_nothing(room: Room, member_id: str, tab: str):
    assert not room.apply(room.set_viewing_latest(member_id, tab, False))
    assert room.presence.is_viewing_latest("ann")
    assert room.presence.is_viewing_latest("bob")


# Typing.


def test_typing_starts_and_stops(room: Room):
    apply(room, room.type("ann", True, NOON))
    assert room.typing.member_ids == ("ann",)
    apply(room, room.type("ann", False, NOON))
    assert room.typing.member_ids == ()


def test_continued_typing_changes_nothing(room: Room):
    [event] = room.type("ann", True, NOON)
    assert room.apply(event)
    [event] = room.type("ann", True, after(1))
    assert not room.apply(event)


def test_stopping_without_typing_gives_no_event(room: Room):
    assert room.type("ann", False, NOON) == []


def test_absent_member_does_not_type(room: Room):
    assert room.type("eve", True, NOON) == []


def test_message_stops_the_typing_of_its_author_only(room: Room):
    for member_id in ("ann", "bob"):
        apply(room, room.type(member_id, True, NOON))
    apply(room, room.conversation.post(ANN, "Hello", "message01", NOON))
    assert room.typing.member_ids == ("bob",)


def test_losing_the_last_connection_stops_typing(room: Room):
    apply(room, room.type("ann", True, NOON))
    apply(room, room.connect(ANN, "second tab", NOON))
    apply(room, room.disconnect("ann", "second tab", NOON))
    assert room.typing.member_ids == ("ann",)
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    assert room.typing.member_ids == ()


def test_leaving_stops_typing(room: Room):
    apply(room, room.type("ann", True, NOON))
    apply(room, room.leave("ann", NOON))
    assert room.typing.member_ids == ()


def test_typing_expires(room: Room):
    apply(room, room.type("ann", True, NOON))
    assert room.expire(after(4)) == []
    assert room.expire(after(5)) == [TypingStopped("lobby", ("ann",))]
