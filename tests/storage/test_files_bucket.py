"""Files in a bucket that several processes share, and whose server may fail."""

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from uuid import uuid4

import obstore
import pytest
from obstore.store import MemoryStore

from chat.domain.errors import StartupError
from chat.storage.bucket import connection
from chat.storage.bucket import files as bucket_files
from chat.storage.bucket.connection import Bucket
from chat.storage.bucket.files import FilesBucket
from chat.storage.file_store import FilesUnreachable
from tests.support.bucket import BucketServer, shared_bucket_server
from tests.support.stored_files import CAKE, TEA, chunks, read, share, upload


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def process(memory: MemoryStore, tmp_path: Path) -> Callable[[], FilesBucket]:
    """Start another process with the same bucket."""

    def start() -> FilesBucket:
        store = FilesBucket(Bucket(memory, memory), tmp_path / uuid4().hex)
        store.open()
        return store

    return start


def paths(memory: MemoryStore) -> set[str]:
    return {found["path"] for page in obstore.list(memory) for found in page}


async def test_bucket_has_the_names_of_the_folder(process: Callable[[], FilesBucket], memory: MemoryStore):
    file = await share(process(), is_picture=True)
    assert paths(memory) == {f"lobby/{file.content}", f"lobby/{file.content}.small"}


async def test_upload_is_attached_by_another_process(process: Callable[[], FilesBucket]):
    one, other = process(), process()
    uploaded = await upload(one, is_picture=True)
    found = await other.find_upload(uploaded.id)
    assert found == uploaded
    await other.keep(found.id, "lobby", found.attachment.content)
    await other.drop_upload(found.id)
    assert await read(await one.find("lobby", uploaded.attachment.content, small=True)) == b"small"
    assert await one.find_upload(uploaded.id) is None


async def test_same_content_is_stored_under_two_names(process: Callable[[], FilesBucket]):
    one, other = process(), process()
    first, second = await share(one), await share(other)
    await one.remove("lobby", [first.content])
    assert await read(await other.find("lobby", second.content)) == TEA


async def test_file_of_a_message_that_is_being_posted_is_not_taken_for_a_leftover(
    process: Callable[[], FilesBucket], monkeypatch: pytest.MonkeyPatch
):
    one, other = process(), process()
    uploaded = await upload(one)
    await one.keep(uploaded.id, "lobby", uploaded.attachment.content)
    for store in (one, other):
        await store.refresh()
        assert (store.rooms, store.contents("lobby"), store.total) == (["lobby"], set(), 0)
    other.note("lobby", [uploaded.attachment])  # it was posted
    assert (other.contents("lobby"), other.total) == ({uploaded.attachment.content}, len(TEA))
    monkeypatch.setattr(bucket_files, "IN_PROGRESS", -10.0)  # an hour later
    await one.refresh()
    assert one.contents("lobby") == {uploaded.attachment.content}


async def test_file_that_another_process_removed_is_forgotten(process: Callable[[], FilesBucket]):
    one, other = process(), process()
    file = await share(one)
    await other.remove("lobby", [file.content])
    assert one.contents("lobby") == {file.content}
    one._found["lobby"] = {name: type(stored)(stored.size, 0) for name, stored in one._found["lobby"].items()}
    await one.refresh()
    assert one.contents("lobby") == set()


async def test_file_that_is_noted_while_the_bucket_is_listed_is_kept(process: Callable[[], FilesBucket]):
    store = process()

    async def listed() -> object:
        for found in [("lobby/" + "1" * 64, 4, time.time())]:
            uploaded = await upload(store)
            await store.keep(uploaded.id, "lobby", uploaded.attachment.content)
            store.note("lobby", [uploaded.attachment])
            yield found

    store._bucket.every = listed  # type: ignore[assignment]
    await store.refresh()
    assert store.total == len(TEA)


async def test_upload_that_nobody_attached_is_removed_after_hours(
    process: Callable[[], FilesBucket], memory: MemoryStore, monkeypatch: pytest.MonkeyPatch
):
    uploaded = await upload(process(), is_picture=True)
    again = process()
    await again.refresh()
    assert await again.find_upload(uploaded.id)
    monkeypatch.setattr(bucket_files, "ABANDONED", -10.0)
    await again.refresh()
    assert paths(memory) == set()


async def test_foreign_objects_are_left_alone(
    process: Callable[[], FilesBucket], memory: MemoryStore, monkeypatch: pytest.MonkeyPatch
):
    others = {"readme", "backups/2026.tar", f"a/b/{'0' * 64}", "lobby/notes.txt", f"uploads/{'0' * 64}/x", "uploads/x"}
    for path in others:
        obstore.put(memory, path, b"x")
    monkeypatch.setattr(bucket_files, "IN_PROGRESS", -10.0)
    monkeypatch.setattr(bucket_files, "ABANDONED", -10.0)
    store = process()
    await store.refresh()
    assert (store.rooms, store.total, paths(memory)) == ([], 0, others)


# A server that fails.


@pytest.fixture
def server() -> Iterator[BucketServer]:
    server = BucketServer()
    yield server
    server.kill()


async def test_hung_server_is_noticed_within_seconds_and_used_again(
    server: BucketServer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(connection, "PAUSE", 60.0)
    store = FilesBucket.at(server.url(), tmp_path)
    store.open()
    file = await share(store)
    found = await store.find("lobby", file.content)
    uploaded = await upload(store, CAKE)
    begun = time.monotonic()
    with server.hung():
        with pytest.raises(FilesUnreachable):
            await read(found)
        assert time.monotonic() - begun < 15
        begun = time.monotonic()
        for attempt in (
            store.receive("one", chunks(CAKE)),
            store.keep(uploaded.id, "lobby", uploaded.attachment.content),
            store.remove("lobby", [file.content]),
            store.refresh(),
        ):
            with pytest.raises(FilesUnreachable):
                await attempt
        await store.drop_upload(uploaded.id)
        assert time.monotonic() - begun < 15  # all of them at once: each would have waited for five seconds
        assert store.contents("lobby") == {file.content}
    await until_it_answers(store)
    assert await read(found) == TEA
    await share(store, CAKE)


async def until_it_answers(store: FilesBucket) -> None:
    async with asyncio.timeout(60):
        while True:
            store._bucket._paused_until = 0  # a few seconds later
            with suppress(FilesUnreachable):
                return await store.refresh()
            await asyncio.sleep(0.1)


async def test_chat_starts_while_the_server_is_away(server: BucketServer, tmp_path: Path):
    store = FilesBucket.at(server.url("away"), tmp_path)
    server.kill()
    store.open()
    with pytest.raises(FilesUnreachable):
        await store.receive("one", chunks(CAKE))
    server.start()
    server.create("away")
    await until_it_answers(store)
    assert (await share(store)).size == len(TEA)


def test_missing_bucket_is_named_in_one_line_without_the_secret(tmp_path: Path):
    url = shared_bucket_server().url().replace("@chat-", "@none-")
    with pytest.raises(StartupError) as refused:
        FilesBucket.at(url, tmp_path).open()
    assert str(refused.value) == "CHAT_FILES_URL: there is no such bucket"


class Refusing(BaseHTTPRequestHandler):
    """Answers as S3 does to a wrong key."""

    def do_PUT(self) -> None:
        body = b"<Error><Code>InvalidAccessKeyId</Code><AWSAccessKeyId>AKIAEXAMPLE</AWSAccessKeyId></Error>"
        self.rfile.read(int(self.headers["Content-Length"]))
        self.send_response(403)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        pass


def test_refused_key_is_named_in_one_line_without_it(tmp_path: Path):
    with ThreadingHTTPServer(("127.0.0.1", 0), Refusing) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        endpoint = f"http://127.0.0.1:{server.server_port}"
        with pytest.raises(StartupError) as refused:
            FilesBucket.at(f"s3://AKIAEXAMPLE:hush@bucket?endpoint={endpoint}", tmp_path).open()
        server.shutdown()
    assert str(refused.value) == "CHAT_FILES_URL: the server refuses the key, or what it may do"
