"""Avatar colours: stable for each member, and different among those who are here."""

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.people.avatar_colors import PALETTE, AvatarColors
from chat.domain.rooms.chat_state import ChatState
from chat.domain.users import Member
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import NOON, after, apply, join, new_chat


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


def colors_of(chat: ChatState, *ids: str) -> list[object]:
    return [chat.people.colors.of(member_id) for member_id in ids]


def test_all_colours_differ():
    assert len(set(PALETTE)) == 24


@pytest.mark.parametrize("count", [2, 5, 12, 24])
def test_members_who_are_here_have_different_colours(count: int):
    chat = new_chat()
    for member in members(count):
        join(chat, member)
    assert len(set(colors_of(chat, *chat.people.members))) == count


def test_those_who_are_here_keep_their_colours_when_others_come_and_go():
    chat = new_chat()
    everyone = members(24)
    before: dict[str, object] = {}
    for member in everyone:
        join(chat, member)
        before[member.id] = chat.people.colors.of(member.id)
        assert {member_id: chat.people.colors.of(member_id) for member_id in chat.people.members} == before
    for member in everyone[::2]:
        apply(chat, chat.people.leave(member.id, NOON))
    for member in everyone[::2]:
        join(chat, member, now=after(1))
    assert {member.id: chat.people.colors.of(member.id) for member in everyone} == before


def test_crowd_beyond_the_palette_keeps_its_own_colours():
    colors, chat = AvatarColors(), new_chat()
    for member in members(24):
        join(chat, member)
    late = Member("late", parse_nickname("Late"))
    join(chat, late)
    assert chat.people.colors.of("late") == colors.of("late")


def test_colour_survives_leaving_and_a_restart():
    one, two = twins()
    history = History(10, [message(1, one), message(2, two)])
    chat = new_chat(history)
    before = colors_of(chat, one, two)
    assert before[0] != before[1]
    restarted = new_chat(history.copy())
    join(restarted, Member(two, parse_nickname("Two")))
    join(restarted, Member(one, parse_nickname("One")))
    assert colors_of(restarted, one, two) == before


def test_account_holders_who_never_wrote_have_different_colours():
    one, two = twins()
    accounts = Directory([Account(member_id, parse_nickname(member_id), "", NOON, 1) for member_id in (one, two)])
    assert len(set(colors_of(new_chat(accounts=accounts), one, two))) == 2


def test_account_holder_who_wrote_keeps_their_colour_after_a_restart():
    accounts = Directory([Account("olga", parse_nickname("Olga"), "", NOON, 1)])
    restarted = new_chat(History(10, [message(1, "olga"), message(2, "guest")]), accounts=accounts)
    assert colors_of(restarted, "olga", "guest") == [AvatarColors().of("olga"), AvatarColors().of("guest")]


def message(number: int, author: str) -> Message:
    return Message(f"message{number:02}", "lobby", author, author, "Hi", NOON)
