"""Events have contiguous numbers, also from files of version 3, and none is given to two events that were stored."""

import json
import os
import shutil
from collections.abc import Callable, Iterable
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable
from chat.domain.messages.message import Message
from chat.storage.base import EventStore
from chat.storage.json_files.message_store import JsonMessageStore
from chat.storage.memory import memory_stores
from tests.storage.journaled import LIMIT, append_each, in_journal, journal_of, last_number, open_store, write
from tests.storage.samples import LIFE, deleted, edited, posted, replayed
from tests.storage.test_compaction import failing_for_folders
from tests.storage.version_2 import FIXTURES

VERSION_3 = FIXTURES / "version_3"
"""Written by the program at commit ebb97b5: `LIFE` in a short history, and a long one in the middle of its journal."""

STORES: dict[str, Callable[[Path], EventStore]] = {
    "memory": lambda _: memory_stores().messages,
    "rewritten": lambda path: open_store(path, 100),
    "journal": lambda path: open_store(path, LIMIT),
}


@pytest.fixture
def long_path(tmp_path: Path) -> Path:
    """A copy of the long history of version 3: 100 messages in the file, and 45 events in the journal."""
    return shutil.copytree(VERSION_3 / "long_history", tmp_path / "long") / "chat_log.json"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "chat_log.json"


@pytest.mark.parametrize("open_kind", STORES.values(), ids=STORES)
async def test_store_numbers_the_events(path: Path, open_kind: Callable[[Path], EventStore]):
    store = open_kind(path)
    first = await store.append([posted(1), posted(2)])
    second = await store.append([edited(1, "Hi"), posted(3), deleted(2)])
    assert [event.number for event in (*first, *second)] == [1, 2, 3, 4, 5]
    assert [event.message.number for event in (*first, second[1])] == [1, 2, 4]
    await store.close()


@pytest.mark.parametrize("limit", [100, LIMIT])
@pytest.mark.parametrize("last", [0, 2, 4])
async def test_number_of_a_message_is_never_given_again_whatever_the_head_of_an_edited_file_says(
    path: Path, limit: int, last: int
):
    await write(path, [posted(1), posted(2), edited(1, "Hi"), posted(3)], limit)
    path.write_text(path.read_text().replace('"last": 4', f'"last": {last}'))
    store = open_store(path, limit)
    assert [event.number for event in await store.append([posted(4), posted(5)])] == [5, 6]
    await store.close()
    assert numbers(JsonMessageStore(path, limit).load()) == [1, 2, 4, 5, 6]


@pytest.mark.parametrize("limit", [100, LIMIT])
async def test_numbers_go_on_after_a_restart(path: Path, limit: int):
    await write(path, LIFE, limit)
    assert last_number(path) == len(LIFE)
    history = JsonMessageStore(path, limit).load()
    assert history.last == len(LIFE)
    assert numbers(history) == [1, 2, 3, 14, len(LIFE)]


def numbers(messages: Iterable[Message]) -> list[int]:
    return [message.number for message in messages]


@pytest.mark.parametrize("limit", [100, LIMIT])
async def test_number_of_a_refused_event_is_given_to_the_next(path: Path, limit: int, monkeypatch: pytest.MonkeyPatch):
    store = open_store(path, limit)
    await append_each(store, map(posted, range(3)))
    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", failing_for_folders(os.fsync))
        with pytest.raises(HistoryUnwritable):
            await store.append([deleted(1)])
    [event] = await store.append([posted(3)])
    assert (event.number, in_journal(path)) == (4, [])
    [event] = await store.append([posted(4)])
    assert event.number == 5
    await store.close()
    assert numbers(JsonMessageStore(path, limit).load()) == [1, 2, 3, 4, 5]


def test_short_history_of_version_3_is_numbered(path: Path):
    shutil.copy(VERSION_3 / "short_history.json", path)
    history = JsonMessageStore(path, 100).load()
    assert list(history) == list(replayed(LIFE))
    assert numbers(history) == list(range(1, len(history) + 1))
    assert (history.last, history.topic) == (len(history), "Tea, and cake")


@pytest.mark.parametrize("limit", [101, 1000], ids=("same limit", "higher limit"))
def test_journal_of_version_3_is_compacted_as_version_3_would(long_path: Path, limit: int):
    content = json.loads((VERSION_3 / "long_history_compacted.json").read_bytes())
    history = JsonMessageStore(long_path, limit).load()
    assert [(message.id, message.text) for message in history][-101:] == [
        (row["id"], row["text"]) for row in content["messages"]
    ]
    assert numbers(history) == sorted({message.number for message in history})
    assert history.last == 100 + 45
    assert not journal_of(long_path).exists()


def test_crash_between_writing_version_4_and_removing_the_journal_of_version_3(long_path: Path):
    journal = journal_of(long_path).read_bytes()
    before = list(JsonMessageStore(long_path, 1000).load())
    journal_of(long_path).write_bytes(journal)
    history = JsonMessageStore(long_path, 1000).load()
    assert (list(history), numbers(history)) == (before, numbers(before))
    assert not journal_of(long_path).exists()


def test_journal_of_version_3_is_read_without_its_file(long_path: Path):
    long_path.unlink()
    history = JsonMessageStore(long_path, 1000).load()
    assert next(iter(history)).id == posted(131).message.id
    assert history.last == 45
