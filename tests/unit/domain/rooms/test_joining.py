"""Joining and leaving a room: connections, the grace period, and names that are taken."""

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.rooms.events import Connected, MemberJoined, MemberLeft
from chat.domain.rooms.notices import JoinLeaveSummary, JoinOrLeave
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Nickname
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import ANN, BOB, EVE, NOON, after, apply, join, new_room, refusal


def test_first_tab_joins():
    assert new_room().connect(ANN, "tab", NOON) == [MemberJoined("lobby", ANN, NOON), Connected("lobby", "ann", "tab")]


def test_another_tab_only_connects(room: Room):
    assert room.connect(ANN, "tab 2", NOON) == [Connected("lobby", "ann", "tab 2")]


def test_reconnecting_within_the_grace_period_is_no_leave(room: Room):
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    assert room.expire(after(9)) == []
    apply(room, room.connect(ANN, "ann's tab", after(9)))
    assert room.expire(after(60)) == []


def test_member_leaves_after_the_grace_period(room: Room):
    apply(room, room.disconnect("ann", "ann's tab", NOON))
    events = room.expire(after(10))
    assert events == [MemberLeft("lobby", ANN, after(10))]
    apply(room, events)
    assert room.roster() == [BOB]
    assert "ann" not in room.presence


def test_leaving_takes_effect_immediately_and_once(room: Room):
    events = room.leave("ann", NOON)
    assert events == [MemberLeft("lobby", ANN, NOON)]
    apply(room, events)
    assert room.leave("ann", NOON) == []


def test_joins_and_leaves_are_in_the_timeline(room: Room):
    apply(room, room.leave("bob", NOON))
    [(_, summary)] = room.conversation.timeline
    assert isinstance(summary, JoinLeaveSummary)
    assert (summary.names(JoinOrLeave.JOINED), summary.names(JoinOrLeave.LEFT)) == (["Ann"], ["Bob"])


def test_roster_is_sorted_by_name_regardless_of_case(room: Room):
    join(room, Member("zed", parse_nickname("aaron")))
    assert [member.name for member in room.roster()] == ["aaron", "Ann", "Bob"]


# Names.


@pytest.mark.parametrize("name", ["Ann", "ANN", "Ａｎｎ", " ann "])
def test_taken_name_is_refused_in_every_form(room: Room, name: str):
    assert refusal(lambda: room.connect(Member("eve", parse_nickname(name)), "tab", NOON)).key == "name-taken"


def test_name_is_free_after_its_owner_left(room: Room):
    apply(room, room.leave("ann", NOON))
    assert room.connect(Member("eve", parse_nickname("Ann")), "tab", NOON)


def room_with_account(name: str) -> Room:
    """Create a room in which `name` is reserved by Eve's account."""
    nickname = Nickname(name, name.lower())
    return new_room(accounts=Directory([Account("eve", nickname, "", NOON, 1)]))


def test_reserved_name_is_refused_to_others():
    room = room_with_account("Emil")
    join(room, ANN)
    for attempt in (
        lambda: room.connect(Member("bob", parse_nickname("Emil")), "tab", NOON),
        lambda: room.rename("ann", parse_nickname("EMIL"), NOON),
    ):
        assert refusal(attempt).key == "name-account"


def test_account_holder_can_use_their_reserved_name():
    room = room_with_account("Emil")
    join(room, EVE)
    apply(room, room.rename("eve", parse_nickname("Emil"), NOON))
    assert room.member("eve").name == "Emil"


def test_name_that_became_forbidden_is_refused_to_all_but_its_account_holder():
    room = room_with_account("everyone")
    room.check_name("eve", parse_nickname("everyone"))
    assert refusal(lambda: room.check_name("bob", parse_nickname("everyone"))).key == "name-reserved"


def test_room_keeps_an_empty_directory():
    accounts = Directory()
    assert new_room(accounts=accounts).accounts is accounts
