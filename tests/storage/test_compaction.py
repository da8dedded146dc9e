"""A long history: events go to the journal and are compacted into the file without delaying posts."""

import asyncio
import os
import shutil
import stat
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from chat.domain.errors import HistoryUnwritable
from chat.domain.messages.message import Message
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import (
    LIMIT,
    after_crash,
    append_each,
    copy_with_folder,
    in_file,
    in_journal,
    journal_of,
    last_number,
    messages_after,
    open_store,
)
from tests.storage.samples import deleted, posted
from tests.storage.test_compactor import eventually


async def test_events_go_to_the_journal_and_leave_the_file_unchanged(path: Path):
    store = open_store(path)
    await append_each(store, map(posted, range(5)))
    assert in_file(path) == []
    assert in_journal(path) == [1, 2, 3, 4, 5]


async def test_closing_compacts_everything_and_removes_the_journal(path: Path):
    store = open_store(path)
    await append_each(store, map(posted, range(5)))
    await store.close()
    assert in_file(path) == [f"Message {number}" for number in range(5)]
    assert last_number(path) == 5
    assert list(path.parent.glob("*.journal*")) == []


@pytest.mark.parametrize("limit", [100, 10_000], ids=("short", "long"))
async def test_start_compacts_everything_and_removes_the_journal(path: Path, limit: int):
    await append_each(open_store(path, 10_000), map(posted, range(120)))
    copy = copy_with_folder(path)
    assert list(JsonMessageStore(copy, limit).load()) == messages_after(map(posted, range(120)), limit)
    assert in_file(copy) == [f"Message {number}" for number in range(max(0, 120 - limit), 120)]
    assert list(copy.parent.glob("*.journal*")) == []


async def test_journal_is_compacted_after_a_number_of_events(path: Path):
    store = open_store(path, compact_after_events=10)
    await append_each(store, map(posted, range(9)))
    assert in_file(path) == []
    await store.append([posted(9)])
    await eventually(lambda: in_journal(path) == [])
    assert len(in_file(path)) == 10
    await append_each(store, map(posted, range(10, 20)))
    await eventually(lambda: len(in_file(path)) == 20)
    await store.close()


async def test_journal_is_compacted_after_some_time(path: Path):
    store = open_store(path, compact_after_seconds=0.5)
    await store.append([posted(1)])
    assert in_journal(path) == [1]
    await eventually(lambda: in_journal(path) == [])
    assert in_file(path) == ["Message 1"]
    await store.append([posted(2)])
    await eventually(lambda: in_journal(path) == [])
    assert in_file(path) == ["Message 1", "Message 2"]
    await store.close()


@dataclass
class Gate:
    """Blocks writes of `chat_log.json` while closed."""

    reached: threading.Event
    open: threading.Event

    def close(self) -> None:
        self.open.clear()
        self.reached.clear()


@pytest.fixture
def gate(path: Path, monkeypatch: pytest.MonkeyPatch) -> Gate:
    gate = Gate(threading.Event(), threading.Event())
    replace_file = os.replace

    def wait(source: Path, target: Path) -> None:
        if Path(target) == path:
            gate.reached.set()
            assert gate.open.wait(10)
        replace_file(source, target)

    gate.open.set()
    monkeypatch.setattr(os, "replace", wait)
    return gate


async def test_events_during_a_compaction_do_not_wait_and_stay_in_the_journal(path: Path, gate: Gate):
    store = open_store(path, compact_after_events=5)
    gate.close()
    await append_each(store, map(posted, range(5)))
    assert await asyncio.to_thread(gate.reached.wait, 10)
    async with asyncio.timeout(5):
        await append_each(store, map(posted, range(5, 9)))
    assert in_journal(path) == list(range(1, 10))
    assert after_crash(path) == messages_after(map(posted, range(9)))
    gate.open.set()
    await eventually(lambda: in_journal(path) == [6, 7, 8, 9])
    assert in_file(path) == [f"Message {number}" for number in range(5)]
    assert after_crash(path) == messages_after(map(posted, range(9)))
    await store.close()


async def test_deletion_waits_for_a_compaction_and_is_durable_afterwards(path: Path, gate: Gate):
    store = open_store(path, compact_after_events=5)
    gate.close()
    await append_each(store, (posted(number, "a secret") for number in range(5)))
    assert await asyncio.to_thread(gate.reached.wait, 10)
    deleting = asyncio.create_task(store.append([deleted(3)]))
    gate.open.set()
    await deleting
    assert in_journal(path) == []
    assert len(in_file(path)) == 4
    await store.close()


async def test_failed_compaction_loses_no_event_and_is_retried(path: Path):
    store = open_store(path, compact_after_events=5)
    blocker = path.with_name("chat_log.json.tmp")
    blocker.mkdir()
    with capture_logs() as logged:
        await append_each(store, map(posted, range(7)))
        await eventually(lambda: "journal can't be compacted" in [entry["event"] for entry in logged])
    assert (await store.check()).writable
    assert after_crash_without(blocker, path) == messages_after(map(posted, range(7)))
    blocker.rmdir()
    await append_each(store, map(posted, range(7, 12)))
    await eventually(lambda: len(in_file(path)) >= 10)
    await store.close()
    assert len(in_file(path)) == 12


def after_crash_without(blocker: Path, path: Path) -> list[Message]:
    folder = shutil.copytree(path.parent, path.parent.with_name("other"), ignore=shutil.ignore_patterns(blocker.name))
    return list(JsonMessageStore(folder / path.name, LIMIT).load())


async def test_journal_removed_by_another_program_loses_no_event(path: Path):
    store = open_store(path)
    await append_each(store, map(posted, range(5)))
    journal_of(path).unlink()
    await append_each(store, map(posted, range(5, 8)))
    assert after_crash(path) == messages_after(map(posted, range(8)))
    await store.close()


async def test_posts_after_a_deletion_that_failed_late_are_kept(path: Path, monkeypatch: pytest.MonkeyPatch):
    store = open_store(path)
    await append_each(store, map(posted, range(3)))
    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", failing_for_folders(os.fsync))
        with pytest.raises(HistoryUnwritable):
            await store.append([deleted(1)])
    await store.append([posted(3)])
    assert posted(3).message in after_crash(path)
    await store.close()
    assert in_file(path) == [f"Message {number}" for number in range(4)]


def failing_for_folders(fsync: Callable[[int], None]) -> Callable[[int], None]:
    def refuse_folders(descriptor: int) -> None:
        if stat.S_ISDIR(os.fstat(descriptor).st_mode):
            raise OSError(5, "Input/output error")
        fsync(descriptor)

    return refuse_folders
