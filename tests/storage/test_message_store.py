"""The JSON message store, rewritten whole or with a journal."""

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.domain.messages.events import MessagePosted
from chat.domain.messages.history import History
from chat.domain.messages.message import Kind
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import open_store, write
from tests.storage.samples import CLEARED, LIFE, NOON, posted, reacted, replayed, texts


def load(path: Path, limit: int = 100) -> History:
    return JsonMessageStore(path, limit).load()


def quarantined_copies(path: Path) -> list[Path]:
    return sorted([*path.parent.glob("*.corrupt-*"), *path.parent.glob("*.changed-*")])


# The history.


async def test_every_field_survives_a_restart(path: Path, limit: int):
    hello = replace(posted(1).message, text='Hällo 🦊\n\t"<b>"\\', kind=Kind.ACTION, name="Änn")
    await write(path, [MessagePosted("lobby", hello), posted(2)], limit)
    assert list(load(path, limit)) == [hello, posted(2).message]


async def test_limit_is_enforced(path: Path, limit: int):
    store = open_store(path, limit)
    await store.append([posted(number) for number in range(limit + 2)])
    await store.close()
    assert texts(load(path, limit)) == [f"Message {number}" for number in range(2, limit + 2)]


async def test_smaller_limit_keeps_the_last_messages(path: Path, limit: int):
    await write(path, map(posted, range(5)), limit)
    assert texts(load(path, 2)) == ["Message 3", "Message 4"]


async def test_repeated_message_is_kept_once(path: Path, limit: int):
    store = open_store(path, limit)
    await store.append([posted(1), posted(1)])
    await store.append([posted(1)])
    await store.close()
    assert texts(load(path, limit)) == ["Message 1"]


async def test_cleared_history_stays_empty_and_usable(path: Path, limit: int):
    await write(path, [posted(1), CLEARED, posted(2)], limit)
    assert texts(load(path, limit)) == ["Message 2"]


# The file.


async def test_file_is_readable_json_with_a_version(path: Path):
    await write(path, [posted(1, "Hällo 🦊"), posted(2), reacted(2, "🎉")], 100)
    content = path.read_text()
    assert content.startswith('{\n  "version": 6,\n  "last": 3,\n  "messages": [\n    {\n')
    assert content.endswith("}\n")
    assert "Hällo 🦊" in content
    assert json.loads(content)["messages"] == [
        {
            "id": "message00001",
            "room": "lobby",
            "author": "ann",
            "name": "Ann",
            "text": "Hällo 🦊",
            "at": "2026-05-01T12:30:15.123456Z",
            "number": 1,
        },
        {
            "id": "message00002",
            "room": "lobby",
            "author": "ann",
            "name": "Ann",
            "text": "Message 2",
            "at": "2026-05-01T12:30:15.123456Z",
            "reactions": {"🎉": {"bob": "Bob"}},
            "number": 2,
        },
    ]


async def test_long_history_has_the_format_of_a_short_one(path: Path):
    await write(path, map(posted, range(500)), 10_000)
    long = json.loads(path.read_bytes())
    assert path.read_text() == json.dumps(long, indent=2) + "\n"
    await write(path, [], 100)
    await write(path, [CLEARED, *map(posted, range(400, 500))], 100)
    short = [row | {"number": 500 + 1 + place} for place, row in enumerate(long["messages"][400:], 1)]
    assert json.loads(path.read_bytes()) == long | {"last": 601, "messages": short}


async def test_empty_log_is_written_at_start(path: Path, limit: int):
    load(path, limit)
    assert json.loads(path.read_bytes()) == {"version": 6, "last": 0, "messages": []}


async def test_short_history_needs_no_other_file(path: Path):
    store = open_store(path, 100)
    for number, event in enumerate(LIFE, 1):
        await store.append([event])
        found = [message["text"] for message in json.loads(path.read_bytes())["messages"]]
        assert found == texts(replayed(LIFE[:number]))
        assert list(path.parent.glob("*.journal*")) == []


async def test_only_the_file_its_backups_and_the_lock_remain(path: Path, limit: int):
    await write(path, [posted(1), posted(2)], limit)
    await write(path, [posted(3)], limit)
    await write(path, [], limit)
    names = {file.name.removeprefix("chat_log.json") for file in path.parent.iterdir()}
    assert names - {".lock"} == {"", ".backup-1", ".backup-2"}


async def test_time_written_by_hand_may_omit_the_zone(path: Path):
    await write(path, [posted(1)], 100)
    path.write_bytes(path.read_bytes().replace(b"12:30:15.123456Z", b"12:30:15"))
    [message] = load(path)
    assert message.at == NOON.replace(microsecond=0)
    assert message.at.utcoffset() == timedelta(0)


async def test_time_written_by_hand_in_another_zone_is_loaded_in_utc(path: Path):
    await write(path, [posted(1)], 100)
    path.write_bytes(path.read_bytes().replace(b"12:30:15.123456Z", b"14:30:15.123456+02:00"))
    [message] = load(path)
    assert message.at == NOON
    assert message.at.utcoffset() == timedelta(0)


@pytest.mark.parametrize("edited", ["2026-05-01T13:00:00", "2026-05-01T15:00:00+02:00", "2026-05-01T13:00:00Z"])
async def test_time_of_an_edit_is_loaded_in_utc_as_well(path: Path, edited: str):
    await write(path, [posted(1, edited=NOON)], 100)
    path.write_bytes(
        path.read_bytes().replace(b'"edited": "2026-05-01T12:30:15.123456Z"', f'"edited": "{edited}"'.encode())
    )
    [message] = load(path)
    assert message.edited == datetime(2026, 5, 1, 13, tzinfo=UTC)
    assert message.edited.utcoffset() == timedelta(0)


async def test_file_changed_by_another_program_is_kept(path: Path):
    store = open_store(path, 100)
    await store.append([posted(1)])
    path.write_bytes(b"notes of an editor")
    await store.append([posted(2)])
    [copy] = quarantined_copies(path)
    assert copy.read_text() == "notes of an editor"
    await store.close()
    assert texts(load(path)) == ["Message 1", "Message 2"]
