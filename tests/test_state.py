"""The shared chat state: one way for every change, told to everybody who listens, in one order."""

import asyncio
import json
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from pathlib import Path

import pytest

from chat.commands import Question, Reply
from chat.errors import ChatError, CommandRefused, HistoryUnwritable, NameRefused, NotHere, TextRefused
from chat.events import (
    Connected,
    Disconnected,
    Fact,
    HistoryCleared,
    MemberChanged,
    MemberJoined,
    MemberLeft,
    MessagePosted,
    TypingStarted,
    TypingStopped,
)
from chat.gate import Gate
from chat.members import Member
from chat.messages import Kind
from chat.names import nickname
from chat.state import Chat
from chat.store import JsonStore

PASSWORD = "correct horse"
ANN = Member("ann", nickname("Ann"))
BOB = Member("bob", nickname("Bob"))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat_log.json"


@pytest.fixture
async def make_chat(path: Path) -> AsyncIterator[Callable[..., Chat]]:
    """Build chats with Ann and Bob in them; all are closed in the end."""
    chats: list[Chat] = []

    def make(*, grace: float = 10, message_rate: str = "1000 per minute") -> Chat:
        store = JsonStore(path, 100)
        chats.append(Chat(store, Gate(PASSWORD), grace=timedelta(seconds=grace), message_rate=message_rate))
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
def told(chat: Chat) -> list[Fact]:
    """All that is told from now on."""
    facts: list[Fact] = []
    chat.subscribe(facts.append)
    return facts


def texts(chat: Chat) -> list[str]:
    return [message.text for message in chat.room.history]


def on_disk(path: Path) -> list[str]:
    return [message["text"] for message in json.loads(path.read_bytes())["messages"]]


def files_with(folder: Path, *words: bytes) -> list[str]:
    return [file.name for file in folder.iterdir() if any(word in file.read_bytes() for word in words)]


async def refusal(chat: Chat, text: str, author: str = "ann", message_id: str = "message99") -> ChatError:
    with pytest.raises(ChatError) as refused:
        await chat.post(author, text, message_id)
    return refused.value


# Messages.


async def test_a_message_is_told_kept_and_on_disk(chat: Chat, told: list[Fact], path: Path):
    assert await chat.post("ann", "Hello", "message01") is None
    [fact] = told
    assert isinstance(fact, MessagePosted)
    assert (fact.message.name, fact.message.text) == ("Ann", "Hello")
    assert texts(chat) == on_disk(path) == ["Hello"]


async def test_a_listener_is_told_what_is_so_already(chat: Chat, path: Path):
    seen: list[tuple[list[str], list[str]]] = []
    chat.subscribe(lambda fact: seen.append((texts(chat), on_disk(path))))
    await chat.post("ann", "Hello", "message01")
    assert seen == [(["Hello"], ["Hello"])]


async def test_everybody_is_told_the_same_in_the_same_order(chat: Chat, told: list[Fact]):
    others: list[Fact] = []
    chat.subscribe(others.append)
    await asyncio.gather(*(chat.post(who, f"{who} {n}", f"{who}00000{n}") for n in range(9) for who in ("ann", "bob")))
    assert told == others
    assert [fact.message for fact in told if isinstance(fact, MessagePosted)] == list(chat.room.history)
    assert [text for text in texts(chat) if text.startswith("ann")] == [f"ann {n}" for n in range(9)]


async def test_a_listener_that_fails_stops_nobody(chat: Chat):
    def fail(fact: Fact) -> None:
        raise RuntimeError("this listener is broken")

    heard: list[Fact] = []
    chat.subscribe(fail)
    chat.subscribe(heard.append)
    await chat.post("ann", "one", "message01")
    await chat.post("bob", "two", "message02")
    assert len(heard) == 2
    assert texts(chat) == ["one", "two"]


async def test_who_has_unsubscribed_is_not_told(chat: Chat):
    heard: list[Fact] = []
    unsubscribe = chat.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    await chat.post("ann", "Hello", "message01")
    assert heard == []


async def test_a_listener_may_unsubscribe_while_it_is_told(chat: Chat):
    first: list[Fact] = []
    second: list[Fact] = []
    unsubscribe = chat.subscribe(lambda fact: (first.append(fact), unsubscribe()))
    chat.subscribe(second.append)
    await chat.post("ann", "one", "message01")
    await chat.post("ann", "two", "message02")
    assert (len(first), len(second)) == (1, 2)


async def test_a_message_that_is_sent_again_is_one_message(chat: Chat, told: list[Fact], path: Path):
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


async def test_the_same_id_of_two_people_is_two_messages(chat: Chat, told: list[Fact], path: Path):
    await chat.post("ann", "Hello", "message01")
    await chat.post("bob", "Hi", "message01")
    await chat.post("bob", "Hi", "message01")
    assert texts(chat) == on_disk(path) == ["Hello", "Hi"]
    assert len(told) == 2


async def test_who_is_not_here_cannot_post(chat: Chat, told: list[Fact]):
    with pytest.raises(NotHere):
        await chat.post("eve", "Hello", "message01")
    assert told == []


@pytest.mark.parametrize(("text", "key"), [("", "text-empty"), ("a" * 4001, "text-too-long")])
async def test_what_is_refused_is_told_to_nobody(chat: Chat, told: list[Fact], text: str, key: str):
    assert (await refusal(chat, text)).key == key
    assert told == []


async def test_what_cannot_be_kept_is_told_to_nobody(chat: Chat, told: list[Fact], path: Path):
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


async def test_a_message_that_is_known_is_never_too_fast(make_chat: Callable[..., Chat]):
    chat = make_chat(message_rate="1 per minute")
    await chat.post("ann", "Hello", "message01")
    await chat.post("ann", "Hello", "message01")
    assert texts(chat) == ["Hello"]


# Commands.


async def test_answers_are_for_the_asker_only(chat: Chat, told: list[Fact]):
    assert await chat.post("ann", "/who", "message01") == Reply("who", ("Ann", "Bob"))
    assert await chat.post("ann", "/help", "message02") == Reply("help")
    assert told == []


async def test_me_is_a_message(chat: Chat, told: list[Fact], path: Path):
    assert await chat.post("ann", "/me waves", "message01") is None
    [message] = chat.room.history
    assert (message.text, message.kind) == ("waves", Kind.ACTION)
    assert len(told) == 1
    assert on_disk(path) == ["waves"]


async def test_nick_is_told(chat: Chat, told: list[Fact]):
    assert await chat.post("ann", "/nick Anna", "message01") is None
    [fact] = told
    assert isinstance(fact, MemberChanged)
    assert (fact.before.name, fact.member.name) == ("Ann", "Anna")


async def test_two_slashes_post_one(chat: Chat):
    await chat.post("ann", "//help is a command", "message01")
    assert texts(chat) == ["/help is a command"]


@pytest.mark.parametrize("text", ["/unknown", "/", " /unknown", "\x00/unknown", "\u200b/unknown", "/nick", "/clear"])
async def test_what_looks_like_a_command_is_never_posted(chat: Chat, told: list[Fact], text: str, path: Path):
    assert isinstance(await refusal(chat, text), CommandRefused)
    assert told == []
    assert on_disk(path) == []


async def test_clear_asks_an_admin_and_then_wipes_for_everyone(chat: Chat, told: list[Fact], path: Path):
    await chat.post("bob", "Hello", "message01")
    await chat.post("ann", f"/admin {PASSWORD}", "message02")
    assert await chat.post("ann", "/clear", "message03") == Question("clear")
    assert texts(chat) == ["Hello"]
    await chat.clear("ann")
    assert texts(chat) == on_disk(path) == []
    assert [type(fact) for fact in told] == [MessagePosted, MemberChanged, HistoryCleared]


async def test_nobody_else_clears(chat: Chat, told: list[Fact]):
    await chat.post("bob", "Hello", "message01")
    with pytest.raises(CommandRefused):
        await chat.clear("bob")
    assert texts(chat) == ["Hello"]


@pytest.mark.parametrize("before", ["", " ", "\n", "\u00a0", "\u200b", "\ufeff", "\x00"], ids=ascii)
async def test_a_password_gets_nowhere(chat: Chat, told: list[Fact], tmp_path: Path, before: str):
    await refusal(chat, f"{before}/admin sesame open")
    await chat.post("ann", f"{before}/admin {PASSWORD}", "message01")
    assert not files_with(tmp_path, b"sesame", b"horse")
    assert "sesame" not in repr(told)
    assert "horse" not in repr(told)
    assert chat.room.member("ann").may_clear


async def test_guessing_the_password_ends_after_five_tries(chat: Chat):
    keys = [(await refusal(chat, "/admin wrong")).key for _ in range(5)]
    assert keys == ["admin-wrong"] * 5
    assert (await refusal(chat, f"/admin {PASSWORD}")).key == "admin-locked"
    await chat.post("bob", f"/admin {PASSWORD}", "message01")
    assert chat.room.member("bob").may_clear


# People.


async def test_coming_and_going_is_told(chat: Chat, told: list[Fact]):
    cid = Member("cid", nickname("Cid"))
    chat.connect(cid, "tab 1")
    chat.connect(cid, "tab 2")
    chat.disconnect("cid", "tab 1")
    chat.leave("cid")
    assert [type(fact) for fact in told] == [MemberJoined, Connected, Connected, Disconnected, MemberLeft]


async def test_a_name_that_is_taken_is_refused(chat: Chat, told: list[Fact]):
    for attempt in (
        lambda: chat.connect(Member("eve", nickname("ANN")), "tab"),
        lambda: chat.rename("bob", "ann"),
        lambda: chat.check_name("eve", " Ann "),
    ):
        with pytest.raises(NameRefused) as refused:
            attempt()
        assert refused.value.key == "name-taken"
    assert told == []


async def test_typing_is_told_once_and_ends_with_the_message(chat: Chat, told: list[Fact]):
    chat.type("ann", True)
    chat.type("ann", True)
    chat.type("bob", True)
    chat.type("bob", False)
    await chat.post("ann", "Hello", "message01")
    assert [type(fact) for fact in told] == [TypingStarted, TypingStarted, TypingStopped, MessagePosted]
    assert chat.room.typing.members == ()


async def test_who_stays_away_has_left_by_itself(make_chat: Callable[..., Chat]):
    chat = make_chat(grace=0)
    left = asyncio.get_running_loop().create_future()
    chat.subscribe(lambda fact: left.set_result(fact) if isinstance(fact, MemberLeft) else None)
    await chat.start()
    chat.disconnect("bob", "bob's tab")
    fact = await asyncio.wait_for(left, 20)
    assert fact.member == BOB
    assert chat.room.roster() == [ANN]
