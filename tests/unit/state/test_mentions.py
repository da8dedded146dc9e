"""The list of mentions: all rooms that a member may see, loaded or not."""

import asyncio
from pathlib import Path
from unittest.mock import patch
from uuid import uuid4

import pytest

from chat.domain.errors import NotHere, TextRefused
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state.chat import Chat
from chat.state.rooms import calls
from chat.storage.json_files.stores import json_stores
from tests.unit.state.support import ANN, BOB, OWNER, build_chat


async def say(chat: Chat, member_id: str, room_id: str, text: str, reply_to: str | None = None) -> str:
    message_id = uuid4().hex[:12]
    await chat.messages.post(member_id, room_id, text, message_id, reply_to)
    return message_id


async def mentioned(chat: Chat, member_id: str) -> list[tuple[str, str]]:
    return [(message.room, message.text) for message in await chat.calls.mentions(member_id)]


@pytest.mark.parametrize("is_restarted", [False, True])
async def test_mentions_and_replies_of_all_visible_rooms_are_listed_newest_first(tmp_path: Path, is_restarted: bool):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    tea, cake = [(await chat.rooms.create("owner", name)).id for name in ("Tea", "Cake")]
    plans = (await chat.rooms.create("owner", "Plans", is_private=True)).id
    own = await say(chat, "ann", tea, "Tea?")
    await say(chat, "bob", tea, "yes", own)
    await say(chat, "bob", cake, "@Ann first")
    removed = await say(chat, "bob", cake, "@Ann gone")
    await say(chat, "owner", plans, "@Ann secret, @Bob too")
    await say(chat, "owner", LOBBY, "@all hello")
    edited = await say(chat, "bob", LOBBY, "nothing")
    await say(chat, "ann", tea, "@Bob and @Ann")
    await chat.direct_rooms.post("bob", ["ann"], "psst", uuid4().hex[:12])
    await chat.direct_rooms.post("bob", ["ann"], "@Ann psst", uuid4().hex[:12])
    await chat.messages.delete("bob", cake, removed)
    await chat.messages.edit("bob", LOBBY, edited, "@Ann after all")
    await chat.rooms.archive("owner", cake)
    if is_restarted:
        await chat.close()
        chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
        assert len(chat._loader) == 0
    found = await mentioned(chat, "ann")
    texts = ["@Ann psst", "@Ann after all", "@all hello", "@Ann first", "yes"]
    assert [text for _, text in found] == texts
    assert [room_id for room_id, _ in found[1:]] == [LOBBY, LOBBY, cake, tea]
    assert [text for _, text in await mentioned(chat, "bob")] == ["@Bob and @Ann", "@all hello"]
    if is_restarted:
        assert len(chat._loader) == 0
    await chat.close()


async def test_mentions_with_the_same_id_are_those_of_their_rooms(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    tea = (await chat.rooms.create("owner", "Tea")).id
    await chat.messages.post("bob", LOBBY, "@Ann hello", "twin00000000")
    await chat.messages.post("bob", tea, "@Ann bye", "twin00000000")
    assert await mentioned(chat, "ann") == [(tea, "@Ann bye"), (LOBBY, "@Ann hello")]
    await chat.close()


async def test_message_that_is_deleted_while_other_rooms_are_read_is_not_listed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    tea = (await chat.rooms.create("owner", "Tea")).id
    await say(chat, "bob", tea, "@Ann stays")
    deleted = await say(chat, "bob", LOBBY, "@Ann goes")
    read = calls.CallService._messages

    async def read_and_delete(self: calls.CallService, room_id: str, message_ids: list[str]) -> list[Message]:
        found = await read(self, room_id, message_ids)
        if room_id == LOBBY:
            await chat.messages.delete("bob", LOBBY, deleted)
        return found

    monkeypatch.setattr(calls.CallService, "_messages", read_and_delete)
    assert await mentioned(chat, "ann") == [(tea, "@Ann stays")]
    await chat.close()


async def test_newest_mentions_are_listed_and_only_their_rooms_are_read_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(calls, "MAX_MENTIONS", 3)
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    rooms = [(await chat.rooms.create("owner", f"Room {number}")).id for number in range(5)]
    for room_id in rooms:
        await say(chat, "bob", room_id, "@Ann hello")
        await say(chat, "bob", room_id, "hello")
    await chat.close()
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    assert [room_id for room_id, _ in await mentioned(chat, "ann")] == rooms[:1:-1]
    with patch.object(chat._state, "open", wraps=chat._state.open) as opened:
        await mentioned(chat, "ann")
    assert {call.args[0] for call in opened.mock_calls} == set(rooms[2:])
    await chat.close()


async def test_room_that_is_left_meanwhile_is_not_listed(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    plans = (await chat.rooms.create("owner", "Plans", is_private=True)).id
    await chat.rooms.add_member("owner", plans, "ann")
    await say(chat, "owner", plans, "@Ann secret")
    assert await mentioned(chat, "ann") == [(plans, "@Ann secret")]
    await chat.close()
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER)
    async with chat.calls._reading:
        listing = asyncio.create_task(chat.calls.mentions("ann"))
        await asyncio.sleep(0)
        await chat.rooms.remove_member("owner", plans, "ann")
    assert await listing == []
    await chat.close()


async def test_strangers_have_no_list_and_asking_is_limited(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, message_rate="2 per minute")
    with pytest.raises(NotHere):
        await chat.calls.mentions("eve")
    with pytest.raises(TextRefused):
        for _ in range(5):
            await chat.calls.mentions("ann")
    await chat.close()
