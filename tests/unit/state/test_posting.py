"""Posting: a message is stored, applied and published once, in one order for everyone."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable, MessageRefused
from chat.domain.events import Event
from chat.domain.messages.events import MessagePosted
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state.chat import Chat
from tests.unit.state.support import (
    ADMIN_PASSWORD,
    files_with,
    get,
    record,
    refusal,
    stored,
    stored_texts,
    texts,
    unwritable,
)


async def test_message_is_published_and_stored(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    assert await disk_chat.messages.post("ann", LOBBY, "Hello", "message01") is None
    [event] = published
    assert isinstance(event, MessagePosted)
    assert (event.message.name, event.message.text) == ("Ann", "Hello")
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Hello"]


async def test_message_is_stored_and_applied_before_it_is_published(disk_chat: Chat, tmp_path: Path):
    seen: list[tuple[list[str], list[str]]] = []
    disk_chat.subscribe(lambda event: seen.append((texts(disk_chat), stored_texts(tmp_path))))
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert seen == [(["Hello"], ["Hello"])]


async def test_all_listeners_see_the_same_order(chat: Chat, published: list[Event]):
    others = record(chat)
    await asyncio.gather(
        *(chat.messages.post(who, LOBBY, f"{who} {n}", f"{who}00000{n}") for n in range(9) for who in ("ann", "bob"))
    )
    assert published == others
    posted = [event.message for event in published if isinstance(event, MessagePosted)]
    assert posted == list(chat.lobby.conversation.history)
    assert [text for text in texts(chat) if text.startswith("ann")] == [f"ann {n}" for n in range(9)]


async def test_failing_listener_disturbs_no_other(chat: Chat):
    def fail(event: Event) -> None:
        raise RuntimeError("this listener is broken")

    chat.subscribe(fail)
    published = record(chat)
    await chat.messages.post("ann", LOBBY, "one", "message01")
    await chat.messages.post("bob", LOBBY, "two", "message02")
    assert len(published) == 2
    assert texts(chat) == ["one", "two"]


async def test_listener_hears_nothing_after_unsubscribing(chat: Chat):
    heard: list[Event] = []
    unsubscribe = chat.subscribe(heard.append)
    unsubscribe()
    unsubscribe()
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert heard == []


async def test_listener_may_unsubscribe_during_an_event(chat: Chat):
    first: list[Event] = []
    unsubscribe = chat.subscribe(lambda event: (first.append(event), unsubscribe()))
    second = record(chat)
    await chat.messages.post("ann", LOBBY, "one", "message01")
    await chat.messages.post("ann", LOBBY, "two", "message02")
    assert (len(first), len(second)) == (1, 2)


@pytest.mark.parametrize(("text", "key"), [("", "text-empty"), ("a" * 4001, "text-too-long")])
async def test_refused_message_is_not_published(chat: Chat, published: list[Event], text: str, key: str):
    assert (await refusal(chat.messages.post("ann", LOBBY, text, "message01"))).key == key
    assert published == []


async def test_unstored_message_is_not_published(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    with unwritable(tmp_path / "chat_log.json"):
        assert isinstance(await refusal(disk_chat.messages.post("ann", LOBBY, "Hello", "message01")), HistoryUnwritable)
    assert published == []
    assert texts(disk_chat) == []
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Hello"]


async def test_history_survives_a_restart(make_disk_chat: Callable[..., Chat]):
    chat = make_disk_chat()
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.close()
    again = make_disk_chat()
    assert texts(again) == ["Hello"]
    await again.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(again) == ["Hello"]


async def test_closing_finishes_pending_posts(disk_chat: Chat, tmp_path: Path):
    posts = [
        asyncio.create_task(disk_chat.messages.post("ann", LOBBY, f"Message {n}", f"message0{n}")) for n in range(5)
    ]
    await asyncio.sleep(0)
    await disk_chat.close()
    await asyncio.gather(*posts)
    assert stored_texts(tmp_path) == texts(disk_chat) == [f"Message {n}" for n in range(5)]


# Messages sent again.


async def test_message_sent_again_is_posted_once(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert len(published) == 1
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Hello"]


@pytest.mark.parametrize("rate", ["1000 per minute", "5 per minute"])
async def test_message_sent_at_once_is_posted_once(make_disk_chat: Callable[..., Chat], rate: str):
    chat = make_disk_chat(message_rate=rate)
    await asyncio.gather(*(chat.messages.post("ann", LOBBY, "Hello", "message01") for _ in range(5)))
    assert texts(chat) == ["Hello"]


async def test_message_sent_again_while_it_is_being_stored_is_posted_once(disk_chat: Chat):
    tasks = []
    for _ in range(50):
        tasks.append(asyncio.create_task(disk_chat.messages.post("ann", LOBBY, "Hello", "message01")))
        await asyncio.sleep(0)
    await asyncio.gather(*tasks)
    assert texts(disk_chat) == ["Hello"]


async def test_same_id_of_two_members_is_two_messages(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await disk_chat.messages.post("bob", LOBBY, "Hi", "message01")
    await disk_chat.messages.post("bob", LOBBY, "Hi", "message01")
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Hello", "Hi"]
    assert len(published) == 2


async def test_deleted_message_sent_again_stays_deleted(chat: Chat, published: list[Event]):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.delete("ann", LOBBY, "message01")
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(chat) == []
    assert len(published) == 2


async def test_cleared_message_sent_again_stays_cleared(chat: Chat):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.post("bob", LOBBY, f"/admin {ADMIN_PASSWORD}", "message02")
    await chat.messages.clear("bob", LOBBY)
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(chat) == []


async def test_message_deleted_after_a_restart_stays_deleted(make_disk_chat: Callable[..., Chat]):
    chat = make_disk_chat()
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.close()
    again = make_disk_chat()
    await again.messages.delete("ann", LOBBY, "message01")
    await again.messages.post("ann", LOBBY, "Hello", "message01")
    assert texts(again) == []


# Replies.


async def test_reply_is_stored_with_its_quote(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await disk_chat.messages.post("bob", LOBBY, "Hi", "message02", "message01")
    assert get(disk_chat, "message02").reply == get(disk_chat, "message01").quote
    assert stored(tmp_path)["messages"][1]["reply"]["text"] == "Hello"
    assert len(published) == 2


async def test_reply_to_a_missing_message_is_refused(chat: Chat, published: list[Event]):
    with pytest.raises(MessageRefused) as refused:
        await chat.messages.post("ann", LOBBY, "Hi", "message02", "message01")
    assert refused.value.key == "reply-gone"
    assert published == []


async def test_action_may_be_a_reply(chat: Chat):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.post("bob", LOBBY, "/me waves", "message02", "message01")
    assert get(chat, "message02").reply == get(chat, "message01").quote


@pytest.mark.parametrize("limit", [100, 10_000], ids=["rewritten", "journal"])
async def test_reply_sent_during_a_deletion_keeps_nothing_of_it(
    make_disk_chat: Callable[..., Chat], limit: int, tmp_path: Path
):
    chat = make_disk_chat(limit=limit)
    await chat.messages.post("ann", LOBBY, "my secret", "message01")
    await asyncio.gather(
        chat.messages.delete("ann", LOBBY, "message01"),
        chat.messages.post("bob", LOBBY, "Oh!", "message02", "message01"),
    )
    assert texts(chat) == ["Oh!"]
    assert not files_with(tmp_path, b"my secret")
    reply = get(chat, "message02").reply
    assert reply
    assert reply.text == ""


async def test_reply_sent_during_an_edit_quotes_the_new_text(disk_chat: Chat):
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await asyncio.gather(
        disk_chat.messages.edit("ann", LOBBY, "message01", "New"),
        disk_chat.messages.post("bob", LOBBY, "Oh!", "message02", "message01"),
    )
    reply = get(disk_chat, "message02").reply
    assert reply
    assert reply.text == "New"
