"""A chat with many rooms, killed at any moment: what was confirmed is there, once, and what ended stays gone."""

import asyncio
import json
import os
import random
import signal
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path
from typing import NoReturn
from uuid import uuid4

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import LOBBY
from chat.state import clock
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from tests.unit.state.support import ANN, BOB, OWNER, build_chat

ROOMS = [LOBBY, "Tea", "Cake", "Milk", "Plans"]
MAX_KILLS = 20
LIMITS = {"rewritten": 100, "journal": 10_000}
PAUSE = 0.02  # seconds at most: fewer messages between two kills than a short history keeps, and soon checked

Report = Callable[..., None]


@dataclass
class Confirmed:
    """What the killed processes had confirmed."""

    posted: dict[str, list[str]] = field(default_factory=lambda: defaultdict(list))
    created: list[str] = field(default_factory=list)
    archived: list[str] = field(default_factory=list)
    private: list[str] = field(default_factory=list)  # texts of Ann and Bob since their room ended last
    ended: list[str] = field(default_factory=list)  # those of before
    numbers: dict[str, int] = field(default_factory=dict)

    def note(self, kind: str, value: str, room_id: str = "") -> None:
        match kind:
            case "posted":
                self.posted[room_id].append(value)
            case "ended":
                self.ended += self.private
                self.private.clear()
            case _:
                getattr(self, kind).append(value)


@pytest.mark.parametrize("kind", LIMITS)
@pytest.mark.parametrize("kills", [3, pytest.param(MAX_KILLS, marks=pytest.mark.exhaustive)])
def test_kills_while_rooms_are_written_created_archived_unloaded_and_deleted(tmp_path: Path, kind: str, kills: int):
    confirmed = Confirmed()
    for number in range(kills):
        for line in until_killed(tmp_path, kind, awaited={"posted"} if number else {"posted", "archived", "ended"}):
            confirmed.note(**json.loads(line))
        check(tmp_path, LIMITS[kind], confirmed)
    assert sum(map(len, confirmed.posted.values())) >= kills * len(ROOMS)
    assert all((confirmed.archived, confirmed.ended))
    asyncio.run(end_private_talk(tmp_path))


def until_killed(folder: Path, kind: str, awaited: set[str]) -> Iterator[bytes]:
    """Yield what a process reports until it is killed, at some time after it has reported what is awaited."""
    reading, writing = os.pipe()
    if (child := os.fork()) == 0:
        os.close(reading)
        run_and_exit(folder, kind, writing)
    os.close(writing)
    with open(reading, "rb") as reports:  # noqa: PTH123
        started = [reports.readline() for _ in ROOMS]
        while not awaited <= {json.loads(line)["kind"] for line in started}:
            started.append(reports.readline())
        time.sleep(random.uniform(0, 0.5))
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        yield from started
        *whole, _torn = reports.read().split(b"\n")
        yield from whole


def check(folder: Path, limit: int, confirmed: Confirmed) -> None:
    stores = json_stores(folder, limit)
    stores.verify()
    directory = stores.rooms.load()
    assert set(confirmed.created) <= {room.id for room in directory}
    assert all(is_archived(directory, room_id) for room_id in confirmed.archived)
    for room in directory:
        store = stores.messages if room.id == LOBBY else stores.histories.open(room.id)
        history = store.load()
        found = [message.id for message in history]
        assert len(set(found)) == len(found)
        assert set(confirmed.posted[room.id][MAX_KILLS - limit :]) <= set(found)  # each kill may leave one unconfirmed
        numbers = [message.number for message in history]
        assert numbers == sorted(set(numbers))
        assert numbers[-1:] <= [history.last]
        assert {confirmed.numbers.setdefault(message.id, message.number) - message.number for message in history} <= {0}
    for private in folder.glob("rooms/direct*"):
        content = private.read_text()
        assert not [text for text in confirmed.ended if text in content], "what ended came back"


def is_archived(directory: RoomDirectory, room_id: str) -> bool:
    room = directory.get(room_id)
    return room is not None and room.is_archived


async def end_private_talk(folder: Path) -> None:
    """Start without Bob, a guest: nothing of their private talk remains."""
    chat = build_chat(json_stores(folder, 100), ANN)
    await chat.departures.end_rooms_of_guests()
    assert not [room for room in chat.directory if room.id.startswith("direct")]
    assert not list(folder.glob("rooms/direct*"))
    await chat.close()


# The child process.


def run_and_exit(folder: Path, kind: str, writing: int) -> NoReturn:
    def report(**line: str) -> None:
        os.write(writing, json.dumps(line).encode() + b"\n")

    try:
        asyncio.run(live(folder, kind, report))
    finally:
        os._exit(1)


async def live(folder: Path, kind: str, report: Report) -> None:
    chat = build_chat(json_stores(folder, LIMITS[kind]), ANN, BOB, OWNER, message_rate="100000 per minute")
    chat.people.apply(AccountCreated(Account("ann", ANN.nickname, "", clock.now(), 1)))
    rooms = {room.name: room.id for room in chat.directory}
    for name in ROOMS[1:]:
        if name not in rooms:
            rooms[name] = (await chat.rooms.create("owner", name)).id
    ids = [LOBBY, *(rooms[name] for name in ROOMS[1:])]
    await asyncio.gather(
        *(write(chat, room_id, report) for room_id in ids),
        create_and_archive(chat, report),
        talk_privately(chat, report),
        keep_unloading(chat),
    )


async def write(chat: Chat, room_id: str, report: Report) -> None:
    for number in count():
        message_id = uuid4().hex[:12]
        await chat.messages.post("ann", room_id, f"Message {number}", message_id)
        report(kind="posted", value=message_id, room_id=room_id)
        await asyncio.sleep(random.uniform(0, PAUSE))


async def create_and_archive(chat: Chat, report: Report) -> None:
    for number in count():
        room = await chat.rooms.create("owner", f"Room {number}")
        report(kind="created", value=room.id)
        await chat.messages.post("ann", room.id, "Hello", uuid4().hex[:12])
        await chat.rooms.archive("owner", room.id)
        report(kind="archived", value=room.id)


async def talk_privately(chat: Chat, report: Report) -> None:
    while True:
        for _ in range(3):
            text = uuid4().hex
            room = await chat.direct_rooms.post("bob", ["ann"], text, uuid4().hex[:12])
            report(kind="private", value=text)
        await chat.departures.end(room.id)
        report(kind="ended", value=room.id)


async def keep_unloading(chat: Chat) -> None:
    chat._loader._quiet = 0
    while True:
        await chat._loader.unload_quiet()
        await asyncio.sleep(0.005)
