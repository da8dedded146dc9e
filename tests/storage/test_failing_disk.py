"""The JSON message store on a failing or full disk, rewritten whole or with a journal."""

import os
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.journaled import LIMIT, after_crash, append_each, copy_with_folder, journal_of, open_store
from tests.storage.samples import CLEARED, posted, replayed, texts
from tests.support.disk import Disk


def load(path: Path, limit: int = 100) -> History:
    return JsonMessageStore(path, limit).load()


@contextmanager
def no_temporary_file(path: Path) -> Iterator[None]:
    blocker = path.with_name("chat_log.json.tmp")
    blocker.mkdir()
    yield
    blocker.rmdir()


@contextmanager
def no_folder(path: Path) -> Iterator[None]:
    away = path.parent.rename(path.parent.with_name("away"))
    path.parent.write_text("a file where the folder was")
    yield
    path.parent.unlink()
    away.rename(path.parent)


@dataclass(frozen=True)
class Failing:
    """A history limit, and a way to make writes fail."""

    limit: int
    broken: Callable[[Path], AbstractContextManager[None]]


FAILING = {
    "rewritten, temporary file blocked": Failing(100, no_temporary_file),
    "rewritten, folder gone": Failing(100, no_folder),
    "journal, folder gone": Failing(1000, no_folder),
}


@pytest.fixture(params=FAILING)
def failing(request: pytest.FixtureRequest) -> Failing:
    return FAILING[request.param]


@pytest.mark.parametrize("events", [[posted(2), posted(3)], [posted(2), CLEARED]], ids=("posts", "a cleared history"))
async def test_unwritable_batch_is_rejected_as_a_whole(path: Path, failing: Failing, events: list[MessageEvent]):
    store = open_store(path, failing.limit)
    await store.append([posted(1)])
    with failing.broken(path):
        with pytest.raises(HistoryUnwritable):
            await store.append(events)
        status = await store.check()
    assert not status.writable
    await store.close()
    assert texts(load(path, failing.limit)) == ["Message 1"]


async def test_check_detects_an_unwritable_disk(path: Path, failing: Failing):
    store = open_store(path, failing.limit)
    with failing.broken(path):
        assert not (await store.check()).writable


async def test_store_recovers_on_its_own(path: Path, failing: Failing):
    store = open_store(path, failing.limit)
    with failing.broken(path), pytest.raises(HistoryUnwritable):
        await store.append([posted(1)])
    await store.append([posted(2)])
    assert (await store.check()).writable
    await store.close()
    assert texts(load(path, failing.limit)) == ["Message 2"]


async def test_unwritable_store_fails_to_start(path: Path, failing: Failing):
    with failing.broken(path), pytest.raises(StartupError) as refused:
        load(path, failing.limit)
    assert "\n" not in str(refused.value)


async def test_event_that_cannot_be_encoded_changes_nothing(path: Path, limit: int):
    store = open_store(path, limit)
    with pytest.raises(ValueError, match="surrogates"):
        await store.append([posted(1, "half a character: \ud83d")])
    await store.append([posted(2)])
    assert texts(after_crash(path, limit)) == ["Message 2"]


async def test_status_reports_the_time_of_the_last_write(path: Path, limit: int):
    store = open_store(path, limit)
    before = datetime.now(UTC)
    await store.append([posted(1)])
    status = await store.check()
    assert status.writable
    assert status.last_write
    assert before <= status.last_write <= datetime.now(UTC)


async def test_full_disk_leaves_no_half_written_file(disk: Disk, path: Path):
    store = open_store(path, 100)
    await store.append([posted(1, "x" * 4000)])
    before = path.read_bytes()
    disk.fill()
    with pytest.raises(HistoryUnwritable):
        await store.append([posted(2, "y" * 4000)])
    assert not (await store.check()).writable
    assert path.read_bytes() == before
    assert {file.name for file in disk.files()} == {"chat_log.json", "chat_log.json.backup-1"}
    disk.free()
    await append_each(store, [posted(3)])
    await store.close()
    assert texts(load(path)) == ["x" * 4000, "Message 3"]


async def test_journal_changed_by_another_program_stays_until_its_events_are_in_the_file(path: Path):
    store = open_store(path)
    events = [posted(number) for number in range(3)]
    await append_each(store, events)
    os.utime(journal_of(path), ns=(1, 1))
    with no_temporary_file(path):
        with pytest.raises(HistoryUnwritable):
            await store.append([posted(3)])
        copy = copy_with_folder(path)
    copy.with_name("chat_log.json.tmp").rmdir()
    assert texts(load(copy, LIMIT)) == texts(replayed(events))
    await store.append([posted(3)])
    assert len(after_crash(path)) == 4
    await store.close()
