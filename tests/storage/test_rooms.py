"""The histories of many rooms: found by their heads, opened on demand, removed whole, and safe from crashes."""

import asyncio
import json
import os
import random
import shutil
import signal
import time
from dataclasses import fields
from pathlib import Path

import pytest

from chat.domain.errors import StartupError
from chat.domain.messages.events import MessagePosted
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import RoomInfo
from chat.storage.json_files.rooms import VERSION, JsonRoomStores, directory_store
from chat.storage.json_files.stores import json_stores
from tests.storage.samples import NOON, deleted, later, posted, texts
from tests.support.server import ROOT

ROOMS = ["tea", "cake", "milk", "plans", "direct0123"]


@pytest.fixture
def stores(tmp_path: Path) -> JsonRoomStores:
    return JsonRoomStores(tmp_path / "rooms", 101)


async def write(stores: JsonRoomStores, room_id: str, count: int) -> None:
    store = stores.open(room_id)
    store.load()
    await store.append([posted(number) for number in range(count)])
    await store.close()


async def test_last_numbers_are_in_the_heads_of_the_files(stores: JsonRoomStores, tmp_path: Path):
    assert list(stores.last_numbers()) == []
    for room_id, count in (("tea", 3), ("cake", 250)):
        await write(stores, room_id, count)
    assert dict(stores.last_numbers()) == {"tea": 3, "cake": 250}
    store = stores.open("tea")
    store.load()
    await store.append([posted(3), posted(4)])
    assert (tmp_path / "rooms" / "tea.json.journal").exists()
    assert dict(stores.last_numbers())["tea"] == 5, "after a crash, the journal has the rest"


LAST_MESSAGES = {
    "plain": posted(9, at=later(60)),
    "that quotes a time": posted(9, '"at": "2030-01-01T00:00:00Z"', at=later(60)),
    "that mentions someone named at": posted(9, '@at @"at"', at=later(60), mentions={"at": "bob", '"at"': "cid"}),
    "with many reactions": posted(
        9, "x" * 4000, at=later(60), reactions={chr(0x1F600 + n): {"at": "Bob"} for n in range(20)}
    ),
}


@pytest.mark.parametrize("message", LAST_MESSAGES.values(), ids=LAST_MESSAGES)
async def test_time_of_the_last_message_is_at_the_end_of_the_files(stores: JsonRoomStores, message: MessagePosted):
    assert stores.last_at("tea") is None
    store = stores.open("tea")
    store.load()
    await store.append([posted(number) for number in range(150)])
    assert stores.last_at("tea") == NOON
    await store.append([message])
    assert stores.last_at("tea") == later(60), "in the journal"
    await store.close()
    assert stores.last_at("tea") == later(60), "in the file"


async def test_last_number_of_a_new_room_is_in_its_journal_alone(stores: JsonRoomStores, tmp_path: Path):
    store = stores.open("tea")
    store.load()
    await store.append([posted(1), posted(2)])
    assert [file.name for file in (tmp_path / "rooms").iterdir()] == ["tea.json.journal"]
    assert dict(stores.last_numbers()) == {"tea": 2}


async def test_room_that_cannot_be_read_hides_no_other_at_the_start(stores: JsonRoomStores, tmp_path: Path):
    for room_id in ("tea", "cake", "milk"):
        await write(stores, room_id, 3)
    (tmp_path / "rooms" / "tea.json").unlink()
    (tmp_path / "rooms" / "tea.json").mkdir()
    (tmp_path / "rooms" / "cake.json").write_text("Dear diary")
    assert dict(stores.last_numbers()) == {"cake": 0, "milk": 3}
    assert [stores.last_at(room_id) for room_id in ("tea", "cake", "milk")] == [None, None, NOON]


@pytest.mark.parametrize("room_id", ["", "..", "../accounts", "a/b", "A", "tea.json", "x" * 41])
def test_file_outside_the_folder_is_never_opened(stores: JsonRoomStores, room_id: str):
    with pytest.raises(ValueError, match="is not the id of a room"):
        stores.open(room_id)


async def test_new_room_has_no_file_until_its_first_message(stores: JsonRoomStores, tmp_path: Path):
    store = stores.open("tea")
    assert list(store.load()) == []
    assert list((tmp_path / "rooms").iterdir()) == []
    await store.append([posted(1)])
    assert texts(stores.open("tea").load()) == ["Message 1"]


async def test_deleted_room_leaves_nothing(stores: JsonRoomStores, tmp_path: Path):
    for room_id in ("tea", "tea2"):
        await write(stores, room_id, 3)
        await write(stores, room_id, 3)
    stores.delete(["tea"])
    assert {file.name.split(".")[0] for file in (tmp_path / "rooms").iterdir()} == {"tea2"}


FIELDS = {
    1: "id name slug former_slugs kind description creator created is_archived members openers closed",
    2: "link",
    3: "invited",
}


def test_new_field_makes_a_new_version():
    """Programs that don't know the field refuse the file as a newer one, not as a broken one."""
    assert {field.name for field in fields(RoomInfo)} == set(" ".join(FIELDS.values()).split())
    assert max(FIELDS) == VERSION


async def test_deletion_is_on_the_disk_of_its_room(stores: JsonRoomStores, tmp_path: Path):
    await write(stores, "tea", 3)
    store = stores.open("tea")
    store.load()
    await store.append([deleted(1)])
    assert not any(b"Message 1" in file.read_bytes() for file in (tmp_path / "rooms").iterdir())


def test_directory_of_earlier_versions_has_nobody_who_closed_a_room(tmp_path: Path):
    room = {"id": "direct0123", "kind": "direct", "creator": "ann", "members": ["ann", "bob"]}
    (tmp_path / "rooms.json").write_text(json.dumps({"version": 1, "rooms": [room]}))
    found = json_stores(tmp_path, 100).rooms.load()
    found.advance("direct0123", 1, NOON)
    assert [room.id for room in found.open_direct_rooms("bob")] == ["direct0123"]


@pytest.mark.parametrize("plant", [os.mkfifo, lambda path: path.symlink_to("/etc/passwd"), os.mkdir])
@pytest.mark.parametrize("name", ["cake.json", "cake.json.journal"])
async def test_path_that_is_no_file_delays_no_start(stores: JsonRoomStores, tmp_path: Path, plant, name: str):
    await write(stores, "tea", 3)
    plant(tmp_path / "rooms" / name)
    assert dict(stores.last_numbers()).get("tea") == 3


TEA = {"id": "tea", "kind": "public", "name": "Tea", "slug": "tea"}
WRONG = {
    "id of a file elsewhere": [TEA | {"id": "../accounts"}],
    "slug with markup": [TEA | {"slug": "<b>"}],
    "former slug with a path": [TEA | {"former_slugs": ["tea/../x"]}],
    "unknown kind": [TEA | {"kind": "secret"}],
    "the same room twice": [TEA, TEA | {"slug": "other"}],
    "two rooms of one slug": [TEA, TEA | {"id": "other"}],
    "room without an address": [TEA | {"slug": ""}],
    "room without a name": [TEA | {"name": ""}],
    "private lobby": [TEA | {"id": "lobby", "kind": "private"}],
    "archived lobby": [TEA | {"id": "lobby", "is_archived": True}],
    "direct room of one": [{"id": "direct0", "kind": "direct", "members": ["ann"]}],
    "direct room of many": [{"id": "direct0", "kind": "direct", "members": list("abcdefghi")}],
    "direct room opened by a stranger": [
        {"id": "direct0", "kind": "direct", "members": ["ann", "bob"], "openers": ["eve"]}
    ],
}


@pytest.mark.parametrize("rooms", WRONG.values(), ids=WRONG)
def test_directory_that_the_program_cannot_have_written_stops_the_start(tmp_path: Path, rooms: list[dict[str, object]]):
    file = tmp_path / "rooms.json"
    file.write_text(json.dumps({"version": 1, "rooms": [TEA]}))
    assert [room.id for room in json_stores(tmp_path, 100).rooms.load()] == ["lobby", "tea"]
    file.write_text(json.dumps({"version": 1, "rooms": rooms}))
    for backup in tmp_path.glob("rooms.json.*"):
        backup.unlink()
    with pytest.raises(StartupError, match=r"rooms\.json is broken"):
        json_stores(tmp_path, 100).rooms.load()


@pytest.mark.parametrize("limit", [100, 101], ids=["rewritten", "journal"])
@pytest.mark.parametrize("seed", range(3))
def test_kills_while_five_rooms_are_written_lose_nothing(tmp_path: Path, limit: int, seed: int):
    chance, acknowledged = random.Random(seed), tmp_path / "acknowledged"
    acknowledged.touch()
    for _ in range(3):
        child = fork_writer(tmp_path, limit, acknowledged)
        while acknowledged.stat().st_size < 300 * chance.random():
            assert os.waitpid(child, os.WNOHANG) == (0, 0), "the child ended by itself"
            time.sleep(0.005)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        found = {room_id: texts(json_stores(tmp_path, limit).histories.open(room_id).load()) for room_id in ROOMS}
        for line in acknowledged.read_text().splitlines():
            room_id, text = json.loads(line)
            assert text in found[room_id]
        assert all(len(set(written)) == len(written) for written in found.values())


def fork_writer(folder: Path, limit: int, acknowledged: Path) -> int:
    """Return the id of a child that writes, and then waits to be killed."""
    if (child := os.fork()) == 0:
        try:
            asyncio.run(write_to_rooms(folder, limit, acknowledged))
            signal.pause()
        finally:
            os._exit(1)
    return child


async def write_to_rooms(folder: Path, limit: int, acknowledged: Path) -> None:
    stores = json_stores(folder, limit).histories
    log = os.open(acknowledged, os.O_APPEND | os.O_WRONLY)

    async def write_to(room_id: str) -> None:
        store = stores.open(room_id)
        last = store.load().last
        for number in range(last + 1, last + 10):
            text = f"{room_id} {number}"
            message = Message(f"{room_id}{number:05}", room_id, "ann", "Ann", text, NOON)
            await store.append([MessagePosted(room_id, message)])
            os.write(log, json.dumps([room_id, text]).encode() + b"\n")

    await asyncio.gather(*map(write_to, ROOMS))
    await asyncio.sleep(60)


def test_directory_of_version_1_is_read_as_it_is(tmp_path: Path):
    shutil.copy(ROOT / "tests" / "fixtures" / "rooms_v1.json", tmp_path / "rooms.json")
    directory = directory_store(tmp_path / "rooms.json").load()
    rooms = {room.id: room for room in directory}
    assert list(rooms)[:4] == ["lobby", "tea", "plans", "old"]
    assert (rooms["tea"].name, rooms["tea"].description, rooms["tea"].former_slugs) == ("Coffee", "With milk", ("tea",))
    assert (rooms["plans"].members, rooms["plans"].link) == ({"ada", "bob"}, None)
    assert (rooms["old"].is_archived, len(rooms)) == (True, 5)


def test_folder_that_cannot_be_made_is_a_failure_of_the_room_that_is_read(tmp_path: Path):
    (tmp_path / "rooms").write_text("a file of somebody else")
    store = JsonRoomStores(tmp_path / "rooms", 100).open("tea")
    with pytest.raises(StartupError, match="Not a directory"):
        store.load()
