"""Joining and leaving a room: connections, the grace period, and names that are taken."""

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.people.events import Connected, MemberJoined, MemberLeft
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.notices import JoinLeaveSummary, JoinOrLeave
from chat.domain.users import Member, Nickname
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ANN, BOB, EVE, NOON, after, apply, join, new_chat, refusal


def test_first_tab_joins():
    assert new_chat().people.connect(ANN, "tab", NOON) == [MemberJoined(ANN, NOON), Connected("ann", "tab")]


def test_another_tab_only_connects(chat: ChatState):
    assert chat.people.connect(ANN, "tab 2", NOON) == [Connected("ann", "tab 2")]


def test_reconnecting_within_the_grace_period_is_no_leave(chat: ChatState):
    apply(chat, chat.people.disconnect("ann", "ann's tab", NOON))
    assert chat.expire(after(9)) == []
    apply(chat, chat.people.connect(ANN, "ann's tab", after(9)))
    assert chat.expire(after(60)) == []


def test_member_leaves_after_the_grace_period(chat: ChatState):
    apply(chat, chat.people.disconnect("ann", "ann's tab", NOON))
    events = chat.expire(after(10))
    assert events == [MemberLeft(ANN, after(10))]
    apply(chat, events)
    assert chat.people.roster() == [BOB]
    assert "ann" not in chat.people.presence


def test_leaving_takes_effect_immediately_and_once(chat: ChatState):
    events = chat.people.leave("ann", NOON)
    assert events == [MemberLeft(ANN, NOON)]
    apply(chat, events)
    assert chat.people.leave("ann", NOON) == []


def test_joins_and_leaves_are_in_the_timeline(chat: ChatState):
    apply(chat, chat.people.leave("bob", NOON))
    [(_, summary)] = chat.lobby.conversation.timeline
    assert isinstance(summary, JoinLeaveSummary)
    assert (summary.names(JoinOrLeave.JOINED), summary.names(JoinOrLeave.LEFT)) == (["Ann"], ["Bob"])


def test_roster_is_sorted_by_name_regardless_of_case(chat: ChatState):
    join(chat, Member("zed", parse_nickname("aaron")))
    assert [member.name for member in chat.people.roster()] == ["aaron", "Ann", "Bob"]


# Names.


@pytest.mark.parametrize("name", ["Ann", "ANN", "Ａｎｎ", " ann "])
def test_taken_name_is_refused_in_every_form(chat: ChatState, name: str):
    assert refusal(lambda: chat.people.connect(Member("eve", parse_nickname(name)), "tab", NOON)).key == "name-taken"


def test_name_is_free_after_its_owner_left(chat: ChatState):
    apply(chat, chat.people.leave("ann", NOON))
    assert chat.people.connect(Member("eve", parse_nickname("Ann")), "tab", NOON)


def room_with_account(name: str) -> ChatState:
    """Create a room in which `name` is reserved by Eve's account."""
    nickname = Nickname(name, name.lower())
    return new_chat(accounts=Directory([Account("eve", nickname, "", NOON, 1)]))


def test_reserved_name_is_refused_to_others():
    chat = room_with_account("Emil")
    join(chat, ANN)
    for attempt in (
        lambda: chat.people.connect(Member("bob", parse_nickname("Emil")), "tab", NOON),
        lambda: chat.lobby.rename("ann", parse_nickname("EMIL"), NOON),
    ):
        assert refusal(attempt).key == "name-account"


def test_account_holder_can_use_their_reserved_name():
    chat = room_with_account("Emil")
    join(chat, EVE)
    apply(chat, chat.lobby.rename("eve", parse_nickname("Emil"), NOON))
    assert chat.people.member("eve").name == "Emil"


def test_name_that_became_forbidden_is_refused_to_all_but_its_account_holder():
    chat = room_with_account("everyone")
    chat.people.check_name("eve", parse_nickname("everyone"))
    assert refusal(lambda: chat.people.check_name("bob", parse_nickname("everyone"))).key == "name-reserved"


def test_room_keeps_an_empty_directory():
    accounts = Directory()
    assert new_chat(accounts=accounts).people.accounts is accounts
