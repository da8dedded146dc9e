"""The contract of every store, in memory, as JSON files or in an engine: load once, append batches durably."""

from pathlib import Path

import pytest

from tests.storage.kinds import ALL, JSON, KINDS, Kind, OpenedStore, OpenStore
from tests.support.disk import Disk
from tests.support.engine import REDIS

every_store = pytest.mark.parametrize(
    "open_store",
    [
        pytest.param(open_store, id=name, marks=[pytest.mark.exhaustive] * name.endswith(REDIS))
        for name, open_store in ALL.items()
    ],
)
every_json_store = pytest.mark.parametrize("open_store", JSON.values(), ids=JSON)


@every_store
def test_new_store_is_empty(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    assert opened.kind.content(opened.loaded) == opened.replayed([])


@every_store
async def test_events_are_durable_when_append_returns(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    for number, event in enumerate(opened.kind.events, 1):
        await opened.store.append([event])
        assert opened.after_crash() == opened.replayed(opened.kind.events[:number])
    await opened.store.close()


@every_store
async def test_batch_is_appended_in_order(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    await opened.store.append(opened.kind.events)
    assert opened.after_crash() == opened.replayed(opened.kind.events)
    await opened.store.close()


@every_json_store
async def test_closed_store_can_be_reopened(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    await opened.store.append(opened.kind.events[:1])
    await opened.store.close()
    again = open_store(folder)
    assert again.kind.content(again.loaded) == again.replayed(again.kind.events[:1])
    await again.store.append(again.kind.events[1:])
    assert again.after_crash() == again.replayed(again.kind.events)
    await again.store.close()


@every_store
async def test_repeated_event_changes_nothing(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    first, second = opened.kind.events[:2]
    await opened.store.append([first, first])
    await opened.store.append([first, second])
    assert opened.after_crash() == opened.replayed([first, second])
    await opened.store.close()


@every_store
async def test_empty_batch_changes_nothing(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    await opened.store.append([])
    assert opened.after_crash() == opened.replayed([])
    await opened.store.close()


@pytest.mark.parametrize("kind", KINDS[1:], ids=lambda kind: kind.name)
async def test_batch_without_changes_writes_no_snapshot(kind: Kind, folder: Path):
    opened = OpenedStore(kind, folder)
    await opened.store.append(kind.events[:1])
    before = {file.name: file.stat() for file in folder.iterdir()}
    await opened.store.append(kind.events[:1])
    await opened.store.append([])
    assert {file.name: file.stat() for file in folder.iterdir()} == before


@every_store
async def test_loaded_state_is_a_copy(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    first, second = opened.kind.events[:2]
    opened.loaded.apply(first)
    await opened.store.append([second])
    assert opened.after_crash() == opened.replayed([second])
    await opened.store.close()


@every_json_store
async def test_full_disk_rejects_a_whole_batch_and_is_used_again_once_free(
    open_store: OpenStore, disk: Disk, folder: Path
):
    opened = open_store(folder)
    before, refused, after = (opened.kind.many(start) for start in (0, 100, 200))
    await opened.store.append(before)
    disk.fill()
    with pytest.raises(opened.kind.problem):
        await opened.store.append(refused)
    assert not (await opened.store.check()).writable
    disk.free()
    assert opened.after_crash() == opened.replayed(before)
    await opened.store.append(after)
    assert (await opened.store.check()).writable
    assert opened.after_crash() == opened.replayed([*before, *after])
    await opened.store.close()


@every_json_store
async def test_check_detects_a_full_disk_and_its_recovery(open_store: OpenStore, disk: Disk, folder: Path):
    opened = open_store(folder)
    await opened.store.append(opened.kind.many(0))
    found = {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in disk.files()}
    disk.fill()
    assert not (await opened.store.check()).writable
    disk.free()
    assert (await opened.store.check()).writable
    assert {file.name: (file.stat().st_mtime_ns, file.read_bytes()) for file in disk.files()} == found
    await opened.store.close()


@every_json_store
async def test_status_reports_the_last_write(open_store: OpenStore, folder: Path):
    opened = open_store(folder)
    assert (await opened.store.check()).last_write is None
    await opened.store.append(opened.kind.events[:1])
    status = await opened.store.check()
    assert status.writable
    assert status.last_write
    await opened.store.close()
