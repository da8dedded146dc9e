"""Files of several processes of one chat, which share an engine and a bucket."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from uuid import uuid4

import obstore
import pytest
from obstore.store import MemoryStore
from PIL import Image

from chat.domain.errors import FileRefused, MessageRefused, RoomRefused
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state.files.upload_limits import UploadLimits, UploadQuota
from chat.storage.bucket import files as bucket_files
from tests.support.engine import HAS_ENGINE
from tests.support.hostile_pictures import encoded
from tests.support.processes import ChatProcess, eventually, processes
from tests.support.stored_files import read
from tests.unit.state.support import ANN, BOB, OWNER, refusal

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")


@pytest.fixture
def bucket() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def pictures() -> MemoryStore:
    """Those of people."""
    return MemoryStore()


@pytest.fixture
async def both(tmp_path: Path, bucket: MemoryStore, pictures: MemoryStore) -> AsyncIterator[list[ChatProcess]]:
    async with processes(tmp_path, bucket=bucket, pictures=pictures) as found:
        for process in found:
            process.join(ANN, BOB, OWNER)
        yield found


async def sent(content: bytes) -> AsyncIterator[bytes]:
    yield content


async def upload(process: ChatProcess, content: bytes = b"tea", room_id: str = LOBBY) -> str:
    return (await process.chat.uploads.receive("ann", room_id, "tea.txt", sent(content))).id


async def share(process: ChatProcess, upload_id: str, room_id: str = LOBBY) -> str:
    message_id = uuid4().hex[:12]
    await process.chat.messages.post("ann", room_id, "Look", message_id, files=[(upload_id, "")])
    return message_id


async def content(process: ChatProcess, message_id: str, room_id: str = LOBBY) -> bytes:
    with suppress(MessageRefused, RoomRefused):
        _, file = await process.chat.files.open("bob", room_id, message_id, 0)
        return await read(file)
    return b""


def paths(bucket: MemoryStore) -> set[str]:
    return {found["path"] for page in obstore.list(bucket) for found in page}


async def test_file_is_uploaded_in_one_process_and_attached_in_another(both: list[ChatProcess], bucket: MemoryStore):
    one, other = both
    message_id = await share(other, await upload(one))
    await eventually(lambda: len(one.messages()) == 1)
    assert [await content(process, message_id) for process in both] == [b"tea", b"tea"]
    assert [path.split("/")[0] for path in paths(bucket)] == ["lobby"]


async def test_upload_is_only_its_senders(both: list[ChatProcess]):
    one, other = both
    upload_id = await upload(one)
    for wanted in (upload_id, f"{upload_id}.json", "../lobby", ""):
        posting = other.chat.messages.post("bob", LOBBY, "", "message00001", files=[(wanted, "")])
        assert (await refusal(posting)).key == "file-gone"
    await other.chat.uploads.discard("bob", upload_id)
    await share(other, upload_id)


async def test_upload_is_discarded_in_another_process(both: list[ChatProcess], bucket: MemoryStore):
    one, other = both
    await other.chat.uploads.discard("ann", await upload(one))
    assert paths(bucket) == set()


@pytest.mark.parametrize("deleter", [0, 1], ids=["same process", "other process"])
async def test_deletion_removes_the_file_at_once(both: list[ChatProcess], bucket: MemoryStore, deleter: int):
    message_id = await share(both[0], await upload(both[0]))
    await eventually(lambda: len(both[1].messages()) == 1)
    await both[deleter].chat.messages.delete("ann", LOBBY, message_id)
    await eventually(lambda: not paths(bucket))


async def test_end_of_a_room_removes_its_files_whichever_process_stored_them(
    both: list[ChatProcess], bucket: MemoryStore
):
    one, other = both
    tea = await one.chat.rooms.create("owner", "Tea")
    await eventually(lambda: other.chat.directory.get(tea.id) is not None)
    for process in both:
        await share(process, await upload(process, room_id=tea.id), tea.id)
    await eventually(lambda: all(len(process.messages(tea.id)) == 2 for process in both))
    await one.chat.departures.end(tea.id)
    await eventually(lambda: not paths(bucket))


async def test_start_of_a_process_leaves_what_another_is_just_storing(
    both: list[ChatProcess], bucket: MemoryStore, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    one, other = both
    message_id = await share(one, await upload(one))
    await eventually(lambda: len(other.messages()) == 1)
    waiting = await upload(one, b"waits")
    found = await one.chat.uploads.find("ann", waiting)
    assert found
    assert one.chat._stores.files
    await one.chat._stores.files.keep(waiting, LOBBY, found.attachment.content)  # its message isn't stored yet
    before = paths(bucket)
    await other.chat.file_cleanup.start()
    assert paths(bucket) == before
    monkeypatch.setattr(bucket_files, "IN_PROGRESS", -10.0)  # an hour later
    await other.chat.file_cleanup.start()
    assert before - paths(bucket) == {f"{LOBBY}/{found.attachment.content}"}
    assert await content(one, message_id) == b"tea"


async def test_process_that_starts_knows_the_files_of_messages(
    both: list[ChatProcess], bucket: MemoryStore, tmp_path: Path
):
    message_id = await share(both[0], await upload(both[0]))
    later = await ChatProcess(tmp_path, bucket=bucket).start()
    later.join(ANN, BOB)
    files = later.chat._stores.files
    assert files
    await eventually(lambda: files.total == 3)
    assert await content(later, message_id) == b"tea"
    await later.chat.messages.delete("ann", LOBBY, message_id)
    await eventually(lambda: not paths(bucket))
    await later.stop()


async def test_files_sent_in_one_process_count_in_all(both: list[ChatProcess], monkeypatch: pytest.MonkeyPatch):
    one, other = both
    for process in both:
        process.chat.uploads.quota._limit = 1000
    await upload(one, b"x" * 900)
    quota: UploadQuota = other.chat.uploads.quota
    await eventually(lambda: any(size == 900 for _, size in quota._sent.values()))
    problem = await refusal(upload(other, b"x" * 200))
    assert (type(problem), problem.key) == (FileRefused, "upload-quota")


async def test_total_is_that_of_all_processes(both: list[ChatProcess], bucket: MemoryStore):
    one, other = both
    for process in both:
        process.chat.file_cleanup._limits = UploadLimits(total=25)
    first = await share(one, await upload(one, b"x" * 10))
    await eventually(lambda: len(other.messages()) == 1)
    await share(other, await upload(other, b"y" * 10))
    await eventually(lambda: len(one.messages()) == 2)
    last = await share(other, await upload(other, b"z" * 10))
    await eventually(lambda: len(paths(bucket)) == 2)
    await eventually(lambda: len(one.messages()) == 3)
    assert [await content(process, first) for process in both] == [b"", b""]
    assert [await content(process, last) for process in both] == [b"z" * 10, b"z" * 10]


async def test_same_file_is_sent_in_both_while_it_is_deleted(both: list[ChatProcess], bucket: MemoryStore):
    one, other = both
    uploads = [await upload(process) for process in both]
    first = await share(one, uploads[0])
    await eventually(lambda: len(other.messages()) == 1)
    _, second = await asyncio.gather(one.chat.messages.delete("ann", LOBBY, first), share(other, uploads[1]))
    await eventually(lambda: [message.id for message in other.messages() if message.attachments] == [second])
    await eventually(lambda: len(paths(bucket)) == 1)
    assert await content(other, second) == b"tea"


# Pictures of people.


@pytest.mark.parametrize("is_early", [False, True])
async def test_guest_keeps_their_picture_over_a_restart(tmp_path: Path, pictures: MemoryStore, *, is_early: bool):
    async with processes(tmp_path, 1, pictures=pictures) as (before,):
        before.join(ANN)
        await before.chat.avatars.choose("ann", sent(encoded(Image.new("RGB", (60, 40), "teal"), "PNG")))
        chosen = before.chat.people.avatar_of("ann").picture
    async with processes(tmp_path, 1, pictures=pictures) as (again,):
        if not is_early:
            await eventually(lambda: bool(again.chat.avatars.kept("ann")))
        again.join(replace(ANN, picture=again.chat.avatars.kept("ann")))
        await eventually(lambda: again.chat.people.avatar_of("ann").picture == chosen)
        again.chat.members.leave("ann")
        await eventually(lambda: not paths(pictures))


async def test_picture_of_a_person_is_seen_everywhere_and_gone_everywhere(
    both: list[ChatProcess], pictures: MemoryStore
):
    one, other = both
    contents = [encoded(Image.new("RGB", (60, 40), color), "PNG") for color in ("teal", "red")]
    for process, picture in zip(both, contents, strict=True):
        await process.chat.avatars.choose("ann", sent(picture))
        chosen = process.chat.people.avatar_of("ann").picture
        await eventually(lambda chosen=chosen: all(p.chat.people.avatar_of("ann").picture == chosen for p in both))
        await eventually(lambda chosen=chosen: paths(pictures) == {f"ann/{chosen}"})
        for reader in both:
            found = await reader.chat.avatars.find("ann", chosen[:12])
            assert found
            assert (await read(found)).startswith(b"RIFF")
    one.chat.members.leave("ann")
    await eventually(lambda: not paths(pictures))
    await eventually(lambda: other.chat.people.avatar_of("ann").picture == "")
