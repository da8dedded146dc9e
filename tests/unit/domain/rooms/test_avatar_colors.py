"""Avatar colours: stable for each member, and different among those who are here."""

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.rooms.avatar_colors import PALETTE, AvatarColors
from chat.domain.rooms.room import Room
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import NOON, after, apply, join, new_room


def members(count: int) -> list[Member]:
    return [Member(f"member{number}", parse_nickname(f"Member {number}")) for number in range(count)]


def twins() -> tuple[str, str]:
    """Return two ids of the same colour."""
    colors, seen = AvatarColors(), dict[object, str]()
    for number in range(100):
        member_id = f"member{number}"
        if other := seen.get(colors.of(member_id)):
            return other, member_id
        seen[colors.of(member_id)] = member_id
    raise AssertionError


def colors_of(room: Room, *ids: str) -> list[object]:
    return [room.conversation.colors.of(member_id) for member_id in ids]


def test_all_colours_differ():
    assert len(set(PALETTE)) == 24


@pytest.mark.parametrize("count", [2, 5, 12, 24])
def test_members_who_are_here_have_different_colours(count: int):
    room = new_room()
    for member in members(count):
        join(room, member)
    assert len(set(colors_of(room, *room.members))) == count


def test_those_who_are_here_keep_their_colours_when_others_come_and_go():
    room = new_room()
    everyone = members(24)
    before: dict[str, object] = {}
    for member in everyone:
        join(room, member)
        before[member.id] = room.conversation.colors.of(member.id)
        assert {member_id: room.conversation.colors.of(member_id) for member_id in room.members} == before
    for member in everyone[::2]:
        apply(room, room.leave(member.id, NOON))
    for member in everyone[::2]:
        join(room, member, now=after(1))
    assert {member.id: room.conversation.colors.of(member.id) for member in everyone} == before


def test_crowd_beyond_the_palette_keeps_its_own_colours():
    colors, room = AvatarColors(), new_room()
    for member in members(24):
        join(room, member)
    late = Member("late", parse_nickname("Late"))
    join(room, late)
    assert room.conversation.colors.of("late") == colors.of("late")


def test_colour_survives_leaving_and_a_restart():
    one, two = twins()
    history = History(10, [message(1, one), message(2, two)])
    room = Room("lobby", history, new_room().presence.grace)
    before = colors_of(room, one, two)
    assert before[0] != before[1]
    restarted = Room("lobby", history.copy(), new_room().presence.grace)
    join(restarted, Member(two, parse_nickname("Two")))
    join(restarted, Member(one, parse_nickname("One")))
    assert colors_of(restarted, one, two) == before


def test_account_holders_who_never_wrote_have_different_colours():
    one, two = twins()
    accounts = Directory([Account(member_id, parse_nickname(member_id), "", NOON, 1) for member_id in (one, two)])
    assert len(set(colors_of(new_room(accounts=accounts), one, two))) == 2


def message(number: int, author: str) -> Message:
    return Message(f"message{number:02}", "lobby", author, author, "Hi", NOON)
