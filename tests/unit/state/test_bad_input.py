"""Absent members and nonsense from a browser: refused with a `ChatError`, and nothing changes. Also the search."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from chat.domain.errors import ChatError, NotHere
from chat.domain.events import Event
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state.chat import Chat
from tests.unit.state.support import content, record, stored_texts

BY_AN_ABSENT_MEMBER: dict[str, Callable[[Chat], Awaitable[object]]] = {
    "post": lambda chat: chat.messages.post("eve", LOBBY, "Hello", "message02"),
    "edit": lambda chat: chat.messages.edit("eve", LOBBY, "message01", "New"),
    "delete": lambda chat: chat.messages.delete("eve", LOBBY, "message01"),
    "react": lambda chat: chat.messages.react("eve", LOBBY, "message01", "🎉"),
    "clear": lambda chat: chat.messages.clear("eve", LOBBY),
}


@pytest.mark.parametrize("action", BY_AN_ABSENT_MEMBER)
async def test_absent_member_is_refused(chat: Chat, action: str):
    await chat.messages.post("ann", LOBBY, "Hello", "message01")
    before = content(chat)
    with pytest.raises(NotHere):
        await BY_AN_ABSENT_MEMBER[action](chat)
    assert content(chat) == before


NO_IDS = [None, 0, 5, {}, {"id": "message01"}, [], ["message01"], b"message01", "", "x" * 100_000]
UNKNOWN_IDS = [*NO_IDS, "message99"]
NO_TEXTS = [None, 5, {}, {"text": "Hello"}, ["Hello"], b"Hello", "", "x" * 100_000]
BAD: dict[str, tuple[Callable[[Chat, Any], Awaitable[object]], list[Any]]] = {
    "post a text": (lambda chat, text: chat.messages.post("ann", LOBBY, text, "message02"), NO_TEXTS),
    "post under an id": (lambda chat, key: chat.messages.post("ann", LOBBY, "Hello", key), NO_IDS),
    "answer": (
        lambda chat, key: chat.messages.post("ann", LOBBY, "Hello", "message02", key),
        [key for key in UNKNOWN_IDS if key],
    ),
    "edit": (lambda chat, key: chat.messages.edit("ann", LOBBY, key, "New"), UNKNOWN_IDS),
    "edit to a text": (lambda chat, text: chat.messages.edit("ann", LOBBY, "message01", text), NO_TEXTS),
    "delete": (lambda chat, key: chat.messages.delete("ann", LOBBY, key), UNKNOWN_IDS),
    "react": (lambda chat, key: chat.messages.react("ann", LOBBY, key, "🎉"), UNKNOWN_IDS),
    "search": (lambda chat, query: chat.search.run("ann", query, 50, lambda found: found.hits), NO_TEXTS),
}


@pytest.mark.parametrize(
    ("action", "value"),
    [pytest.param(act, value, id=f"{name}-{value!r:.20}") for name, (act, values) in BAD.items() for value in values],
)
async def test_nonsense_is_refused(
    disk_chat: Chat, tmp_path: Path, action: Callable[[Chat, Any], Awaitable[object]], value: object
):
    await disk_chat.messages.post("ann", LOBBY, "Hello", "message01")
    published = record(disk_chat)
    before = content(disk_chat)
    with pytest.raises(ChatError):
        await action(disk_chat, value)
    assert content(disk_chat) == before
    assert stored_texts(tmp_path) == ["Hello"]
    assert published == []


# Search.


async def test_search_returns_the_newest_first_and_changes_nothing(chat: Chat, published: list[Event]):
    await chat.messages.post("ann", LOBBY, "Crème brûlée", "message01")
    await chat.messages.post("bob", LOBBY, "Tea", "message02")
    await chat.messages.post("bob", LOBBY, "more CREME", "message03")
    found = await chat.search.run("ann", "creme", 50, lambda found: found)
    assert [hit.message.id for hit in found.hits] == ["message03", "message01"]
    assert len(published) == 3


async def test_absent_member_can_not_search(chat: Chat):
    chat.members.leave("ann")
    with pytest.raises(NotHere):
        await chat.search.run("ann", "Hello", 50, lambda found: found.hits)
