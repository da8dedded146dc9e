"""Viewing the newest message, and typing, in a chat."""

import pytest

from chat.domain.people.events import ViewingChanged
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.events import TypingStopped
from tests.unit.domain.rooms.scenes import ANN, NOON, after, apply

# Viewing.


def test_looking_and_scrolling_away_each_change_viewing_once(chat: ChatState):
    for is_viewing in (True, False):
        [event] = chat.people.set_viewing_latest("ann", "ann's tab", LOBBY, is_viewing)
        assert event == ViewingChanged("ann", "ann's tab", LOBBY, is_viewing)
        assert chat.apply(event)
        assert not chat.apply(event)
        assert chat.people.presence.is_viewing_latest("ann", LOBBY) is is_viewing


def test_tab_views_one_room_at_a_time(chat: ChatState):
    for room_id in (LOBBY, "tea"):
        changes = chat.people.set_viewing_latest("ann", "ann's tab", room_id, True)
        assert all(map(chat.apply, changes))
    assert [change.room_id for change in changes] == [LOBBY, "tea"]
    presence = chat.people.presence
    assert (presence.is_viewing_latest("ann", LOBBY), presence.is_viewing_latest("ann", "tea")) == (False, True)
    [change] = chat.people.set_viewing_latest("ann", "ann's tab", LOBBY, False)
    assert not chat.apply(change)
    assert presence.is_viewing_latest("ann", "tea")


@pytest.mark.parametrize(("member_id", "tab"), [("ann", "bob's tab"), ("eve", "ann's tab"), ("ann", "")])
def test_unknown_tab_views_nothing(chat: ChatState, member_id: str, tab: str):
    [event] = chat.people.set_viewing_latest(member_id, tab, LOBBY, True)
    assert not chat.apply(event)
    assert not any(chat.people.presence.is_viewing_latest(name, LOBBY) for name in ("ann", "bob", "eve"))


# Typing.


def test_typing_starts_and_stops(chat: ChatState):
    apply(chat, chat.lobby.type("ann", True, NOON))
    assert chat.lobby.typing.member_ids == ("ann",)
    apply(chat, chat.lobby.type("ann", False, NOON))
    assert chat.lobby.typing.member_ids == ()


def test_continued_typing_changes_nothing(chat: ChatState):
    [event] = chat.lobby.type("ann", True, NOON)
    assert chat.apply(event)
    [event] = chat.lobby.type("ann", True, after(1))
    assert not chat.apply(event)


def test_stopping_without_typing_gives_no_event(chat: ChatState):
    assert chat.lobby.type("ann", False, NOON) == []


def test_absent_member_does_not_type(chat: ChatState):
    assert chat.lobby.type("eve", True, NOON) == []


def test_message_stops_the_typing_of_its_author_only(chat: ChatState):
    for member_id in ("ann", "bob"):
        apply(chat, chat.lobby.type(member_id, True, NOON))
    apply(chat, chat.lobby.conversation.post(ANN, "Hello", "message01", NOON))
    assert chat.lobby.typing.member_ids == ("bob",)


def test_losing_the_last_connection_stops_typing(chat: ChatState):
    apply(chat, chat.lobby.type("ann", True, NOON))
    apply(chat, chat.people.connect(ANN, "second tab", NOON))
    apply(chat, chat.people.disconnect("ann", "second tab", NOON))
    assert chat.lobby.typing.member_ids == ("ann",)
    apply(chat, chat.people.disconnect("ann", "ann's tab", NOON))
    assert chat.lobby.typing.member_ids == ()


def test_leaving_stops_typing(chat: ChatState):
    apply(chat, chat.lobby.type("ann", True, NOON))
    apply(chat, chat.people.leave("ann", NOON))
    assert chat.lobby.typing.member_ids == ()


def test_typing_expires(chat: ChatState):
    apply(chat, chat.lobby.type("ann", True, NOON))
    assert chat.expire(after(4)) == []
    assert chat.expire(after(5)) == [TypingStopped("lobby", ("ann",))]
