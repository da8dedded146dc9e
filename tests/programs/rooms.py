"""Measures what many rooms cost: the start of a chat and a page load, and the memory of a room that nobody looks at.

`python -m tests.programs.rooms [--rooms 1000] [--messages 100]`
"""

import argparse
import asyncio
import gc
import os
import tempfile
import time
from datetime import timedelta
from pathlib import Path

import psutil

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.users import Member
from chat.state.chat import Chat
from chat.storage.json_files.stores import json_stores
from chat.text.nicknames import parse_nickname
from tests.support.raw_page import RawPage
from tests.support.server import Server
from tests.support.stored_rooms import write_many_rooms

PAGE_LOADS = 30
AT_ONCE = 50
ANN = Member("ann", parse_nickname("Ann"))


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rooms", type=int, default=1000)
    parser.add_argument("--messages", type=int, default=100)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        await measure_program(Path(name), options.rooms, options.messages)
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        start_chat(folder)  # so that modules and caches don't count
        before = memory()
        empty, seconds = await start_and_measure(folder)
        print(f"start with the lobby alone: {seconds * 1000:.0f} ms")
        write_many_rooms(folder, options.rooms, options.messages)
        chat, seconds = await start_and_measure(folder)
        print(f"start with {options.rooms} rooms of {options.messages} messages: {seconds * 1000:.0f} ms")
        print(f"memory of an idle room: {(memory() - before) / options.rooms / 1000:.1f} KB")
        await measure_loading(chat)
        del empty


async def measure_loading(chat: Chat) -> None:
    """Load and unload all rooms, fifty at a time, twice: Python keeps what is freed, but must use it again."""
    ids, idle, took = [room.id for room in chat.directory][1:], memory(), 0.0
    chat._loader._quiet = 0
    for turn in "once", "twice":
        for first in range(0, len(ids), AT_ONCE):
            before, began = memory(), time.perf_counter()
            for room_id in ids[first : first + AT_ONCE]:
                async with chat.room_access.enter(ANN.id, room_id):
                    pass
            took += time.perf_counter() - began
            if not first and turn == "once":
                print(f"memory of a loaded room: {(memory() - before) / AT_ONCE / 1000:.0f} KB")
            await chat._loader.unload_quiet()
        kept = (memory() - idle) / 1e6
        print(f"memory kept when all were loaded and unloaded {turn}, {AT_ONCE} at a time: {kept:.1f} MB")
    print(f"loading a room: {took / len(ids) / 2 * 1000:.1f} ms")


async def measure_program(folder: Path, rooms: int, messages: int) -> None:
    """Start `python main.py` with the lobby alone and with all rooms, and load pages."""
    server = Server(folder / "data")
    alone = await start_and_load(server)
    print(f"main.py with the lobby alone: {alone}")
    write_many_rooms(server.data_dir, rooms, messages)
    print(f"main.py with {rooms} rooms of {messages} messages: {await start_and_load(server)}")


async def start_and_load(server: Server) -> str:
    """Return how long the program takes until it answers, and what a page load takes, with its memory before."""
    began = time.perf_counter()
    process = psutil.Process((await asyncio.to_thread(server.start)).process.pid)  # type: ignore[union-attr]
    started, cpu_of_start, rss = time.perf_counter() - began, cpu(process), process.memory_info().rss
    async with RawPage(server.url, "Ann", patience=10) as page:
        await page.open()
        before = cpu(process)
        for _ in range(PAGE_LOADS):
            await page.close()
            await page.open()
        used = (cpu(process) - before) / PAGE_LOADS
        await page.close()
    server.stop()
    start = f"starts in {started:.2f} s, with {cpu_of_start:.2f} s of CPU and {rss / 1e6:.1f} MB"
    return f"{start}; a page load takes {used * 1000:.1f} ms of CPU"


def cpu(process: psutil.Process) -> float:
    return sum(process.cpu_times()[:2])


def start_chat(folder: Path) -> Chat:
    password = SharedPassword("correct horse")
    chat = Chat(json_stores(folder, 100), password, grace=timedelta(seconds=10), message_rate="1000 per minute")
    chat.members.connect(ANN, "tab")
    return chat


async def start_and_measure(folder: Path) -> tuple[Chat, float]:
    began = time.perf_counter()
    return start_chat(folder), time.perf_counter() - began


def memory() -> int:
    gc.collect()
    return psutil.Process(os.getpid()).memory_info().rss


if __name__ == "__main__":
    asyncio.run(main())
