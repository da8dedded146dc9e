"""Files of messages: uploaded, attached, and gone with their message, everywhere and at once."""

import asyncio
import io
import re
import threading
from collections.abc import AsyncIterator, Callable, Collection
from contextlib import suppress
from dataclasses import replace
from itertools import chain
from pathlib import Path

import pytest
from PIL import Image
from puremagic import magic_footer_array, magic_header_array, multi_part_dict

from chat.domain.errors import (
    CommandRefused,
    FileRefused,
    HistoryUnwritable,
    MessageRefused,
    RoomRefused,
    SpeechRefused,
    TextRefused,
)
from chat.domain.messages.events import FilesRemoved
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ChangeWordFilter, LockRoom, MuteMember, PurgeMessages
from chat.state.chat import Chat
from chat.state.files.upload_limits import UploadLimits, UploadsByPerson
from chat.state.files.uploads import MAX_WAITING
from chat.storage.file_store import FilesUnreachable
from chat.storage.files_folder import FilesFolder
from chat.storage.json_files.stores import json_stores
from chat.storage.memory import memory_stores
from tests.support.scene_page import until
from tests.support.stored_files import read
from tests.unit.state.support import ANN, BOB, CID, MODERATOR, OWNER, build_chat, record, refusal, unload

LIMITS = UploadLimits(file=10_000, quota=30_000, total=25_000)


async def sent(*parts: bytes | Exception) -> AsyncIterator[bytes]:
    for part in parts:
        if isinstance(part, Exception):
            raise part
        yield part


def photo() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((60, 40), 50).save(out, "JPEG")
    return out.getvalue()


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "files"


@pytest.fixture
async def make_files_chat(folder: Path) -> AsyncIterator[Callable[..., Chat]]:
    """Build chats that keep messages in memory and files on disk."""
    chats = list[Chat]()

    def make(**options: int) -> Chat:
        stores = replace(memory_stores(5), files=FilesFolder(folder))
        members = (ANN, BOB, CID, MODERATOR, OWNER)
        chats.append(build_chat(stores, *members, upload_limits=replace(LIMITS, **options)))
        return chats[-1]

    yield make
    for chat in chats:
        await chat.close()


@pytest.fixture
def chat(make_files_chat: Callable[..., Chat]) -> Chat:
    return make_files_chat()


async def upload(chat: Chat, content: bytes = b"tea", name: str = "tea.txt", by: str = "ann") -> str:
    return (await chat.uploads.receive(by, LOBBY, name, sent(content))).id


async def share(chat: Chat, message_id: str, content: bytes = b"tea", *, by: str = "ann", room: str = LOBBY) -> Message:
    """Post a message with a file."""
    upload_id = (await chat.uploads.receive(by, room, "tea.txt", sent(content))).id
    await chat.messages.post(by, room, "Look", message_id, files=[(upload_id, "")])
    async with chat.room_access.view(by, room) as found:
        return found.conversation.message(message_id)


def stored(folder: Path) -> set[str]:
    """Return the contents of all files on disk."""
    found = set()
    for path in folder.rglob("*"):
        with suppress(FileNotFoundError):  # it is just being removed
            if path.is_file():
                found.add(path.read_text(errors="replace"))
    return found


async def until_stored(folder: Path, *contents: str) -> None:
    await until(lambda: stored(folder) == set(contents), lambda: f"there are {stored(folder)}")


# Sending.


async def test_file_is_sent_with_a_message(chat: Chat, folder: Path):
    message = await share(chat, "message01")
    [file] = message.attachments
    assert (file.name, file.type, file.size, file.is_picture) == ("tea.txt", "text/plain", 3, False)
    attachment, found = await chat.files.open("bob", LOBBY, "message01", 0)
    assert (attachment, await read(found)) == (file, b"tea")
    assert stored(folder) == {"tea"}
    assert not list((folder / "uploads").iterdir())


async def test_picture_is_sent_with_its_description(chat: Chat, folder: Path):
    upload_id = await upload(chat, photo(), "IMG 1.HEIC")
    await chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, " A cup\nof tea ")])
    [message] = chat.lobby.conversation.history
    [picture] = message.attachments
    assert (picture.name, picture.type, picture.alt) == ("IMG 1.jpg", "image/jpeg", "A cup of tea")
    assert (picture.width, picture.height, message.excerpt) == (60, 40, "A cup of tea")
    _, small = await chat.files.open("bob", LOBBY, "message01", 0, small=True)
    assert (await read(small)).startswith(b"RIFF")


async def test_several_files_are_sent_at_once(chat: Chat, folder: Path):
    ids = await asyncio.gather(*(upload(chat, bytes([65 + number])) for number in range(3)))
    await chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, "") for upload_id in ids])
    assert stored(folder) == {"A", "B", "C"}
    assert len(chat.lobby.conversation.message("message01").attachments) == 3


REFUSED = {
    "empty": (sent(), "file-empty"),
    "too large": (sent(b"x" * 6_000, b"x" * 6_000), "file-too-large"),
    "broken picture": (sent(photo()[:-600]), "picture-broken"),
}


@pytest.mark.parametrize("reason", REFUSED)
async def test_refused_file_leaves_nothing(chat: Chat, folder: Path, reason: str):
    chunks, key = REFUSED[reason]
    problem = await refusal(chat.uploads.receive("ann", LOBBY, "tea.jpg", chunks))
    assert (type(problem), problem.key) == (FileRefused, key)
    assert stored(folder) == set()


async def test_cut_upload_leaves_nothing_and_does_not_count(chat: Chat, folder: Path):
    for _ in range(5):
        with pytest.raises(EOFError):
            await chat.uploads.receive("ann", LOBBY, "tea.txt", sent(b"x" * 9_000, EOFError()))
    assert stored(folder) == set()
    await upload(chat)


async def test_quota_is_of_a_person_whatever_their_name(chat: Chat):
    for _ in range(3):
        await upload(chat, b"x" * 9_000)
    problem = await refusal(upload(chat, b"x" * 9_000))
    assert (problem.key, problem.details) == ("upload-quota", {"size": 30_000})
    await upload(chat, b"x" * 9_000, by="bob")


async def test_uploads_that_wait_for_a_message_end_when_there_are_many(chat: Chat, folder: Path):
    first, *_ = [await upload(chat, b"%d" % number) for number in range(MAX_WAITING)]
    others = await upload(chat, by="bob")
    assert await chat.uploads.find("ann", first)
    last = await upload(chat)
    assert await chat.uploads.find("ann", first) is None
    assert await chat.uploads.find("ann", last) and await chat.uploads.find("bob", others)
    assert stored(folder) == {*(str(number) for number in range(1, MAX_WAITING)), "tea"}


def test_many_guests_of_one_address_have_no_more_uploads_than_twenty_people():
    waiting, ended = UploadsByPerson(2), list[str]()
    for guest in range(30):
        for place in range(2):
            known = {f"member:{guest}", f"session:{guest}", "address:198.51.100.7"}
            for old in waiting.add(f"{guest}-{place}", known):
                ended.append(old)
                waiting.discard(old)
    assert ended == [f"{guest}-{place}" for guest in range(10) for place in range(2)]
    assert waiting.add("another", {"member:30", "address:203.0.113.1"}) == []


async def test_full_disk_is_refused_kindly(chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch):
    async def fail(*_: object) -> None:
        raise OSError(28, "No space left on device")

    upload_id = await upload(chat)
    assert chat._stores.files
    monkeypatch.setattr(chat._stores.files, "keep", fail)
    problem = await refusal(chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, "")]))
    assert problem.key == "storage-full"
    monkeypatch.undo()
    await chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, "")])
    monkeypatch.setattr(chat._stores.files, "receive", fail)
    assert (await refusal(upload(chat, b"cake"))).key == "storage-full"
    assert stored(folder) == {"tea"}


async def test_file_that_a_full_disk_refused_is_not_counted(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    async def fail(_upload_id: str, chunks: AsyncIterator[bytes]) -> None:
        await anext(chunks)
        raise OSError(28, "No space left on device")

    assert chat._stores.files
    monkeypatch.setattr(chat._stores.files, "receive", fail)
    for _ in range(4):  # more than a person may send in a day
        assert (await refusal(upload(chat, b"x" * 9_000))).key == "storage-full"
    monkeypatch.undo()
    for _ in range(3):
        await upload(chat, b"x" * 9_000)


async def test_there_are_no_uploads_without_a_place_for_them(make_chat: Callable[..., Chat]):
    chat = make_chat()
    assert not chat.uploads.is_on
    assert (await refusal(upload(chat))).key == "uploads-homeless"


async def test_member_who_may_not_write_may_not_upload(chat: Chat):
    await chat.moderation.perform("mod", LOBBY, MuteMember("bob"))
    assert isinstance(await refusal(upload(chat, by="bob")), SpeechRefused)
    await chat.moderation.perform("mod", LOBBY, LockRoom())
    assert isinstance(await refusal(upload(chat)), SpeechRefused)
    assert (await refusal(upload(chat, by="nobody"))).key == "not-here"


# Attaching.


async def test_refused_message_keeps_its_files_for_the_next_attempt(chat: Chat, folder: Path):
    upload_id = await upload(chat)
    await chat.moderation.perform("owner", LOBBY, ChangeWordFilter(("bad",)))
    problem = await refusal(chat.messages.post("ann", LOBBY, "bad", "message01", files=[(upload_id, "")]))
    assert problem.key == "word-filtered"
    assert not list((folder / LOBBY).iterdir())
    await chat.messages.post("ann", LOBBY, "good", "message02", files=[(upload_id, "")])
    assert stored(folder) == {"tea"}


async def test_names_and_descriptions_are_texts_that_others_read(chat: Chat):
    await chat.moderation.perform("owner", LOBBY, ChangeWordFilter(("bad",)))
    named, described = await upload(chat, name="bad.txt"), await upload(chat, photo())
    for upload_id, alt in ((named, ""), (described, "a bad cup")):
        problem = await refusal(chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, alt)]))
        assert problem.key == "word-filtered"
    problem = await refusal(chat.messages.post("bob", LOBBY, "", "message02", files=[(named, "")]))
    assert problem.key == "file-gone"  # it is Ann's
    secret = await upload(chat, name="correct horse.txt")
    assert (await refusal(chat.messages.post("ann", LOBBY, "", "message03", files=[(secret, "")]))).key == (
        "text-has-password"
    )


async def test_message_that_is_sent_twice_has_its_file_once(chat: Chat):
    upload_id = await upload(chat)
    for _ in range(2):
        await chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, "")])
    assert [len(message.attachments) for message in chat.lobby.conversation.history] == [1]


async def test_unknown_and_too_many_files_are_refused(chat: Chat):
    upload_id = await upload(chat)
    for wanted, key in (([("unknown", "")], "file-gone"), ([(upload_id, "")] * 11, "files-too-many")):
        assert (await refusal(chat.messages.post("ann", LOBBY, "Hi", "message01", files=wanted))).key == key
    problem = await refusal(chat.messages.post("ann", LOBBY, "/topic Tea", "message01", files=[(upload_id, "")]))
    assert isinstance(problem, CommandRefused)
    assert isinstance(await refusal(chat.messages.post("ann", LOBBY, "", "message01")), TextRefused)
    assert not list(chat.lobby.conversation.history)


async def test_discarded_upload_is_gone(chat: Chat, folder: Path):
    upload_id = await upload(chat)
    await chat.uploads.discard("bob", upload_id)
    assert stored(folder) == {"tea"}
    await chat.uploads.discard("ann", upload_id)
    assert stored(folder) == set()


# Reading.


async def test_file_is_for_members_of_its_room(chat: Chat):
    room = await chat.rooms.create("owner", "Secret", is_private=True)
    await share(chat, "message01", by="owner", room=room.id)
    await unload(chat)
    with pytest.raises(RoomRefused):
        await chat.files.open("bob", room.id, "message01", 0)
    with pytest.raises(RoomRefused):
        await chat.files.open("", LOBBY + "x", "message01", 0)
    for room_id, message_id, position in ((LOBBY, "message01", 0), (room.id, "message01", 1), (room.id, "none", 0)):
        with pytest.raises(MessageRefused):
            await chat.files.open("owner", room_id, message_id, position)
    _, found = await chat.files.open("owner", room.id, "message01", 0)
    assert await read(found) == b"tea"


# Going.


async def delete(chat: Chat) -> None:
    await chat.messages.delete("ann", LOBBY, "message01")


async def purge(chat: Chat) -> None:
    await chat.moderation.perform("mod", LOBBY, PurgeMessages("ann", 1))


async def clear(chat: Chat) -> None:
    await chat.messages.clear("owner", LOBBY)


async def evict(chat: Chat) -> None:
    for number in range(2, 7):
        await chat.messages.post("bob", LOBBY, "Hi", f"message0{number}")


@pytest.mark.parametrize("end", [delete, purge, clear, evict])
async def test_file_goes_with_its_message(chat: Chat, folder: Path, end: Callable):
    await share(chat, "message01")
    await end(chat)
    await until_stored(folder)


async def test_file_of_two_messages_stays_until_the_last_is_gone(chat: Chat, folder: Path):
    for message_id in ("message01", "message02"):
        await share(chat, message_id)
    assert len(list((folder / LOBBY).iterdir())) == 1
    await chat.messages.delete("ann", LOBBY, "message01")
    await share(chat, "message03", b"cake")
    await chat.messages.delete("ann", LOBBY, "message03")
    await until_stored(folder, "tea")
    await chat.messages.delete("ann", LOBBY, "message02")
    await until_stored(folder)


async def test_files_go_with_their_room(chat: Chat, folder: Path):
    room = await chat.rooms.create("owner", "Secret", is_private=True)
    await share(chat, "message01", by="owner", room=room.id)
    await share(chat, "message02", b"cake")
    await chat.rooms.remove_member("owner", room.id, "owner")
    await until_stored(folder, "cake")


async def test_oldest_files_make_room_for_new_ones(chat: Chat, folder: Path):
    removed = record(chat, FilesRemoved)
    for number, letter in enumerate("abcd"):
        assert chat.uploads.is_nearly_full == (number == 3)
        await share(chat, f"message0{number}", letter.encode() * 8_000, by=["ann", "bob"][number % 2])
    await until_stored(folder, *(letter * 8_000 for letter in "bcd"))
    assert [event.message_ids for event in removed if isinstance(event, FilesRemoved)] == [("message00",)]
    [file] = chat.lobby.conversation.message("message00").attachments
    assert (file.name, file.content, file.placeholder) == ("tea.txt", "", "")
    with pytest.raises(MessageRefused):
        await chat.files.open("bob", LOBBY, "message00", 0)


async def test_file_that_cannot_be_removed_is_not_tried_again_and_again(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    tried = list[str]()

    async def fail(room_id: str, _: object) -> None:  # without a pause, as for a bucket that didn't answer
        tried.append(room_id)
        assert len(tried) < 5
        raise FilesUnreachable

    monkeypatch.setattr(chat.uploads._store, "remove", fail)
    for number, letter in enumerate("abcd"):
        await share(chat, f"message0{number}", letter.encode() * 8_000, by=["ann", "bob"][number % 2])
    await until(lambda: len(tried) > 1, lambda: f"tried {tried}")
    await asyncio.sleep(0.05)
    assert tried == [LOBBY] * 2  # to make room, and because no message has it


async def test_files_of_a_room_that_cannot_be_read_stay_and_others_make_room(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, BOB, OWNER, upload_limits=LIMITS)
    room = await chat.rooms.create("owner", "Tea")
    await share(chat, "message01", b"r" * 8_000, by="owner", room=room.id)
    await unload(chat)
    for path in (tmp_path / "rooms").iterdir():
        path.write_text("?")
    for number, letter in enumerate("abc"):
        await share(chat, f"message0{number}", letter.encode() * 8_000, by=["ann", "bob"][number % 2])
    await until_stored(tmp_path / "files", *(letter * 8_000 for letter in "rbc"))
    await chat.close()


async def test_file_that_is_sent_again_while_it_is_removed_stays(chat: Chat, monkeypatch: pytest.MonkeyPatch):
    store = chat.uploads._store
    assert isinstance(store, FilesFolder)
    remove, begun, may_go_on = store._remove, threading.Event(), threading.Event()

    def remove_slowly(room_id: str, contents: Collection[str]) -> None:
        begun.set()
        may_go_on.wait(5)
        remove(room_id, contents)

    monkeypatch.setattr(store, "_remove", remove_slowly)
    await share(chat, "message01")
    upload_id = await upload(chat, by="bob")
    await chat.messages.delete("ann", LOBBY, "message01")
    await until(begun.is_set, lambda: "nothing is removed")
    async with asyncio.TaskGroup() as tasks:
        tasks.create_task(chat.messages.post("bob", LOBBY, "", "message02", files=[(upload_id, "")]))
        await asyncio.sleep(0.1)
        may_go_on.set()
    _, found = await chat.files.open("ann", LOBBY, "message02", 0)
    assert await read(found) == b"tea"


async def test_reply_quotes_a_picture_by_its_description(chat: Chat):
    upload_id = await upload(chat, photo(), "cup.jpg")
    await chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, "A cup")])
    await chat.messages.post("bob", LOBBY, "Nice", "message02", "message01")
    reply = chat.lobby.conversation.message("message02").reply
    assert reply
    assert reply.text == "A cup"


async def test_files_and_their_names_go_with_a_name_that_is_taken_off(chat: Chat, folder: Path):
    await share(chat, "message01")
    await chat.messages.post("bob", LOBBY, "Nice", "message02", "message01")
    await chat.members.anonymize("ann", "x1y2")
    await until_stored(folder)
    message = chat.lobby.conversation.message("message01")
    assert [(file.name, file.content) for file in message.attachments] == [("", "")]


async def test_files_of_an_account_that_ends_are_removed_in_all_rooms(chat: Chat, folder: Path):
    room = await chat.rooms.create("owner", "Tea")
    for room_id, content in ((LOBBY, b"one"), (room.id, b"two")):
        await share(chat, "message01", content, room=room_id)
        await share(chat, "message02", b"of Bob", by="bob", room=room_id)
    await unload(chat)
    await chat.file_cleanup.remove_all_of("ann")
    await until_stored(folder, "of Bob")
    assert chat.lobby.conversation.message("message01").text == "Look"


async def test_start_removes_what_no_message_has(make_files_chat: Callable[..., Chat], tmp_path: Path, folder: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN, OWNER)
    room = await chat.rooms.create("owner", "Tea")
    await share(chat, "message01", b"lobby")
    await share(chat, "message01", b"room", by="owner", room=room.id)
    await upload(chat, b"never sent")
    await chat.close()
    for name in (LOBBY, room.id, "of_no_room"):
        (folder / name).mkdir(exist_ok=True)
        (folder / name / ("0" * 64)).write_text("of no message")
    again = build_chat(json_stores(tmp_path, 100), ANN)
    await again.file_cleanup.start()
    assert stored(folder) == {"lobby", "room"}
    assert len(again._loader) == 0
    await again.close()


async def test_file_of_any_type_is_there_after_a_restart(tmp_path: Path):
    chat = build_chat(json_stores(tmp_path, 100), ANN)
    rows = [*magic_header_array, *magic_footer_array, *chain(*multi_part_dict.values())]
    unusual = re.compile(r"(?![\w.+-]+/[\w.+-]+\Z).+", re.ASCII)
    heads = [row for row in rows if unusual.match(row.mime_type)]
    assert heads
    for number, head in enumerate(heads):
        await share(chat, f"message{number:02}", bytes(head.offset) + head.byte_match)
    await chat.close()
    again = build_chat(json_stores(tmp_path, 100), ANN)
    assert len(again.lobby.conversation.history) == len(heads)
    await again.close()


async def test_message_that_could_not_be_stored_leaves_no_file(
    chat: Chat, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    async def fail(*_: object) -> None:
        raise HistoryUnwritable

    upload_id = await upload(chat)
    monkeypatch.setattr(chat._stores.messages, "append", fail)
    assert isinstance(
        await refusal(chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, "")])), HistoryUnwritable
    )
    assert not list((folder / LOBBY).iterdir())


async def test_author_describes_a_picture_afterwards(chat: Chat):
    upload_id, text_id = await upload(chat, photo(), "cup.jpg"), await upload(chat)
    await chat.messages.post("ann", LOBBY, "", "message01", files=[(upload_id, ""), (text_id, "")])
    await chat.messages.post("bob", LOBBY, "Nice", "message02", "message01")
    await chat.messages.describe_picture("ann", LOBBY, "message01", 0, " A cup\n")
    message = chat.lobby.conversation.message("message01")
    assert [file.alt for file in message.attachments] == ["A cup", ""]
    reply = chat.lobby.conversation.message("message02").reply
    assert reply
    assert reply.text.startswith("A cup")
    for member_id, position in (
        ("bob", 0),
        ("mod", 0),
        ("ann", 1),
        ("ann", 2),
        ("ann", -1),
        ("ann", "0"),
        ("ann", None),
    ):
        problem = await refusal(chat.messages.describe_picture(member_id, LOBBY, "message01", position, "Other"))
        assert isinstance(problem, MessageRefused)
    await chat.moderation.perform("owner", LOBBY, ChangeWordFilter(("bad",)))
    problem = await refusal(chat.messages.describe_picture("ann", LOBBY, "message01", 0, "a bad cup"))
    assert problem.key == "word-filtered"
    problem = await refusal(chat.messages.describe_picture("ann", LOBBY, "message01", 0, "correct horse"))
    assert problem.key == "text-has-password"
