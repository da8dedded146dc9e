"""`SnapshotStore` writes one snapshot at a time, and never in the event loop."""

import asyncio
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable
from chat.storage.json_files.file_format import FileFormat
from chat.storage.json_files.snapshot_store import SnapshotStore
from chat.storage.json_files.validation import Unreadable


class Words:
    """A state made of words."""

    def __init__(self, words: Sequence[str] = ()) -> None:
        self.words = list(words)

    def apply(self, word: str) -> bool:
        self.words.append(word)
        return True

    def copy(self) -> "Words":
        return Words(self.words)


def parse(data: bytes) -> Words:
    if not data.endswith(b"."):
        raise Unreadable("no full stop")
    return Words(data.decode()[:-1].split())


def dump(words: Words, events: Sequence[str]) -> bytes:
    return " ".join(words.words).encode() + b"."


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "words"


def open_store(path: Path, dump: Callable[[Words, Sequence[str]], bytes] = dump) -> SnapshotStore[Words]:
    store = SnapshotStore(path, FileFormat(Words, parse, dump, HistoryUnwritable, lambda word: word == "forget"))
    store.load()
    return store


async def test_state_is_dumped_in_a_thread(path: Path):
    threads: list[threading.Thread] = []

    def record_and_dump(words: Words, events: Sequence[str]) -> bytes:
        threads.append(threading.current_thread())
        return dump(words, events)

    store = open_store(path, record_and_dump)
    await store.append(["one"])
    assert len(threads) == 1
    assert threading.current_thread() not in threads


async def test_check_waits_for_a_running_write(path: Path):
    is_writing, go_on = threading.Event(), threading.Event()
    go_on.set()

    def wait_and_dump(words: Words, events: Sequence[str]) -> bytes:
        is_writing.set()
        assert go_on.wait(10)
        return dump(words, events)

    store = open_store(path, wait_and_dump)
    is_writing.clear()
    go_on.clear()
    writing = asyncio.create_task(store.append(["one"]))
    assert await asyncio.to_thread(is_writing.wait, 10)
    checking, closing = asyncio.create_task(store.check()), asyncio.create_task(store.close())
    await asyncio.sleep(0.02)
    assert not checking.done()
    assert not closing.done()
    go_on.set()
    await asyncio.gather(writing, checking, closing)
    assert path.read_bytes() == b"one."


async def test_dump_gets_the_events_that_changed_the_state(path: Path):
    found: list[list[str]] = []

    def record_and_dump(words: Words, events: Sequence[str]) -> bytes:
        found.append(list(events))
        return dump(words, events)

    store = open_store(path, record_and_dump)
    await store.append(["one", "two"])
    assert found == [["one", "two"]]


@pytest.mark.parametrize("batch", [["forget"], ["three", "forget", "four"]], ids=len)
async def test_erasing_event_leaves_no_backup_but_the_copy_of_the_file(path: Path, batch: list[str]):
    store = open_store(path)
    await store.append(["one"])
    await store.append(["two"])
    assert {file.name for file in path.parent.iterdir()} == {"words", "words.backup-1"}
    store = open_store(path)
    await store.append(batch)
    assert {file.name for file in path.parent.iterdir()} == {"words", "words.backup-1"}
    assert path.with_name("words.backup-1").read_bytes() == path.read_bytes()


async def test_state_is_unchanged_if_it_cannot_be_dumped(path: Path):
    store = open_store(path)
    await store.append(["one"])
    with pytest.raises(UnicodeEncodeError):
        await store.append(["half a character: \ud83d"])
    await store.append(["two"])
    assert open_store(path).load().words == ["one", "two"]


async def test_restored_state_is_written_at_once(path: Path):
    store = open_store(path)
    await store.append(["one"])
    await store.append(["two"])
    path.write_bytes(b"broken")
    assert open_store(path).file.restored_from == "words.backup-1"
    assert path.read_bytes() == b"one two."
