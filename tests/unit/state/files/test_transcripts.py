"""Transcripts: one rendering for all who ask for the same, of the history as it is, and nothing kept for nobody."""

import asyncio
import gzip
import threading
from collections.abc import Awaitable, Callable, Iterable, Iterator
from functools import partial
from typing import get_args

import pytest

from chat.domain.messages.events import MessageEvent
from chat.domain.messages.message import Message
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.events import RoomDeleted
from chat.state.files import transcripts as module
from chat.state.files.transcripts import (
    MAX_KEPT,
    MAX_OPEN,
    TooManyTranscripts,
    Transcript,
    TranscriptClosed,
    Transcripts,
)
from chat.text.export import FORMATS, Format
from tests.unit.state.support import ANN, BOB, OWNER

Get = Callable[..., Awaitable[Transcript]]


class Press:
    """A format that records its renderings, and waits in the middle of each while it is stopped."""

    def __init__(self) -> None:
        self.threads: list[threading.Thread] = []
        self.has_begun = threading.Event()
        self.runs = threading.Event()
        self.runs.set()
        self.is_broken = False

    def render(self, title: str, messages: Iterable[Message]) -> Iterator[str]:
        self.threads.append(threading.current_thread())
        self.has_begun.set()
        self.runs.wait()
        if self.is_broken:
            raise OSError("no space left on device")
        for message in messages:
            yield f"{message.text}\n"


@pytest.fixture
def press(monkeypatch: pytest.MonkeyPatch) -> Press:
    press = Press()
    monkeypatch.setitem(FORMATS, "txt", Format("Text", "text/plain", press.render))
    return press


@pytest.fixture
def chat(make_chat):
    return make_chat()


@pytest.fixture
def transcripts(chat, press: Press) -> Iterator[Transcripts]:
    transcripts = Transcripts()
    chat.subscribe(transcripts.forget, *get_args(MessageEvent))
    yield transcripts
    press.runs.set()
    transcripts.close()


@pytest.fixture
def get(chat, transcripts: Transcripts) -> Get:
    """Get transcripts of the lobby."""
    return partial(transcripts.get, chat.lobby, "My Chat")


async def read(transcript: Transcript) -> str:
    content = b"".join([chunk async for chunk in transcript.chunks()])
    assert len(content) == transcript.size
    return content.decode()


async def test_all_who_ask_share_one_rendering_in_another_thread(chat, get: Get, press: Press):
    await chat.messages.post(ANN.id, LOBBY, "Hello", "message01")
    made = await asyncio.gather(*(get("txt", compressed=False) for _ in range(20)))
    assert await asyncio.gather(*map(read, made)) == ["Hello\n"] * 20
    assert await read(await get("txt", compressed=False)) == "Hello\n"
    assert len(press.threads) == 1
    assert press.threads != [threading.current_thread()]


@pytest.mark.parametrize("form", FORMATS)
async def test_compressed_form_has_the_same_content(chat, get: Get, form: str):
    for number in range(30):
        await chat.messages.post(ANN.id, LOBBY, "日本語 " * 900, f"message{number:02}")
    plain = await read(await get(form, compressed=False))
    compressed = b"".join([chunk async for chunk in (await get(form, compressed=True)).chunks()])
    assert gzip.decompress(compressed).decode() == plain
    assert len(compressed) < len(plain.encode()) / 5


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (lambda chat: chat.messages.post(BOB.id, LOBBY, "Hi", "message03"), "Hello\nBye\nHi\n"),
        (lambda chat: chat.messages.edit(ANN.id, LOBBY, "message01", "Hello!"), "Hello!\nBye\n"),
        (lambda chat: chat.messages.delete(ANN.id, LOBBY, "message01"), "Bye\n"),
        (lambda chat: chat.messages.react(BOB.id, LOBBY, "message01", "👍"), "Hello\nBye\n"),
    ],
    ids=["post", "edit", "delete", "react"],
)
async def test_changed_history_is_rendered_anew(chat, get: Get, press: Press, change, expected: str):
    await chat.messages.post(ANN.id, LOBBY, "Hello", "message01")
    await chat.messages.post(ANN.id, LOBBY, "Bye", "message02")
    before = await get("txt", compressed=False)
    await change(chat)
    assert await read(await get("txt", compressed=False)) == expected
    assert await read(before) == "Hello\nBye\n"  # somebody who is reading it may finish
    assert len(press.threads) == 2


async def test_changes_during_a_rendering_cost_one_more_at_most(chat, get: Get, press: Press):
    press.runs.clear()
    first = asyncio.create_task(get("txt", compressed=False))
    await asyncio.to_thread(press.has_begun.wait)
    later = []
    for number in range(10):
        await chat.messages.post(ANN.id, LOBBY, f"Message {number}", f"message{number:02}")
        later.append(asyncio.create_task(get("txt", compressed=False)))
        await asyncio.sleep(0)
    press.runs.set()
    assert await read(await first) == ""
    assert {(await read(transcript)).count("\n") for transcript in await asyncio.gather(*later)} == {10}
    assert len(press.threads) == 2


async def test_client_that_leaves_does_not_end_the_rendering_of_others(get: Get, press: Press):
    press.runs.clear()
    leaving, staying = (asyncio.create_task(get("txt", compressed=False)) for _ in range(2))
    await asyncio.sleep(0)
    leaving.cancel()
    press.runs.set()
    assert await read(await staying) == ""
    assert len(press.threads) == 1


async def test_messages_are_posted_and_transcripts_read_during_a_rendering(chat, get, press: Press):
    await chat.messages.post(ANN.id, LOBBY, "Hello", "message01")
    earlier = await get("txt", compressed=False)
    press.runs.clear()
    running = asyncio.create_task(get("txt", compressed=True))
    await chat.messages.post(ANN.id, LOBBY, "Bye", "message02")
    assert await read(earlier) == "Hello\n"
    assert not running.done()
    press.runs.set()
    await running


async def test_full_disk_is_reported_and_not_remembered(get: Get, press: Press):
    press.is_broken = True
    for _ in range(2):
        with pytest.raises(OSError, match="no space"):
            await get("txt", compressed=False)
    press.is_broken = False
    assert await read(await get("txt", compressed=False)) == ""


async def test_versions_that_are_read_are_limited_and_closed_at_the_end(chat, get: Get, monkeypatch):
    monkeypatch.setattr(module, "IN_MEMORY", 1)
    reading = []
    for number in range(MAX_OPEN):
        await chat.messages.post(ANN.id, LOBBY, "Hello", f"message{number:02}")
        reading.append(await get("txt", compressed=False))
    files = [transcript._file for transcript in reading]
    await chat.messages.post(ANN.id, LOBBY, "Hello", "message99")
    with pytest.raises(TooManyTranscripts):
        await get("txt", compressed=False)
    reading.clear()
    await get("txt", compressed=False)
    assert all(file.closed for file in files)


async def hold_all(chat, get: Get, *addresses: str) -> list[Transcript]:
    """Read as many versions as may be open, each address the same number."""
    reading = []
    for number in range(MAX_OPEN):
        await chat.messages.post(ANN.id, LOBBY, "Hello", f"message{number:02}")
        reading.append(await get("txt", compressed=False, address=addresses[number % len(addresses)]))
    await chat.messages.post(ANN.id, LOBBY, "Hello", "message99")
    return reading


@pytest.mark.parametrize("attackers", [1, 2, 5, 12])
async def test_few_addresses_keep_nobody_from_downloading(chat, get: Get, attackers: int):
    reading = await hold_all(chat, get, *(f"192.0.2.{number}" for number in range(attackers)))
    assert "Hello" in await read(await get("txt", compressed=False, address="198.51.100.7"))
    closed = [version for version in reading if version._file.closed]
    assert len(closed) == 1
    with pytest.raises(TranscriptClosed):
        await read(closed[0])


async def test_busiest_address_gets_no_place_of_others(chat, get: Get):
    reading = await hold_all(chat, get, *(f"192.0.2.{number}" for number in range(4)))
    with pytest.raises(TooManyTranscripts):
        await get("txt", compressed=False, address="192.0.2.1")
    assert not any(version._file.closed for version in reading)


async def test_version_that_others_read_too_stays_for_a_while(chat, get: Get, monkeypatch):
    reading = await hold_all(chat, get, "192.0.2.1")
    for version in reading:
        version.addresses.add("192.0.2.2")
    with pytest.raises(TooManyTranscripts):
        await get("txt", compressed=False, address="198.51.100.7")
    monkeypatch.setattr(module, "PATIENCE", 0)
    assert "Hello" in await read(await get("txt", compressed=False, address="198.51.100.7"))
    assert [version._file.closed for version in reading] == [True, *[False] * (MAX_OPEN - 1)]


async def test_room_that_ended_leaves_no_transcript(make_chat, press: Press):
    chat, transcripts = make_chat(members=(ANN, BOB, OWNER)), Transcripts()
    chat.subscribe(transcripts.forget, RoomDeleted)
    talk = await chat.direct_rooms.post(ANN.id, [BOB.id], "Between us", "message01")
    async with chat.room_access.enter(ANN.id, talk.id) as room:
        assert await read(await transcripts.get(room, "My Chat", "txt", compressed=False)) == "Between us\n"
    await chat.departures.end(talk.id)
    assert (await chat.direct_rooms.open(ANN.id, [BOB.id])).id == talk.id
    async with chat.room_access.enter(ANN.id, talk.id) as room:
        assert await read(await transcripts.get(room, "My Chat", "txt", compressed=False)) == ""
    transcripts.close()


async def test_closing_ends_a_long_rendering(chat, get: Get, press: Press, monkeypatch, transcripts: Transcripts):
    monkeypatch.setattr(module, "SLICE", 0)
    await chat.messages.post(ANN.id, LOBBY, "Hello", "message01")
    press.runs.clear()
    running = asyncio.create_task(get("txt", compressed=False))
    await asyncio.to_thread(press.has_begun.wait)
    transcripts.close()
    press.runs.set()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_change_in_one_room_spares_the_transcripts_of_others(make_chat, press: Press):
    chat, transcripts = make_chat(members=(ANN, BOB, OWNER)), Transcripts()
    chat.subscribe(transcripts.forget, *get_args(MessageEvent))
    tea = await chat.rooms.create(OWNER.id, "Tea")
    await chat.messages.post(ANN.id, tea.id, "Green", "message01")
    async with chat.room_access.enter(BOB.id, tea.id) as room:
        for text in ("Hello", "Bye"):
            assert await read(await transcripts.get(room, "My Chat", "txt", compressed=False)) == "Green\n"
            await chat.messages.post(ANN.id, LOBBY, text, f"message{len(text):02}")
        assert len(press.threads) == 1
        await chat.messages.post(ANN.id, tea.id, "Black", "message02")
        assert await read(await transcripts.get(room, "My Chat", "txt", compressed=False)) == "Green\nBlack\n"
    transcripts.close()


async def test_transcripts_kept_of_all_rooms_are_few(make_chat, press: Press):
    chat, transcripts = make_chat(members=(ANN, OWNER)), Transcripts()
    for number in range(2 * MAX_OPEN):
        info = await chat.rooms.create(OWNER.id, f"Room {number}")
        async with chat.room_access.enter(ANN.id, info.id) as room:
            await transcripts.get(room, "My Chat", "txt", compressed=False)
    assert len(transcripts._open) <= MAX_KEPT
    transcripts.close()
