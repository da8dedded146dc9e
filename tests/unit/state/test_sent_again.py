"""Commands and edits that a browser sends again, because the answer was lost with the connection, act once."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import pytest

from chat.domain.commands.replies import RosterReply
from chat.domain.errors import ChatError, CommandRefused, HistoryUnwritable
from chat.domain.events import Event
from chat.domain.moderation.events import Muted
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Role
from chat.state.chat import Chat
from chat.state.pipeline.sent_commands import MAX_PER_MEMBER
from tests.unit.state.support import ADMIN_PASSWORD, get, refusal, texts, unwritable

ACTS = [
    "/ban @Bob", "/mute @Bob 5", "/kick @Bob", "/topic Tea", "/slow 30", "/lock", "/filter tea",
    "/role @Bob moderator", "/nick Anna", "/me waves", "/shrug",
]  # fmt: skip


@pytest.fixture
async def admin(chat: Chat) -> Chat:
    """A chat in which Ann is an admin, and Bob has said three things."""
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    for number in range(3):
        await chat.messages.post("bob", LOBBY, f"Bob {number}", f"bob{number:07}")
    return chat


@pytest.mark.parametrize("command", ACTS)
async def test_command_sent_again_acts_once(admin: Chat, published: list[Event], command: str):
    first = await admin.messages.post("ann", LOBBY, command, "command01")
    acted = list(published)
    assert acted
    assert await admin.messages.post("ann", LOBBY, command, "command01") == first
    assert published == acted


@pytest.mark.parametrize("command", ACTS)
async def test_command_sent_again_while_it_acts_acts_once(admin: Chat, published: list[Event], command: str):
    await asyncio.gather(*(admin.messages.post("ann", LOBBY, command, "command01") for _ in range(3)))
    assert len(published) == len({repr(event) for event in published})
    assert len(texts(admin)) == {"/me waves": 4, "/shrug": 4}.get(command, 3)


async def test_command_whose_page_is_gone_acts_once(admin: Chat, published: list[Event]):
    sending = asyncio.create_task(admin.messages.post("ann", LOBBY, "/mute @Bob", "command01"))
    await asyncio.sleep(0)
    sending.cancel()
    with suppress(asyncio.CancelledError):
        await sending
    await admin.messages.post("ann", LOBBY, "/mute @Bob", "command01")
    assert [type(event) for event in published] == [Muted]


async def test_same_command_under_another_id_acts_again(admin: Chat, published: list[Event]):
    await admin.messages.post("ann", LOBBY, "/mute @Bob", "command01")
    await admin.messages.post("ann", LOBBY, "/mute @Bob", "command02")
    assert [type(event) for event in published] == [Muted, Muted]


async def test_other_members_command_with_the_same_id_acts(admin: Chat):
    await admin.messages.post("ann", LOBBY, "/nick Anna", "command01")
    await admin.messages.post("bob", LOBBY, "/nick Bo", "command01")
    assert admin.people.member("bob").name == "Bo"


async def test_reply_is_the_same_when_asked_again(chat: Chat):
    assert await chat.messages.post("ann", LOBBY, "/who", "message01") == RosterReply(("Ann", "Bob"))
    assert await chat.messages.post("ann", LOBBY, "/who", "message01") == RosterReply(("Ann", "Bob"))


async def test_edit_sent_again_undoes_no_later_edit(chat: Chat):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.edit("ann", LOBBY, "message01", "Hello!", "edit0001")
    await chat.messages.edit("ann", LOBBY, "message01", "Hello?", "edit0002")
    await chat.messages.edit("ann", LOBBY, "message01", "Hello!", "edit0001")
    assert get(chat, "message01").text == "Hello?"


async def test_message_sent_again_counts_once_for_the_rate(make_disk_chat: Callable[..., Chat]):
    chat = make_disk_chat(message_rate="3 per minute")
    for _ in range(5):
        await chat.messages.post("ann", LOBBY, "/nick Anna", "command01")
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    for _ in range(5):
        await chat.messages.edit("ann", LOBBY, "message01", "Hello!", "edit0001")
    assert texts(chat) == ["Hello!"]
    assert (await refusal(chat.messages.post("ann", LOBBY, "Too much", "message02"))).key == "too-fast"


async def test_refused_command_may_be_sent_again(chat: Chat):
    assert isinstance(
        await refusal(chat.messages.post("ann", LOBBY, "/admin wrong password", "command01")), CommandRefused
    )
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "command01")
    assert chat.people.member("ann").role is Role.ADMIN


async def test_command_that_was_not_stored_may_be_sent_again(make_disk_chat: Callable[..., Chat], tmp_path):
    chat = make_disk_chat()
    await chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01")
    with unwritable(tmp_path / "chat_log.json"):
        assert isinstance(await refusal(chat.messages.post("ann", LOBBY, "/topic Tea", "command01")), HistoryUnwritable)
    await chat.messages.post("ann", LOBBY, "/topic Tea", "command01")
    assert chat.lobby.conversation.history.topic == "Tea"


async def test_refusals_are_the_same_for_all_who_wait(chat: Chat):
    sent = (chat.messages.post("ann", LOBBY, "/topic Tea", "command01") for _ in range(3))
    refusals = await asyncio.gather(*sent, return_exceptions=True)
    assert [type(refused) for refused in refusals] == [type(refusals[0])] * 3
    assert isinstance(refusals[0], ChatError)


async def test_memory_of_a_member_is_bounded(chat: Chat):
    for number in range(3 * MAX_PER_MEMBER):
        await chat.messages.post("ann", LOBBY, "/who", f"command{number:03}")
    assert len(chat.messages._sent._by_member["ann"]) == MAX_PER_MEMBER
