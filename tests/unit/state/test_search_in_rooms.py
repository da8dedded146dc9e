"""Searching in several rooms: all that one may see, loaded or not, and no more than one search may take."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.domain.rooms.directory.room_info import RoomInfo
from chat.state.chat import Chat
from chat.state.search import search, searched_rooms
from chat.state.search.search import Found
from chat.storage.json_files.stores import json_stores
from tests.support.scene_page import until
from tests.unit.state.rooms.test_rooms import running, say, unload, until_idle
from tests.unit.state.support import ANN, OWNER, build_chat


@pytest.fixture
async def chat(tmp_path: Path) -> AsyncIterator[Chat]:
    """Ann, Bob, Cid, Mo and Olga are here; Olga and Ann have accounts."""
    async with running(tmp_path) as chat:
        yield chat


@pytest.fixture
async def rooms(chat: Chat) -> dict[str, RoomInfo]:
    """In all of them is one message about tea: of Ann and Olga's plans, of Ann and Bob, and in public."""
    rooms = {name: await chat.rooms.create("owner", name) for name in ("Tea house", "Café")}
    rooms["Plans"] = await chat.rooms.create("owner", "Plans", is_private=True)
    await chat.rooms.add_member("owner", rooms["Plans"].id, "ann")
    await say(chat, "ann", "lobby", "Tea in the lobby")
    for name, room in rooms.items():
        await say(chat, "ann", room.id, f"Tea in {name}")
    rooms["Bob"] = await chat.direct_rooms.post("ann", ["bob"], "Tea with Bob", "message01")
    return rooms


async def found(chat: Chat, member_id: str, query: str, limit: int = 10) -> list[str]:
    return [hit.message.text for hit in (await result(chat, member_id, query, limit)).hits]


async def result(chat: Chat, member_id: str, query: str, limit: int = 10) -> Found:
    return await chat.search.run(member_id, query, limit, lambda found: found)


PUBLIC = ["Tea in Café", "Tea in Tea house", "Tea in the lobby"]
SEEN = {
    "ann": ["Tea with Bob", "Tea in Plans", *PUBLIC],
    "bob": ["Tea with Bob", *PUBLIC],
    "owner": ["Tea in Plans", *PUBLIC],
    **dict.fromkeys(("cid", "mod"), PUBLIC),
}


@pytest.mark.parametrize("member_id", SEEN)
@pytest.mark.parametrize("is_loaded", [True, False])
async def test_each_finds_what_they_may_see_newest_first(chat, rooms, member_id, is_loaded):
    if not is_loaded:
        await unload(chat)
    assert await found(chat, member_id, "tea") == SEEN[member_id]
    assert await found(chat, member_id, "tea", limit=2) == SEEN[member_id][:2]
    assert len(chat._loader) == (4 if is_loaded else 0), "a search loads no room"
    assert await found(chat, member_id, "tea") == SEEN[member_id], "from what is remembered"


async def test_search_is_limited_to_rooms(chat, rooms):
    expected = {
        ("tea in:café", "IN:cafe", "in:#cafe tea", 'in:"#Café"'): ["Tea in Café"],
        ("in:house", 'in:"Tea house"', "in:#tea-house"): ["Tea in Tea house"],
        ("in:@bob", "in:bob tea", "in:＠Bob"): ["Tea with Bob"],
        ('in:"Tea"', "in:#bob", "in:@cafe", "in:nowhere", "in:cafe coffee"): [],
        ("in:plans",): ["Tea in Plans"],
        ("in:cafe in:bob",): ["Tea with Bob", "Tea in Café"],
    }
    for queries, expected_texts in expected.items():
        for query in queries:
            assert await found(chat, "ann", query) == expected_texts, query


async def test_room_that_is_not_ones_own_is_like_none(chat, rooms):
    for query in ("in:plans", f"in:{rooms['Plans'].slug}", "in:@bob", "in:nowhere"):
        assert await result(chat, "cid", query) == Found([], 0, is_complete=True)


async def test_archived_room_is_searched(chat, rooms):
    await chat.rooms.archive("owner", rooms["Café"].id)
    assert await found(chat, "cid", "café") == ["Tea in Café"]


async def test_removed_member_no_longer_finds_anything(chat, rooms):
    assert await found(chat, "ann", "plans") == ["Tea in Plans"]
    await chat.rooms.remove_member("owner", rooms["Plans"].id, "ann")
    assert await found(chat, "ann", "plans") == []


async def test_member_removed_during_a_search_does_not_see_its_results(chat, rooms, monkeypatch):
    async def remove_first(*others):
        hits = await search_room(*others)
        if rooms["Plans"].id in others and "ann" in chat.directory.get(rooms["Plans"].id).members:
            await chat.rooms.remove_member("owner", rooms["Plans"].id, "ann")
        return hits

    search_room = chat.search._search_room
    monkeypatch.setattr(chat.search, "_search_room", remove_first)
    assert await found(chat, "ann", "tea") == SEEN["bob"]


async def test_deleted_messages_are_neither_found_nor_remembered(chat, rooms):
    await say(chat, "ann", rooms["Café"].id, "Green tea")
    await unload(chat)
    remembered = chat.search._rooms._remembered
    assert (await found(chat, "bob", "tea"))[0] == "Green tea"
    async with chat.room_access.enter("ann", rooms["Café"].id) as room:
        newest = [message.id for message in room.conversation.history][-1]
    await chat.messages.edit("ann", rooms["Café"].id, newest, "Coffee")
    assert remembered[rooms["Café"].id].messages is None
    await unload(chat)
    assert (await found(chat, "bob", "tea"))[:2] == SEEN["bob"][:2]
    await chat.messages.delete("ann", rooms["Bob"].id, "message01")
    assert await found(chat, "bob", "tea") == PUBLIC
    assert rooms["Bob"].id not in remembered
    await chat.departures.end(rooms["Bob"].id)
    await until_idle(chat)
    assert await found(chat, "bob", "in:@ann") == []


async def test_message_written_after_a_search_is_found(chat, rooms):
    await unload(chat)
    assert await found(chat, "cid", "tea") == PUBLIC
    await say(chat, "bob", rooms["Café"].id, "Iced tea")
    assert await found(chat, "cid", "tea") == ["Iced tea", *PUBLIC]


async def test_search_ends_with_the_newest_rooms_and_says_so(chat, rooms, monkeypatch):
    monkeypatch.setattr(search, "MAX_MESSAGES", 2)
    await unload(chat)
    newest = await result(chat, "bob", "tea")
    assert ([hit.message.text for hit in newest.hits], newest.rooms, newest.is_complete) == (SEEN["bob"][:2], 2, False)
    assert (await result(chat, "bob", "in:lobby")).is_complete


async def test_no_older_room_is_read_when_there_are_enough_newer_messages(chat, rooms, monkeypatch):
    await unload(chat)
    assert (await result(chat, "bob", "tea", limit=2)).rooms == 2


async def test_only_so_much_is_remembered_and_nothing_after_ten_quiet_minutes(chat, rooms, monkeypatch):
    monkeypatch.setattr(searched_rooms.SearchedRooms.trim, "__defaults__", (2,))
    remembered = chat.search._rooms._remembered
    await unload(chat)
    assert len(await found(chat, "bob", "tea")) == 4
    assert len(remembered) == 2
    monkeypatch.setattr(search, "QUIET", 0.05)
    await found(chat, "bob", "tea")
    assert len(remembered) == 2
    await until(lambda: not remembered)


async def test_broken_room_is_left_out(chat, rooms, tmp_path):
    await unload(chat)
    (tmp_path / "rooms" / f"{rooms['Café'].id}.json").write_text('{"version": 99}')
    assert await found(chat, "cid", "tea") == [text for text in PUBLIC if "Café" not in text]


async def test_search_changes_no_file(chat, rooms, tmp_path):
    await unload(chat)
    cafe = tmp_path / "rooms" / f"{rooms['Café'].id}.json"
    cafe.write_bytes(b"{")
    before = files(tmp_path)
    await found(chat, "bob", "tea")
    assert files(tmp_path) == before


def files(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}


async def test_room_is_read_with_its_journal(tmp_path):
    chat = build_chat(json_stores(tmp_path, 1000), ANN, OWNER)
    tea = await chat.rooms.create("owner", "Tea")
    start = datetime.now(UTC) - timedelta(seconds=1)
    for number in range(3):
        await say(chat, "ann", tea.id, f"Tea {number}")
    stored = json_stores(tmp_path, 1000).histories
    assert (tmp_path / "rooms" / f"{tea.id}.json.journal").exists()
    assert [message.text for message in stored.read(tea.id)] == ["Tea 0", "Tea 1", "Tea 2"]
    assert [(key, time >= start) for key, time in stored.written_at().items()] == [(tea.id, True)]
    await chat.close()
