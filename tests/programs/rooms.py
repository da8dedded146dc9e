"""Measures what many rooms cost: the start of a chat, and the memory of a room that nobody looks at.

`python -m tests.programs.rooms [--rooms 1000] [--messages 100]`
"""

import argparse
import asyncio
import gc
import os
import tempfile
import time
from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import psutil

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.messages.history import History
from chat.domain.messages.message import Message
from chat.domain.rooms.directory import RoomDirectory
from chat.domain.rooms.room_info import RoomInfo, RoomKind
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.storage.json_files.history.history_format import dump_log
from chat.storage.json_files.rooms import _dump
from chat.storage.json_files.stores import json_stores
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN = Member("ann", parse_nickname("Ann"))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_chat(folder)  # so that modules and caches don't count
        before = memory()
        empty, seconds = await start_and_measure(folder)
        print(f"start with the lobby alone: {seconds * 1000:.0f} ms")
        write_rooms(folder, options.rooms, options.messages)
        chat, seconds = await start_and_measure(folder)
        print(f"start with {options.rooms} rooms of {options.messages} messages: {seconds * 1000:.0f} ms")
        print(f"memory of an idle room: {(memory() - before) / options.rooms / 1000:.1f} KB")
        idle = memory()
        ids = [room.id for room in chat.directory][1:]
        began = time.perf_counter()
        for room_id in ids:
            async with chat.enter("ann", room_id):
                pass
        took = time.perf_counter() - began
        print(f"loading a room: {took / len(ids) * 1000:.1f} ms, {(memory() - idle) / len(ids) / 1000:.1f} KB")
        chat._loader._quiet = 0
        await chat._loader.unload_quiet()
        gc.collect()
        left = sum(isinstance(found, Message) for found in gc.get_objects())
        print(f"messages in memory after unloading: {left} of {len(ids) * options.messages}")
        del empty


def start_chat(folder: Path) -> Chat:
    password = SharedPassword("correct horse")
    chat = Chat(json_stores(folder, 100), password, grace=timedelta(seconds=10), message_rate="1000 per minute")
    chat.members.connect(ANN, "tab")
    return chat


async def start_and_measure(folder: Path) -> tuple[Chat, float]:
    began = time.perf_counter()
    return start_chat(folder), time.perf_counter() - began


def write_rooms(folder: Path, rooms: int, messages: int) -> None:
    infos = [RoomInfo(f"room{n}", RoomKind.PUBLIC, f"Room {n}", f"room-{n}", "Tea", "ann", NOON) for n in range(rooms)]
    (folder / "rooms.json").write_bytes(_dump(RoomDirectory(infos), ()))
    (folder / "rooms").mkdir()
    history = History(messages, messages_of(messages), last=messages)
    for info in infos:
        (folder / "rooms" / f"{info.id}.json").write_bytes(b"".join(dump_log(history)))


def messages_of(count: int) -> Iterable[Message]:
    first = Message("message00000", "room", "ann", "Ann", "Shall we have tea, or rather cake, tomorrow?", NOON)
    for number in range(1, count + 1):
        yield replace(first, id=f"message{number:05}", at=NOON + timedelta(minutes=number), number=number)


def memory() -> int:
    gc.collect()
    return psutil.Process(os.getpid()).memory_info().rss


if __name__ == "__main__":
    asyncio.run(main())
