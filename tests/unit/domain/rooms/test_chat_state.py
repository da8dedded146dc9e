"""Several rooms of one chat: what they share, and what each has for itself."""

import pytest

from chat.domain.messages.history import History
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import RoomCreated
from chat.domain.rooms.moderation.moderation_actions import LockRoom, MuteMember, SetSlowMode
from chat.domain.rooms.moderation.moderation_decisions import decide
from chat.domain.rooms.notices import JoinLeaveSummary, RenamedNotice
from chat.domain.rooms.room import Room
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ADA, ANN, BOB, NOON, after, apply, join, post, refusal, timeline_items


@pytest.fixture
def tea(chat: ChatState) -> Room:
    """A room beside the lobby; Ada, an admin, is there too."""
    join(chat, ADA)
    apply(chat, RoomCreated(ADA.ref, NOON, RoomInfo("tea", RoomKind.PUBLIC, "Tea", "tea")))
    return chat.open("tea", History(100))


def say(room: Room, text: str = "Hi", seconds: float = 0) -> None:
    post(room.conversation, BOB, text, f"message{seconds:03}", after(seconds))


def test_message_is_in_its_room_only(chat: ChatState, tea: Room):
    say(tea)
    assert [message.room for message in tea.conversation.history] == ["tea"]
    assert list(chat.lobby.conversation.history) == []


def test_event_goes_to_its_room(chat: ChatState, tea: Room):
    apply(chat, tea.conversation.change_topic(ADA, "Green or black?", NOON))
    assert (tea.conversation.history.topic, chat.lobby.conversation.history.topic) == ("Green or black?", "")


def test_lock_and_slow_mode_are_those_of_one_room(chat: ChatState, tea: Room):
    apply(chat, decide(tea, ADA, LockRoom(), NOON))
    assert refusal(lambda: say(tea)).key == "locked"
    apply(chat, decide(chat.lobby, ADA, SetSlowMode(30), NOON))
    say(chat.lobby)
    assert refusal(lambda: say(chat.lobby, seconds=1)).key == "slow-mode"
    quiet = chat.open("quiet", History(100))
    for seconds in range(2, 5):
        say(quiet, seconds=seconds)


def test_mute_holds_in_all_rooms_and_is_announced_where_it_was_decided(chat: ChatState, tea: Room):
    event = decide(tea, ADA, MuteMember("bob"), NOON)
    apply(chat, event)
    assert [refusal(lambda room=room: say(room)).key for room in (tea, chat.lobby)] == ["muted", "muted"]
    assert timeline_items(tea.conversation) == [event]
    assert event not in timeline_items(chat.lobby.conversation)


def test_people_are_announced_in_the_lobby_only(chat: ChatState, tea: Room):
    apply(chat, chat.lobby.rename("bob", parse_nickname("Robert"), NOON))
    joined, renamed = timeline_items(chat.lobby.conversation)
    assert isinstance(joined, JoinLeaveSummary)
    assert renamed == RenamedNotice(NOON, "Bob", "Robert")
    assert timeline_items(tea.conversation) == []


def test_typing_shows_in_its_room_and_ends_in_all_when_the_member_leaves(chat: ChatState, tea: Room):
    apply(chat, tea.type("bob", True, NOON))
    assert (tea.typing.member_ids, chat.lobby.typing.member_ids) == (("bob",), ())
    apply(chat, chat.people.leave("bob", NOON))
    assert tea.typing.member_ids == ()


def test_typing_times_out_in_every_room(chat: ChatState, tea: Room):
    apply(chat, [*tea.type("bob", True, NOON), *chat.lobby.type("ann", True, NOON)])
    apply(chat, chat.expire(after(6)))
    assert (tea.typing.member_ids, chat.lobby.typing.member_ids) == ((), ())


def test_member_can_be_mentioned_in_every_room(chat: ChatState, tea: Room):
    message = post(tea.conversation, ADA, "@Ann and @Bob", "message01")
    assert message.mentions == {ANN.name: "ann", BOB.name: "bob"}
