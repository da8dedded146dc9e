"""How often members may write and guests may join, and slow mode."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import AccountRefused, HistoryUnwritable, SpeechRefused, TextRefused
from chat.domain.moderation.slow_mode import SlowMode
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import SetSlowMode
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.state.rate_limits import SHARED_ADDRESS_FACTOR
from chat.storage.memory import memory_stores
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import BOB, CAFE, MODERATOR, SCHOOL, content, refusal, texts


async def test_messages_beyond_the_rate_are_refused(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="3 per minute")
    for number in range(3):
        await chat.messages.post("ann", LOBBY, "Hello", f"message0{number}")
    problem = await refusal(chat.messages.post("ann", LOBBY, "Hello", "message99"))
    assert isinstance(problem, TextRefused)
    assert problem.key == "too-fast"
    assert 0 < problem.details["left"] <= 60
    assert len(texts(chat)) == 3


async def test_rate_counts_for_each_member(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await refusal(chat.messages.post("ann", LOBBY, "Hello", "message99"))
    await chat.messages.post("bob", LOBBY, "Hello", "message02")
    assert len(texts(chat)) == 2


async def test_commands_count(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.messages.post("ann", LOBBY, "/help", "message01")
    assert (await refusal(chat.messages.post("ann", LOBBY, "/help", "message99"))).key == "too-fast"


@pytest.mark.parametrize("text", ["ä" * 4000, "/me " + "a" * 3990, "😀" * 4000])
async def test_long_messages_and_edits_count_by_their_characters(make_chat: Callable[..., Chat], text: str):
    chat = make_chat(message_rate="8 per minute")
    await chat.messages.post("ann", LOBBY, text, "message01")
    await chat.messages.edit("ann", LOBBY, "message01", "ä" * 4000)
    assert (await refusal(chat.messages.post("ann", LOBBY, "Hello", "message99"))).key == "too-fast"
    assert (await refusal(chat.messages.edit("ann", LOBBY, "message01", "Hello"))).key == "too-fast"
    await chat.messages.post("bob", LOBBY, "Hello", "message02")


COUNTED: dict[str, Callable[[Chat], Awaitable[None]]] = {
    "edit": lambda chat: chat.messages.edit("ann", LOBBY, "message01", "New"),
    "react": lambda chat: chat.messages.react("ann", LOBBY, "message01", "🎉"),
    "delete": lambda chat: chat.messages.delete("ann", LOBBY, "message01"),
    "report": lambda chat: chat.moderation.report("ann", LOBBY, "message01"),
}


@pytest.mark.parametrize("action", COUNTED)
async def test_edits_reactions_deletions_and_reports_count(make_chat: Callable[..., Chat], action: str):
    chat = make_chat(message_rate="2 per minute")
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.edit("ann", LOBBY, "message01", "Hi")
    before = content(chat)
    with pytest.raises(TextRefused) as refused:
        await COUNTED[action](chat)
    assert refused.value.key == "too-fast"
    assert content(chat) == before


async def test_message_sent_again_does_not_count(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(chat) == ["Hello"]


async def can_post(chat: Chat, member: Member, client_identity: ClientIdentity) -> bool:
    chat.members.connect(member, f"{member.id}'s tab", client_identity)
    try:
        await chat.messages.post(member.id, LOBBY, "Hello", f"{member.id:0<9}{len(texts(chat)):03}")
    except TextRefused:
        return False
    return True


async def test_rate_counts_by_session_under_another_name(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    again = [Member(f"eve{number}", parse_nickname(f"Eve the {number}")) for number in range(2)]
    assert [await can_post(chat, eve, ClientIdentity("her browser", SCHOOL)) for eve in again] == [True, False]
    assert await can_post(chat, again[1], ClientIdentity("her browser", SCHOOL)) is False
    assert await can_post(chat, BOB, ClientIdentity("his browser", SCHOOL))


async def test_shared_address_has_a_higher_rate(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="3 per minute")
    crowd = [
        Member(f"guest{number}", parse_nickname(f"Guest No {number}"))
        for number in range(SHARED_ADDRESS_FACTOR * 3 + 1)
    ]
    posted = [await can_post(chat, guest, ClientIdentity(guest.id, SCHOOL)) for guest in crowd]
    assert posted == [True] * SHARED_ADDRESS_FACTOR * 3 + [False]
    assert await can_post(chat, BOB, ClientIdentity("bob", CAFE))


async def test_guests_who_join_too_often_must_wait(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="2 per minute")
    for _ in range(2):
        chat.members.count_join(ClientIdentity("her browser", SCHOOL), "Eve")
    with pytest.raises(AccountRefused):
        chat.members.count_join(ClientIdentity("her browser", SCHOOL), "Eve")
    chat.members.count_join(ClientIdentity("his browser", SCHOOL), "Eve")


# Slow mode.


@pytest.fixture
async def slow_chat(make_chat: Callable[..., Chat]) -> Chat:
    """A chat in slow mode, with Bob and a moderator in it."""
    chat = make_chat(members=(BOB, MODERATOR))
    await chat.moderation.perform("mod", LOBBY, SetSlowMode(60))
    return chat


async def test_slow_mode_refuses_messages_sent_at_once(slow_chat: Chat):
    attempts = [slow_chat.messages.post("bob", LOBBY, f"Message {number}", f"message1{number}") for number in range(5)]
    results = await asyncio.gather(*attempts, return_exceptions=True)
    assert [type(result) for result in results].count(SpeechRefused) == 4
    assert texts(slow_chat) == ["Message 0"]


async def test_slow_mode_refuses_a_message_while_the_first_is_being_stored(make_chat: Callable[..., Chat]):
    stores = memory_stores()
    storing, finish = asyncio.Event(), asyncio.Event()

    async def append(events: Any) -> Any:
        storing.set()
        await finish.wait()
        return events

    stores.messages.append = append
    chat = make_chat(stores, members=(BOB, MODERATOR))
    await chat.moderation.perform("mod", LOBBY, SetSlowMode(60))
    first = asyncio.create_task(chat.messages.post("bob", LOBBY, "Hello", "message01"))
    await storing.wait()
    assert (await refusal(chat.messages.post("bob", LOBBY, "Hi", "message02"))).key == "slow-mode"
    finish.set()
    await first
    assert texts(chat) == ["Hello"]


async def test_slow_mode_counts_a_post_once(slow_chat: Chat, monkeypatch: pytest.MonkeyPatch):
    counted: list[object] = []
    monkeypatch.setattr(SlowMode, "record_post", lambda self, known, at: counted.append(at))
    await slow_chat.messages.post("bob", LOBBY, "Hello", "message01")
    [message] = slow_chat.lobby.conversation.history
    assert counted == [message.at]


async def test_slow_mode_counts_posts_before_a_restart(make_disk_chat: Callable[..., Chat]):
    chat = make_disk_chat(members=(BOB, MODERATOR))
    await chat.moderation.perform("mod", LOBBY, SetSlowMode(60))
    await chat.messages.post("bob", LOBBY, "Hello", "message01")
    await chat.close()
    later = make_disk_chat(members=(BOB,))
    assert (await refusal(later.messages.post("bob", LOBBY, "Hi", "message02"))).key == "slow-mode"


async def test_slow_mode_does_not_count_unstored_messages(slow_chat: Chat, monkeypatch: pytest.MonkeyPatch):
    async def fail(_: object) -> None:
        raise HistoryUnwritable

    with monkeypatch.context() as patch:
        patch.setattr(slow_chat._stores.messages, "append", fail)
        assert isinstance(await refusal(slow_chat.messages.post("bob", LOBBY, "Hello", "message01")), HistoryUnwritable)
    await slow_chat.messages.post("bob", LOBBY, "Hello", "message02")
    assert texts(slow_chat) == ["Hello"]
