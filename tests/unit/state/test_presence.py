"""Joining, leaving, viewing and typing."""

import asyncio
from collections.abc import Callable
from datetime import timedelta
from unittest.mock import patch

import pytest

from chat.domain.errors import NameRefused
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted
from chat.domain.people.events import Connected, Disconnected, MemberJoined, MemberLeft, ViewingChanged
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.events import TypingStarted, TypingStopped
from chat.domain.users import Member
from chat.state import clock, members
from chat.state.chat import Chat
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import ANN, BOB, tab


async def test_joining_and_leaving_are_published(chat: Chat, published: list[Event]):
    cid = Member("cid", parse_nickname("Cid"))
    chat.members.connect(cid, "tab 1")
    chat.members.connect(cid, "tab 2")
    chat.members.disconnect("cid", "tab 1")
    chat.members.leave("cid")
    assert [type(event) for event in published] == [MemberJoined, Connected, Connected, Disconnected, MemberLeft]


async def test_those_who_come_back_after_a_restart_are_not_announced(chat: Chat, published: list[Event]):
    cid, earlier = Member("cid", parse_nickname("Cid")), clock.now() - timedelta(hours=1)
    before = len(chat.lobby.conversation.timeline)
    chat.members.connect(cid, "tab", signed_in_at=earlier)
    assert len(chat.lobby.conversation.timeline) == before
    assert "cid" in chat.people.members
    chat.members.leave("cid")
    chat.members.connect(cid, "tab", signed_in_at=earlier)  # the others were told that Cid left
    chat.members.connect(Member("dee", parse_nickname("Dee")), "tab of Dee", signed_in_at=clock.now())  # a newcomer
    with patch.object(members, "TIME_TO_RETURN", 0):
        chat.members.connect(Member("eva", parse_nickname("Eva")), "tab of Eva", signed_in_at=earlier)  # late
    assert [event.is_back for event in published if isinstance(event, MemberJoined)] == [True, False, False, False]


async def test_taken_name_is_refused(chat: Chat, published: list[Event]):
    for attempt in (
        lambda: chat.members.connect(Member("eve", parse_nickname("ANN")), "tab"),
        lambda: chat.members.check_name("eve", " Ann "),
    ):
        with pytest.raises(NameRefused) as refused:
            attempt()
        assert refused.value.key == "name-taken"
    with pytest.raises(NameRefused, match="name-taken"):
        await chat.members.rename("bob", "ann")
    assert published == []


async def test_changes_of_viewing_are_published_once(chat: Chat, published: list[Event]):
    for is_viewing in (True, True, False, False):
        chat.members.set_viewing_latest("ann", tab(ANN), LOBBY, is_viewing)
    assert published == [ViewingChanged("ann", tab(ANN), LOBBY, is_viewing) for is_viewing in (True, False)]
    assert not chat.people.presence.is_viewing_latest("ann", LOBBY)


async def test_tabs_of_others_and_of_absent_members_are_not_viewing(chat: Chat, published: list[Event]):
    chat.members.set_viewing_latest("ann", tab(BOB), LOBBY, True)
    chat.members.set_viewing_latest("eve", "eve's tab", LOBBY, True)
    assert published == []


async def test_typing_is_published_once_and_ends_with_the_message(chat: Chat, published: list[Event]):
    chat.messages.type("ann", LOBBY, True)
    chat.messages.type("ann", LOBBY, True)
    chat.messages.type("bob", LOBBY, True)
    chat.messages.type("bob", LOBBY, False)
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert [type(event) for event in published] == [TypingStarted, TypingStarted, TypingStopped, MessagePosted]
    assert chat.lobby.typing.member_ids == ()


async def test_member_without_connections_leaves_after_the_grace(make_chat: Callable[..., Chat]):
    chat = make_chat(grace=0)
    left = asyncio.get_running_loop().create_future()
    chat.subscribe(lambda event: left.set_result(event) if isinstance(event, MemberLeft) else None)
    await chat.start()
    chat.members.disconnect("bob", tab(BOB))
    event = await asyncio.wait_for(left, 20)
    assert event.member == BOB
    assert chat.people.roster() == [ANN]
