"""The shared chat state: one way for every change, told to everybody who listens, in one order."""

import asyncio
import json
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.everyone import SHRUG, help_for
from chat.domain.commands.registry import Prompt, Reply
from chat.domain.errors import (
    AccountRefused,
    ChatError,
    CommandRefused,
    HistoryUnwritable,
    MessageRefused,
    NameRefused,
    NotAllowed,
    NotHere,
    TextRefused,
)
from chat.domain.events import (
    Connected,
    Disconnected,
    Event,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
    TypingStarted,
    TypingStopped,
    ViewingChanged,
)
from chat.domain.messages.message import Kind, Message
from chat.domain.moderation.sanctions import ClientIdentity
from chat.domain.users import Member, Role
from chat.state.chat import Chat
from chat.state.rate_limits import SHARED_ADDRESS_FACTOR
from chat.storage.json_files.message_store import JsonStore
from chat.text.nicknames import parse_nickname

PASSWORD = "correct horse"
ANN = Member("ann", parse_nickname("Ann"))
BOB = Member("bob", parse_nickname("Bob"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat_log.json"


@pytest.fixture
async def make_chat(path: Path) -> AsyncIterator[Callable[..., Chat]]:
    """Build chats with Ann and Bob in them; all are closed in the end."""
    chats: list[Chat] = []

    def make(*, grace: float = 10, message_rate: str = "1000 per minute", limit: int = 100) -> Chat:
        store = JsonStore(path, limit)
        chats.append(Chat(store, SharedPassword(PASSWORD), grace=timedelta(seconds=grace), message_rate=message_rate))
        for member in (ANN, BOB):
            chats[-1].connect(member, f"{member.id}'s tab")
        return chats[-1]

    yield make
    for chat in chats:
        await chat.close()


@pytest.fixture
def chat(make_chat: Callable[..., Chat]) -> Chat:
    """A chat with Ann and Bob in it."""
    return make_chat()


@pytest.fixture
def told(chat: Chat) -> list[Event]:
    """All that is told from now on."""
    events: list[Event] = []
    chat.subscribe(events.append)
    return events


def texts(chat: Chat) -> list[str]:
    return [message.text for message in chat.room.conversation.history]


def get(chat: Chat, message_id: str) -> Message:
    return chat.room.conversation.message(message_id)


def content(chat: Chat) -> object:
    """All that was said, and what everybody can see of it."""
    talk = chat.room.conversation
    return talk.history.topic, list(talk.history), list(talk.timeline), chat.room.roster()


def kept(path: Path) -> dict[str, Any]:
    content: dict[str, Any] = json.loads(path.read_bytes())
    return content


def on_disk(path: Path) -> list[str]:
    return [message["text"] for message in kept(path)["messages"]]


def files_with(folder: Path, *words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if any(word in file.read_bytes() for word in words)]


async def refusal(chat: Chat, text: str, author: str = "ann", message_id: str = "message99") -> ChatError:
    with pytest.raises(ChatError) as refused:
        await chat.post(author, text, message_id)
    return refused.value


# Messages.


async def test_a_message_is_told_kept_and_on_disk(chat: Chat, told: list[Event], path: Path):
    assert await chat.post("ann", "Hello", "message01") is None
    [event] = told
    assert isinstance(event, MessagePosted)
    assert (event.message.name, event.message.text) == ("Ann", "Hello")
    assert texts(chat) == on_disk(path) == ["Hello"]


async def test_a_listener_is_told_what_is_so_already(chat: Chat, path: Path):
    seen: list[tuple[list[str], list[str]]] = []
    chat.subscribe(lambda event: seen.append((texts(chat), on_disk(path))))
    await chat.post("ann", "Hello", "message01")
    assert seen == [(["Hello"], ["Hello"])]


async def test_everybody_is_told_the_same_in_the_same_order(chat: Chat, told: list[Event]):
    others: list[Event] = []
    chat.subscribe(others.append)
    await asyncio.gather(*(chat.post(who, f"{who} {n}", f"{who}00000{n}") for n in range(9) for who in ("ann", "bob")))
    assert told == others
    assert [event.message for event in told if isinstance(event, MessagePosted)] == list(chat.room.conversation.history)
    assert [text for text in texts(chat) if text.startswith("ann")] == [f"ann {n}" for n in range(9)]


async def test_a_listener_that_fails_stops_nobody(chat: Chat):
    def fail(event: Event) -> None:
        raise RuntimeError("this listener is broken")

    heard: list[Event] = []
    chat.subscribe(fail)
    chat.subscribe(heard.append)
    await chat.post("ann", "one", "message01")
    await chat.post("bob", "two", "message02")
    assert len(heard) == 2
    assert texts(chat) == ["one", "two"]


async def test_who_has_unsubscribed_is_not_told(chat: Chat):
    heard: list[Event] = []
    unsubscribe = chat.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    await chat.post("ann", "Hello", "message01")
    assert heard == []


async def test_a_listener_may_unsubscribe_while_it_is_told(chat: Chat):
    first: list[Event] = []
    second: list[Event] = []
    unsubscribe = chat.subscribe(lambda event: (first.append(event), unsubscribe()))
    chat.subscribe(second.append)
    await chat.post("ann", "one", "message01")
    await chat.post("ann", "two", "message02")
    assert (len(first), len(second)) == (1, 2)


async def test_a_message_that_is_sent_again_is_one_message(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    await chat.post("ann", "Hello", "message01")
    assert len(told) == 1
    assert texts(chat) == on_disk(path) == ["Hello"]


@pytest.mark.parametrize("rate", ["1000 per minute", "5 per minute"])
async def test_a_message_that_is_sent_twice_at_once_is_one_message(make_chat: Callable[..., Chat], rate: str):
    chat = make_chat(message_rate=rate)
    await asyncio.gather(*(chat.post("ann", "Hello", "message01") for _ in range(5)))
    assert texts(chat) == ["Hello"]


async def test_a_message_that_is_sent_again_a_moment_later_is_one_message(chat: Chat):
    tasks = []
    for _ in range(50):
        tasks.append(asyncio.create_task(chat.post("ann", "Hello", "message01")))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert texts(chat) == ["Hello"]


async def test_the_same_id_of_two_people_is_two_messages(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", "Hi", "message01")
    await chat.post("bob", "Hi", "message01")
    assert texts(chat) == on_disk(path) == ["Hello", "Hi"]
    assert len(told) == 2


BY_A_STRANGER: dict[str, Callable[[Chat], Awaitable[object]]] = {
    "post": lambda chat: chat.post("eve", "Hello", "message02"),
    "edit": lambda chat: chat.edit("eve", "message01", "New"),
    "delete": lambda chat: chat.delete("eve", "message01"),
    "react": lambda chat: chat.react("eve", "message01", "🎉"),
    "clear": lambda chat: chat.clear("eve"),
}


@pytest.mark.parametrize("action", BY_A_STRANGER)
async def test_who_is_not_here_can_do_nothing(chat: Chat, action: str):
    await chat.post("ann", "Hello", "message01")
    before = content(chat)
    with pytest.raises(NotHere):
        await BY_A_STRANGER[action](chat)
    assert content(chat) == before


@pytest.mark.parametrize(("text", "key"), [("", "text-empty"), ("a" * 4001, "text-too-long")])
async def test_what_is_refused_is_told_to_nobody(chat: Chat, told: list[Event], text: str, key: str):
    assert (await refusal(chat, text)).key == key
    assert told == []


async def test_what_cannot_be_kept_is_told_to_nobody(chat: Chat, told: list[Event], path: Path):
    blocker = path.with_name("chat_log.json.tmp")
    blocker.mkdir()
    assert isinstance(await refusal(chat, "Hello", message_id="message01"), HistoryUnwritable)
    assert told == []
    assert texts(chat) == []
    blocker.rmdir()
    await chat.post("ann", "Hello", "message01")
    assert texts(chat) == on_disk(path) == ["Hello"]


async def test_the_history_is_there_after_a_restart(make_chat: Callable[..., Chat]):
    chat = make_chat()
    await chat.post("ann", "Hello", "message01")
    await chat.close()
    again = make_chat()
    assert texts(again) == ["Hello"]
    await again.post("ann", "Hello", "message01")
    assert texts(again) == ["Hello"]


async def test_closing_keeps_what_was_on_its_way(make_chat: Callable[..., Chat], path: Path):
    chat = make_chat()
    posts = [asyncio.create_task(chat.post("ann", f"Message {n}", f"message0{n}")) for n in range(5)]
    await asyncio.sleep(0)
    await chat.close()
    await asyncio.gather(*posts)
    assert on_disk(path) == texts(chat) == [f"Message {n}" for n in range(5)]


async def test_a_message_that_is_sent_again_after_its_deletion_stays_deleted(chat: Chat, told: list[Event]):
    await chat.post("ann", "Hello", "message01")
    await chat.delete("ann", "message01")
    await chat.post("ann", "Hello", "message01")
    assert texts(chat) == []
    assert len(told) == 2


async def test_a_message_that_is_sent_again_after_a_clearing_stays_cleared(chat: Chat):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", f"/admin {PASSWORD}", "message02")
    await chat.clear("bob")
    await chat.post("ann", "Hello", "message01")
    assert texts(chat) == []


async def test_a_message_that_is_sent_again_after_a_restart_and_its_deletion_stays_deleted(
    make_chat: Callable[..., Chat],
):
    chat = make_chat()
    await chat.post("ann", "Hello", "message01")
    await chat.close()
    again = make_chat()
    await again.delete("ann", "message01")
    await again.post("ann", "Hello", "message01")
    assert texts(again) == []


# Replies.


async def test_a_reply_is_told_and_on_disk_with_its_quote(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", "Hi", "message02", "message01")
    assert get(chat, "message02").reply == get(chat, "message01").quote
    assert kept(path)["messages"][1]["reply"]["text"] == "Hello"
    assert len(told) == 2


async def test_a_reply_to_nothing_is_told_to_nobody(chat: Chat, told: list[Event]):
    with pytest.raises(MessageRefused) as refused:
        await chat.post("ann", "Hi", "message02", "message01")
    assert refused.value.key == "reply-gone"
    assert told == []


async def test_an_action_may_be_a_reply(chat: Chat):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", "/me waves", "message02", "message01")
    assert get(chat, "message02").reply == get(chat, "message01").quote


@pytest.mark.parametrize("limit", [100, 10_000], ids=["rewritten", "journal"])
async def test_a_reply_that_crosses_the_deletion_keeps_nothing_of_it(
    make_chat: Callable[..., Chat], limit: int, tmp_path: Path
):
    chat = make_chat(limit=limit)
    await chat.post("ann", "my secret", "message01")
    await asyncio.gather(chat.delete("ann", "message01"), chat.post("bob", "Oh!", "message02", "message01"))
    assert texts(chat) == ["Oh!"]
    assert not files_with(tmp_path, b"my secret")
    reply = get(chat, "message02").reply
    assert reply
    assert reply.text == ""


async def test_a_reply_that_crosses_an_edit_quotes_the_new_text(chat: Chat):
    await chat.post("ann", "Hello", "message01")
    await asyncio.gather(chat.edit("ann", "message01", "New"), chat.post("bob", "Oh!", "message02", "message01"))
    reply = get(chat, "message02").reply
    assert reply
    assert reply.text == "New"


# Edits.


async def test_an_edit_is_told_kept_and_on_disk(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    await chat.edit("ann", "message01", "Good morning, @Bob")
    event = told[1]
    assert isinstance(event, MessageEdited)
    assert (event.message, event.text, event.mentions) == ("message01", "Good morning, @Bob", {"Bob": "bob"})
    assert get(chat, "message01").edited == event.at
    assert texts(chat) == on_disk(path) == ["Good morning, @Bob"]


async def test_an_edit_to_the_same_text_is_told_to_nobody(chat: Chat, told: list[Event]):
    await chat.post("ann", "Hello", "message01")
    await chat.edit("ann", "message01", "Hello ")
    assert len(told) == 1
    assert get(chat, "message01").edited is None


async def test_two_slashes_in_an_edit_are_one(chat: Chat):
    await chat.post("ann", "Hello", "message01")
    await chat.edit("ann", "message01", "//help is a command")
    assert texts(chat) == ["/help is a command"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("/help", "command-in-edit"),
        ("/me waves", "command-in-edit"),
        (f"\u200b/admin {PASSWORD}", "command-in-edit"),
        ("/unknown", "command-unknown"),
        ("/nick", "command-usage"),
    ],
    ids=ascii,
)
async def test_no_message_becomes_a_command(chat: Chat, told: list[Event], text: str, key: str):
    await chat.post("ann", "Hello", "message01")
    with pytest.raises(ChatError) as refused:
        await chat.edit("ann", "message01", text)
    assert refused.value.key == key
    assert texts(chat) == ["Hello"]
    assert len(told) == 1


async def test_nobody_edits_what_another_said(chat: Chat, told: list[Event]):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", f"/admin {PASSWORD}", "message02")
    with pytest.raises(MessageRefused) as refused:
        await chat.edit("bob", "message01", "I am a fool")
    assert refused.value.key == "message-foreign"
    assert texts(chat) == ["Hello"]
    assert len(told) == 2


async def test_an_edit_that_cannot_be_kept_is_told_to_nobody(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    path.with_name("chat_log.json.tmp").mkdir()
    with pytest.raises(HistoryUnwritable):
        await chat.edit("ann", "message01", "New")
    assert texts(chat) == on_disk(path) == ["Hello"]
    assert len(told) == 1
    path.with_name("chat_log.json.tmp").rmdir()


# Deletions.


async def test_a_deletion_is_told_and_leaves_nothing_on_disk(chat: Chat, told: list[Event], tmp_path: Path):
    await chat.post("ann", "a secret", "message01")
    await chat.post("bob", "Oh!", "message02", "message01")
    await chat.delete("ann", "message01")
    assert told[-1] == MessageDeleted("lobby", "message01", "ann")
    assert texts(chat) == ["Oh!"]
    assert not files_with(tmp_path, b"a secret")


async def test_admins_delete_what_others_said(chat: Chat, path: Path):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", f"/admin {PASSWORD}", "message02")
    await chat.delete("bob", "message01")
    assert texts(chat) == on_disk(path) == []


async def test_others_do_not(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    with pytest.raises(MessageRefused) as refused:
        await chat.delete("bob", "message01")
    assert refused.value.key == "message-foreign"
    assert texts(chat) == on_disk(path) == ["Hello"]
    assert len(told) == 1


async def test_two_who_delete_at_once_are_told_once(chat: Chat, told: list[Event]):
    await chat.post("ann", "Hello", "message01")
    await asyncio.gather(chat.delete("ann", "message01"), chat.delete("ann", "message01"))
    assert [type(event) for event in told] == [MessagePosted, MessageDeleted]


async def test_an_edit_that_crosses_the_deletion_changes_nothing(chat: Chat, told: list[Event], path: Path):
    await chat.post("ann", "Hello", "message01")
    await asyncio.gather(chat.delete("ann", "message01"), chat.edit("ann", "message01", "New"))
    assert texts(chat) == on_disk(path) == []
    assert [type(event) for event in told] == [MessagePosted, MessageDeleted]


# Reactions.


async def test_a_reaction_is_told_kept_and_taken_back(chat: Chat, told: list[Event], make_chat: Callable[..., Chat]):
    await chat.post("ann", "Hello", "message01")
    await chat.react("bob", "message01", "🎉")
    assert get(chat, "message01").reactions == {"🎉": {"bob": "Bob"}}
    await chat.react("bob", "message01", "🎉")
    assert get(chat, "message01").reactions == {}
    assert [event.on for event in told if isinstance(event, Reacted)] == [True, False]


async def test_reactions_are_there_after_a_restart(make_chat: Callable[..., Chat]):
    chat = make_chat()
    await chat.post("ann", "Hello", "message01")
    await chat.react("bob", "message01", "🎉")
    await chat.close()
    assert get(make_chat(), "message01").reactions == {"🎉": {"bob": "Bob"}}


async def test_one_emoji_is_one_reaction_however_it_is_written(chat: Chat):
    await chat.post("ann", "Hello", "message01")
    await chat.react("ann", "message01", "❤")
    await chat.react("bob", "message01", "❤️")
    assert get(chat, "message01").reactions == {"❤️": {"ann": "Ann", "bob": "Bob"}}


NO_EMOJI: list[object] = ["", "a", ":tada:", "🎉🎉", "<b>", "🎉" * 100_000, "\ud83d", None, 5, {}, ["🎉"], b"x"]


@pytest.mark.parametrize("emoji", NO_EMOJI, ids=lambda value: ascii(value)[:20])
async def test_what_is_no_emoji_is_no_reaction(chat: Chat, told: list[Event], emoji: object):
    await chat.post("ann", "Hello", "message01")
    with pytest.raises(ChatError) as refused:
        await chat.react("bob", "message01", emoji)
    assert refused.value.key == "emoji-unknown"
    assert get(chat, "message01").reactions == {}
    assert len(told) == 1


async def test_many_reactions_at_once_are_20_at_most(chat: Chat, path: Path):
    await chat.post("ann", "Hello", "message01")
    emoji = [chr(code) for code in range(ord("🐀"), ord("🐀") + 25)]
    await asyncio.gather(*(chat.react("bob", "message01", one) for one in emoji), return_exceptions=True)
    assert len(get(chat, "message01").reactions) == 20
    assert len(kept(path)["messages"][0]["reactions"]) == 20


# Bad input: refused, never another exception, never a change.

NO_IDS = [None, 0, 5, {}, {"id": "message01"}, [], ["message01"], b"message01", "", "x" * 100_000]
NOBODYS_IDS = [*NO_IDS, "message99"]
NO_TEXTS = [None, 5, {}, {"text": "Hello"}, ["Hello"], b"Hello", "", "x" * 100_000]
BAD: dict[str, tuple[Callable[[Chat, Any], Awaitable[object]], list[Any]]] = {
    "post a text": (lambda chat, text: chat.post("ann", text, "message02"), NO_TEXTS),
    "post under an id": (lambda chat, key: chat.post("ann", "Hello", key), NO_IDS),
    "answer": (lambda chat, key: chat.post("ann", "Hello", "message02", key), [key for key in NOBODYS_IDS if key]),
    "edit": (lambda chat, key: chat.edit("ann", key, "New"), NOBODYS_IDS),
    "edit to a text": (lambda chat, text: chat.edit("ann", "message01", text), NO_TEXTS),
    "delete": (lambda chat, key: chat.delete("ann", key), NOBODYS_IDS),
    "react": (lambda chat, key: chat.react("ann", key, "🎉"), NOBODYS_IDS),
    "search": (lambda chat, query: chat.search("ann", query), NO_TEXTS),
}


@pytest.mark.parametrize(
    ("action", "value"),
    [pytest.param(act, value, id=f"{name}-{value!r:.20}") for name, (act, values) in BAD.items() for value in values],
)
async def test_what_makes_no_sense_is_refused(
    chat: Chat, told: list[Event], path: Path, action: Callable[[Chat, Any], Awaitable[object]], value: object
):
    await chat.post("ann", "Hello", "message01")
    before = content(chat)
    with pytest.raises(ChatError):
        await action(chat, value)
    assert content(chat) == before
    assert on_disk(path) == ["Hello"]
    assert len(told) == 1


# Search.


async def test_search_finds_the_newest_first_and_changes_nothing(chat: Chat, told: list[Event]):
    await chat.post("ann", "Crème brûlée", "message01")
    await chat.post("bob", "Tea", "message02")
    await chat.post("bob", "more CREME", "message03")
    assert [hit.message.id for hit in await chat.search("ann", "creme")] == ["message03", "message01"]
    assert len(told) == 3


async def test_who_is_not_here_finds_nothing(chat: Chat):
    chat.leave("ann")
    with pytest.raises(NotHere):
        await chat.search("ann", "Hello")


# The rate.


async def test_who_writes_very_fast_is_asked_to_wait(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="3 per minute")
    for number in range(3):
        await chat.post("ann", "Hello", f"message0{number}")
    problem = await refusal(chat, "Hello")
    assert isinstance(problem, TextRefused)
    assert problem.key == "too-fast"
    assert len(texts(chat)) == 3


async def test_others_are_not_slowed_down(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.post("ann", "Hello", "message01")
    await refusal(chat, "Hello")
    await chat.post("bob", "Hello", "message02")
    assert len(texts(chat)) == 2


async def test_commands_count_too(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.post("ann", "/help", "message01")
    assert (await refusal(chat, "/help")).key == "too-fast"


COUNTED: dict[str, Callable[[Chat], Awaitable[None]]] = {
    "edit": lambda chat: chat.edit("ann", "message01", "New"),
    "react": lambda chat: chat.react("ann", "message01", "🎉"),
    "delete": lambda chat: chat.delete("ann", "message01"),
}


@pytest.mark.parametrize("action", COUNTED)
async def test_edits_reactions_and_deletions_count_too(make_chat: Callable[..., Chat], action: str):
    chat = make_chat(message_rate="2 per minute")
    await chat.post("ann", "Hello", "message01")
    await chat.edit("ann", "message01", "Hi")
    before = content(chat)
    with pytest.raises(TextRefused) as refused:
        await COUNTED[action](chat)
    assert refused.value.key == "too-fast"
    assert content(chat) == before


async def test_a_message_that_is_known_is_never_too_fast(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.post("ann", "Hello", "message01")
    await chat.post("ann", "Hello", "message01")
    assert texts(chat) == ["Hello"]


LAB, CAFE = "192.0.2.1", "198.51.100.7"


async def says(chat: Chat, member: Member, client_identity: ClientIdentity) -> bool:
    chat.connect(member, f"{member.id}'s tab", client_identity)
    try:
        await chat.post(member.id, "Hello", f"{member.id:0<9}{len(texts(chat)):03}")
    except TextRefused:
        return False
    return True


async def test_who_comes_again_as_somebody_else_has_to_wait_as_well(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    again = [Member(f"eve{number}", parse_nickname(f"Eve the {number}")) for number in range(2)]
    assert [await says(chat, eve, ClientIdentity("her browser", LAB)) for eve in again] == [True, False]
    assert await says(chat, again[1], ClientIdentity("her browser", LAB)) is False
    assert await says(chat, BOB, ClientIdentity("his browser", LAB))


async def test_a_crowd_at_one_address_has_room_and_an_end(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="3 per minute")
    crowd = [
        Member(f"guest{number}", parse_nickname(f"Guest No {number}"))
        for number in range(SHARED_ADDRESS_FACTOR * 3 + 1)
    ]
    said = [await says(chat, guest, ClientIdentity(guest.id, LAB)) for guest in crowd]
    assert said == [True] * SHARED_ADDRESS_FACTOR * 3 + [False]
    assert await says(chat, BOB, ClientIdentity("bob", CAFE))


async def test_names_change_a_few_times_a_minute(make_chat: Callable[..., Chat]):
    chat = make_chat()
    for number in range(5):
        await chat.rename("ann", f"Ann {number}")
        await chat.post("ann", f"/nick Anna {number}", f"message{number:02}")
    for another in (chat.rename("ann", "Ann"), chat.post("ann", "/nick Ann", "message99")):
        with pytest.raises(NameRefused):
            await another
    assert chat.room.members["ann"].name == "Anna 4"


def test_who_joins_again_and_again_has_to_wait(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="2 per minute")
    for _ in range(2):
        chat.check_join(ClientIdentity("her browser", LAB))
    with pytest.raises(AccountRefused):
        chat.check_join(ClientIdentity("her browser", LAB))
    chat.check_join(ClientIdentity("his browser", LAB))


# Commands.


async def test_answers_are_for_the_asker_only(chat: Chat, told: list[Event]):
    assert await chat.post("ann", "/who", "message01") == Reply("who", ("Ann", "Bob"))
    assert await chat.post("ann", "/help", "message02") == help_for(Role.GUEST)
    assert told == []


async def test_me_is_a_message(chat: Chat, told: list[Event], path: Path):
    assert await chat.post("ann", "/me waves", "message01") is None
    [message] = chat.room.conversation.history
    assert (message.text, message.kind) == ("waves", Kind.ACTION)
    assert len(told) == 1
    assert on_disk(path) == ["waves"]


async def test_nick_is_told(chat: Chat, told: list[Event]):
    assert await chat.post("ann", "/nick Anna", "message01") is None
    [event] = told
    assert isinstance(event, MemberChanged)
    assert (event.before.name, event.member.name) == ("Ann", "Anna")


async def test_shrug_is_a_message(chat: Chat, path: Path):
    assert await chat.post("ann", "/shrug who knows", "message01") is None
    assert texts(chat) == on_disk(path) == [f"who knows {SHRUG}"]


@pytest.mark.parametrize(("text", "query"), [("/search", ""), ("/search tea", "tea")])
async def test_search_is_asked_of_the_asker_only(chat: Chat, told: list[Event], text: str, query: str):
    assert await chat.post("ann", text, "message01") == Prompt("search", query)
    assert told == []


async def test_a_topic_is_told_kept_and_there_after_a_restart(make_chat: Callable[..., Chat], path: Path):
    chat = make_chat()
    told: list[Event] = []
    chat.subscribe(told.append, TopicChanged)
    await chat.post("ann", f"/admin {PASSWORD}", "message01")
    assert await chat.post("ann", "/topic Tea", "message02") is None
    [event] = told
    assert isinstance(event, TopicChanged)
    assert (event.topic, event.name, chat.room.conversation.history.topic) == ("Tea", "Ann", "Tea")
    assert kept(path)["topic"] == "Tea"
    await chat.close()
    assert make_chat().room.conversation.history.topic == "Tea"


async def test_the_topic_survives_clearing(chat: Chat):
    await chat.post("ann", f"/admin {PASSWORD}", "message01")
    await chat.post("ann", "/topic Tea", "message02")
    await chat.clear("ann")
    assert chat.room.conversation.history.topic == "Tea"


async def test_nobody_but_admins_changes_the_topic(chat: Chat, told: list[Event]):
    assert (await refusal(chat, "/topic Tea")).key == "needs-admin"
    assert told == []
    assert chat.room.conversation.history.topic == ""


async def test_only_admins_mention_everybody(chat: Chat):
    await chat.post("ann", "@all: tea!", "message01")
    await chat.post("ann", f"/admin {PASSWORD}", "message02")
    await chat.post("ann", "@all: tea!", "message03")
    assert [message.mentions for message in chat.room.conversation.history] == [{}, {"all": "all"}]


async def test_two_slashes_post_one(chat: Chat):
    await chat.post("ann", "//help is a command", "message01")
    assert texts(chat) == ["/help is a command"]


@pytest.mark.parametrize("text", ["/unknown", "/", " /unknown", "\x00/unknown", "\u200b/unknown", "/nick", "/clear"])
async def test_what_looks_like_a_command_is_never_posted(chat: Chat, told: list[Event], text: str, path: Path):
    assert isinstance(await refusal(chat, text), CommandRefused | NotAllowed)
    assert told == []
    assert on_disk(path) == []


async def test_clear_asks_an_admin_and_then_wipes_for_everyone(chat: Chat, told: list[Event], path: Path):
    await chat.post("bob", "Hello", "message01")
    await chat.post("ann", f"/admin {PASSWORD}", "message02")
    assert await chat.post("ann", "/clear", "message03") == Prompt("clear")
    assert texts(chat) == ["Hello"]
    await chat.clear("ann")
    assert texts(chat) == on_disk(path) == []
    assert [type(event) for event in told] == [MessagePosted, MemberChanged, HistoryCleared]


async def test_nobody_else_clears(chat: Chat, told: list[Event]):
    await chat.post("bob", "Hello", "message01")
    with pytest.raises(NotAllowed):
        await chat.clear("bob")
    assert texts(chat) == ["Hello"]


@pytest.mark.parametrize("before", ["", " ", "\n", "\u00a0", "\u200b", "\ufeff", "\x00"], ids=ascii)
async def test_a_password_gets_nowhere(chat: Chat, told: list[Event], tmp_path: Path, before: str):
    await refusal(chat, f"{before}/admin sesame open")
    await chat.post("ann", f"{before}/admin {PASSWORD}", "message01")
    assert not files_with(tmp_path, b"sesame", b"horse")
    assert "sesame" not in repr(told)
    assert "horse" not in repr(told)
    assert chat.room.member("ann").role is Role.ADMIN


async def test_guessing_the_password_ends_after_five_tries(chat: Chat):
    keys = [(await refusal(chat, "/admin wrong")).key for _ in range(5)]
    assert keys == ["admin-wrong"] * 5
    assert (await refusal(chat, f"/admin {PASSWORD}")).key == "admin-locked"
    await chat.post("bob", f"/admin {PASSWORD}", "message01")
    assert chat.room.member("bob").role is Role.ADMIN


# People.


async def test_coming_and_going_is_told(chat: Chat, told: list[Event]):
    cid = Member("cid", parse_nickname("Cid"))
    chat.connect(cid, "tab 1")
    chat.connect(cid, "tab 2")
    chat.disconnect("cid", "tab 1")
    chat.leave("cid")
    assert [type(event) for event in told] == [MemberJoined, Connected, Connected, Disconnected, MemberLeft]


async def test_a_name_that_is_taken_is_refused(chat: Chat, told: list[Event]):
    for attempt in (
        lambda: chat.connect(Member("eve", parse_nickname("ANN")), "tab"),
        lambda: chat.check_name("eve", " Ann "),
    ):
        with pytest.raises(NameRefused) as refused:
            attempt()
        assert refused.value.key == "name-taken"
    with pytest.raises(NameRefused, match="name-taken"):
        await chat.rename("bob", "ann")
    assert told == []


async def test_looking_away_and_back_is_told_once(chat: Chat, told: list[Event]):
    for on in (False, False, True, True):
        chat.set_viewing_latest("ann", "ann's tab", on)
    assert told == [ViewingChanged("lobby", "ann", "ann's tab", on) for on in (False, True)]
    assert chat.room.presence.is_viewing_latest("ann")


async def test_nobody_looks_through_the_tab_of_another(chat: Chat, told: list[Event]):
    chat.set_viewing_latest("ann", "bob's tab", False)
    chat.set_viewing_latest("eve", "eve's tab", False)
    assert told == []


@pytest.mark.parametrize(
    "name", [None, 5, {}, ["Anna"], b"Anna", "", "x" * 100_000], ids=lambda value: repr(value)[:20]
)
async def test_what_is_no_name_is_refused(chat: Chat, told: list[Event], name: object):
    with pytest.raises(NameRefused):
        await chat.rename("ann", name)
    with pytest.raises(NameRefused):
        chat.check_name("eve", name)
    assert told == []
    assert chat.room.member("ann") == ANN


async def test_typing_is_told_once_and_ends_with_the_message(chat: Chat, told: list[Event]):
    chat.type("ann", True)
    chat.type("ann", True)
    chat.type("bob", True)
    chat.type("bob", False)
    await chat.post("ann", "Hello", "message01")
    assert [type(event) for event in told] == [TypingStarted, TypingStarted, TypingStopped, MessagePosted]
    assert chat.room.typing.members == ()


async def test_who_stays_away_has_left_by_itself(make_chat: Callable[..., Chat]):
    chat = make_chat(grace=0)
    left = asyncio.get_running_loop().create_future()
    chat.subscribe(lambda event: left.set_result(event) if isinstance(event, MemberLeft) else None)
    await chat.start()
    chat.disconnect("bob", "bob's tab")
    event = await asyncio.wait_for(left, 20)
    assert event.member == BOB
    assert chat.room.roster() == [ANN]
