"""Edits, deletions and reactions."""

import asyncio
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.domain.errors import ChatError, HistoryUnwritable, MessageRefused
from chat.domain.events import Event
from chat.domain.messages.events import (
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    ReactionAdded,
    ReactionRemoved,
)
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state.chat import Chat
from tests.unit.state.support import (
    ADMIN_PASSWORD,
    ANN,
    files_with,
    get,
    record,
    refusal,
    stored,
    stored_texts,
    texts,
    unwritable,
)


async def test_edit_is_published_and_stored(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await disk_chat.messages.edit("ann", LOBBY, "message01", "Good morning, @Bob")
    event = published[1]
    assert isinstance(event, MessageEdited)
    assert (event.message_id, event.text, event.mentions) == ("message01", "Good morning, @Bob", {"Bob": "bob"})
    assert get(disk_chat, "message01").edited == event.at
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Good morning, @Bob"]


async def test_edit_to_the_same_text_changes_nothing(chat: Chat, published: list[Event]):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.edit("ann", LOBBY, "message01", "Hello ")
    assert len(published) == 1
    assert get(chat, "message01").edited is None


async def test_two_slashes_in_an_edit_become_one(chat: Chat):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.edit("ann", LOBBY, "message01", "//help is a command")
    assert texts(chat) == ["/help is a command"]


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("/help", "command-in-edit"),
        ("/me waves", "command-in-edit"),
        (f"\u200b/admin {ADMIN_PASSWORD}", "command-in-edit"),
        ("/unknown", "command-unknown"),
        ("/nick", "command-usage"),
    ],
    ids=ascii,
)
async def test_edit_to_a_command_is_refused(chat: Chat, published: list[Event], text: str, key: str):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert (await refusal(chat.messages.edit("ann", LOBBY, "message01", text))).key == key
    assert texts(chat) == ["Hello"]
    assert len(published) == 1


async def test_admin_can_not_edit_messages_of_others(chat: Chat, published: list[Event]):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.post("bob", LOBBY, f"/admin {ADMIN_PASSWORD}", "message02")
    with pytest.raises(MessageRefused) as refused:
        await chat.messages.edit("bob", LOBBY, "message01", "I am a fool")
    assert refused.value.key == "message-foreign"
    assert texts(chat) == ["Hello"]
    assert len(published) == 2


async def test_unstored_edit_is_not_published(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    with unwritable(tmp_path / "chat_log.json"), pytest.raises(HistoryUnwritable):
        await disk_chat.messages.edit("ann", LOBBY, "message01", "New")
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Hello"]
    assert len(published) == 1


# Deletions.


async def test_deleted_message_is_removed_from_disk(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "a secret", "message01")
    await disk_chat.messages.post("bob", LOBBY, "Oh!", "message02", "message01")
    await disk_chat.messages.delete("ann", LOBBY, "message01")
    event = published[-1]
    assert isinstance(event, MessageDeleted)
    assert (event.room_id, event.message_id, event.actor) == ("lobby", "message01", ANN.ref)
    assert texts(disk_chat) == ["Oh!"]
    assert not files_with(tmp_path, b"a secret")


async def test_admin_deletes_messages_of_others(disk_chat: Chat, tmp_path: Path):
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await disk_chat.messages.post("bob", LOBBY, f"/admin {ADMIN_PASSWORD}", "message02")
    await disk_chat.messages.delete("bob", LOBBY, "message01")
    assert texts(disk_chat) == stored_texts(tmp_path) == []


async def test_guest_can_not_delete_messages_of_others(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    with pytest.raises(MessageRefused) as refused:
        await disk_chat.messages.delete("bob", LOBBY, "message01")
    assert refused.value.key == "message-foreign"
    assert texts(disk_chat) == stored_texts(tmp_path) == ["Hello"]
    assert len(published) == 1


async def test_two_deletions_at_once_are_published_once(disk_chat: Chat):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await asyncio.gather(
        disk_chat.messages.delete("ann", LOBBY, "message01"), disk_chat.messages.delete("ann", LOBBY, "message01")
    )
    assert [type(event) for event in published] == [MessagePosted, MessageDeleted]


async def test_edit_sent_during_the_deletion_changes_nothing(disk_chat: Chat, tmp_path: Path):
    published = record(disk_chat)
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    await asyncio.gather(
        disk_chat.messages.delete("ann", LOBBY, "message01"), disk_chat.messages.edit("ann", LOBBY, "message01", "New")
    )
    assert texts(disk_chat) == stored_texts(tmp_path) == []
    assert [type(event) for event in published] == [MessagePosted, MessageDeleted]


# Reactions.


async def test_reaction_is_published_and_taken_back(chat: Chat, published: list[Event]):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.react("bob", LOBBY, "message01", "🎉")
    assert get(chat, "message01").reactions == {"🎉": {"bob": "Bob"}}
    await chat.messages.react("bob", LOBBY, "message01", "🎉")
    assert get(chat, "message01").reactions == {}
    assert [type(event) for event in published] == [MessagePosted, ReactionAdded, ReactionRemoved]


async def test_reactions_survive_a_restart(make_disk_chat: Callable[..., Chat]):
    chat = make_disk_chat()
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.react("bob", LOBBY, "message01", "🎉")
    await chat.close()
    assert get(make_disk_chat(), "message01").reactions == {"🎉": {"bob": "Bob"}}


async def test_variants_of_an_emoji_are_one_reaction(chat: Chat):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    await chat.messages.react("ann", LOBBY, "message01", "❤")
    await chat.messages.react("bob", LOBBY, "message01", "❤️")
    assert get(chat, "message01").reactions == {"❤️": {"ann": "Ann", "bob": "Bob"}}


NO_EMOJI: list[object] = ["", "a", ":tada:", "🎉🎉", "<b>", "🎉" * 100_000, "\ud83d", None, 5, {}, ["🎉"], b"x"]


@pytest.mark.parametrize("emoji", NO_EMOJI, ids=lambda value: ascii(value)[:20])
async def test_reaction_must_be_an_emoji(chat: Chat, published: list[Event], emoji: object):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    with pytest.raises(ChatError) as refused:
        await chat.messages.react("bob", LOBBY, "message01", emoji)
    assert refused.value.key == "emoji-unknown"
    assert get(chat, "message01").reactions == {}
    assert len(published) == 1


async def test_reactions_at_once_are_20_at_most(disk_chat: Chat, tmp_path: Path):
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    emoji = [chr(code) for code in range(ord("🐀"), ord("🐀") + 25)]
    await asyncio.gather(
        *(disk_chat.messages.react("bob", LOBBY, "message01", one) for one in emoji), return_exceptions=True
    )
    assert len(get(disk_chat, "message01").reactions) == 20
    assert len(stored(tmp_path)["messages"][0]["reactions"]) == 20
