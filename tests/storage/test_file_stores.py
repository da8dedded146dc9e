"""The contract of every store of files: a folder, and buckets in memory and in a server like S3."""

from collections.abc import Callable
from functools import partial
from pathlib import Path
from uuid import uuid4

import pytest
from obstore.store import MemoryStore

from chat.storage.bucket import files as bucket_files
from chat.storage.bucket.connection import Bucket
from chat.storage.bucket.files import FilesBucket
from chat.storage.file_store import FileStore
from chat.storage.files_folder import FilesFolder
from tests.support.bucket import shared_bucket_server
from tests.support.stored_files import CAKE, TEA, chunks, read, share, upload

LONG = bytes(range(256)) * 50_000  # several parts, and several blocks

OpenStore = Callable[[], FileStore]
"""Opens another store of the same files, as another process does."""


@pytest.fixture(params=["folder", "memory", "server"])
def open_store(request: pytest.FixtureRequest, tmp_path: Path) -> OpenStore:
    def opened(make: Callable[[], FileStore]) -> FileStore:
        store = make()
        store.open()
        return store

    if request.param == "folder":
        return partial(opened, lambda: FilesFolder(tmp_path / "files"))
    if request.param == "server":
        url = shared_bucket_server().url()
        return partial(opened, lambda: FilesBucket.at(url, tmp_path / uuid4().hex))
    memory = MemoryStore()
    return partial(opened, lambda: FilesBucket(Bucket(memory, memory), tmp_path / uuid4().hex))


@pytest.fixture
def store(open_store: OpenStore) -> FileStore:
    return open_store()


async def test_upload_becomes_a_file_of_a_room_with_its_small_picture(store: FileStore):
    file = await share(store, is_picture=True)
    found, small = [await store.find("lobby", file.content, small=small) for small in (False, True)]
    assert (await read(found), await read(small)) == (TEA, b"small")
    assert await store.find("attic", file.content) is None
    assert (store.rooms, store.contents("lobby")) == (["lobby"], {file.content})
    await store.refresh()
    assert store.total == len(TEA) + 5


async def test_file_is_read_in_parts(store: FileStore):
    file = await store.find("lobby", (await share(store, LONG)).content)
    assert file
    assert file.size == len(LONG)
    for part in (slice(0, 2), slice(999_990, 2_000_010), slice(len(LONG) - 3, len(LONG)), slice(0, len(LONG))):
        assert await read(file, part) == LONG[part]


async def test_upload_is_found_until_it_is_dropped(store: FileStore, open_store: OpenStore):
    uploaded = await upload(store, is_picture=True)
    await store.keep(uploaded.id, "lobby", uploaded.attachment.content)
    await store.keep(uploaded.id, "attic", uploaded.attachment.content)
    await store.drop_upload(uploaded.id)
    with pytest.raises(FileNotFoundError):
        await store.keep(uploaded.id, "cellar", uploaded.attachment.content)
    assert await store.find_upload(uploaded.id) is None
    for room_id in ("lobby", "attic"):
        assert await read(await store.find(room_id, uploaded.attachment.content)) == TEA


async def test_upload_that_is_cut_leaves_nothing(store: FileStore, tmp_path: Path):
    with pytest.raises(ConnectionError):
        await store.receive("one", chunks(TEA, ConnectionError()))
    assert [path for path in tmp_path.rglob("*") if path.is_file()] == []
    await store.refresh()
    assert store.total == 0


async def test_removed_file_is_gone_with_its_small_picture(store: FileStore):
    tea, cake = await share(store, is_picture=True), await share(store, CAKE, is_picture=True)
    await store.remove("lobby", [tea.content, "0" * 64])
    assert store.contents("lobby") == {cake.content}
    for small in (False, True):
        assert await store.find("lobby", tea.content, small=small) is None
        assert await store.find("lobby", cake.content, small=small)


async def test_file_that_is_removed_before_it_is_read_is_missing(store: FileStore):
    tea = await share(store)
    file = await store.find("lobby", tea.content)
    await store.remove("lobby", [tea.content])
    with pytest.raises(FileNotFoundError):
        await read(file)


async def test_next_start_finds_the_files(store: FileStore, open_store: OpenStore, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(bucket_files, "IN_PROGRESS", -10.0)  # an hour has passed
    tea, cake = await share(store), await share(store, CAKE, "attic")
    again = open_store()
    await again.refresh()
    assert (again.contents("lobby"), again.contents("attic")) == ({tea.content}, {cake.content})
    assert (sorted(again.rooms), again.total) == (["attic", "lobby"], len(TEA) + len(CAKE))
    oldest = again.oldest()
    assert oldest in {("lobby", tea.content), ("attic", cake.content)}
    assert await read(await again.find("lobby", tea.content)) == TEA


async def test_many_files_are_found(store: FileStore):
    for number in range(12):
        await share(store, f"{number}".encode(), f"room{number % 3}")
    await store.refresh()
    assert sorted(len(store.contents(f"room{number}")) for number in range(3)) == [4, 4, 4]
