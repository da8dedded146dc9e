"""The load meter for many rooms: `python -m tests.programs.load --rooms 50`.

Pages are spread over the rooms. Measured is what a message costs those who look at another room, and what it costs to
show another room in a page, next to loading one.
"""

import argparse
import asyncio
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from uuid import uuid4

import psutil
from playwright.async_api import async_playwright

from tests.programs.load_floor import Watch
from tests.programs.load_page import TEXT, UNLIMITED, Page
from tests.programs.room_tab import HISTORY, last_of, load_room, path_of, show_room
from tests.support.chromium import chromium
from tests.support.people import Person
from tests.support.server import Server
from tests.support.stored_rooms import write_many_rooms

QUIET = 0.6  # seconds, after which nothing more comes because of a message
SETTLED = 5.0  # seconds, after which all pages know who is here
COUNTED = 20  # rooms in which frames are counted
ROUNDS = 10
SWITCHES = 20  # in a round
SWITCHES_IN_BROWSER = 40
LOADS_IN_BROWSER = 10
MAX_SWITCH_CPU, MAX_SWITCH = 5, 150  # ms


async def measure_rooms(options: argparse.Namespace) -> str:
    """Measure, and return the table."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        server = Server(Path(folder) / "data", **UNLIMITED)
        write_many_rooms(server.data_dir, options.rooms, HISTORY)
        meter = Meter(server, options)
        try:
            await meter.measure()
            await meter.measure_in_browser()
        finally:
            await meter.close()
    return meter.report()


class RoomPage(Page):
    """A page that shows one of the rooms, by its number."""

    def __init__(self, url: str, room: int) -> None:
        super().__init__(url)
        self._look_at(room)

    async def say(self) -> Watch:
        """Post a message; return what watches for it."""
        message_id = uuid4().hex[:12]
        watch = Watch(f"m-{message_id}", [self])
        await self.post(message_id, TEXT)
        return watch

    async def switch(self, room: int) -> None:
        """Show another room in the page, as its link does."""
        shown = Watch(last_of(room), [self])
        await self._fire(self._links, "vnodeMounted", path_of(room), "", "push")
        assert not await shown.wait(20), f"room {room} was not shown"
        self._look_at(room)

    def _look_at(self, room: int) -> None:
        self.room, self.room_id, self.sign = room, f"room{room}", last_of(room)
        self.path = path_of(room)


class Meter:
    """The pages, and what was measured; times in seconds."""

    def __init__(self, server: Server, options: argparse.Namespace) -> None:
        self._server = server
        self._rooms: int = options.rooms
        self._idle_for: float = options.idle
        self.pages = [RoomPage(server.url, number % options.rooms) for number in range(options.pages)]
        self.readers = [page for page in self.pages if page.room == 0]
        self.onlookers = [page for page in self.pages if page.room]
        self.first_frames: list[int] = []
        self.later_frames: list[int] = []
        self.cpu: dict[str, list[float]] = {}
        self.seconds: dict[str, list[float]] = {}
        self._idle = 0.0

    async def measure(self) -> None:
        self._server.start()
        for number, page in enumerate(self.pages):
            await page.join(f"Person {number}")
        self._server.stop()  # so that what is left of the welcome cards doesn't count
        self._server.start()
        assert self._server.process
        self._process = psutil.Process(self._server.process.pid)
        for page in self.readers:
            await page.open()
        await self._talk("alone")
        for page in self.onlookers:
            await page.open()
        await asyncio.sleep(SETTLED)
        await self._count_frames()
        for _ in range(2):
            await self._talk("with onlookers")
        for name, act in {"load": self._load, "switch": self._switch}.items():
            self.cpu[name] = [await self._cpu(SWITCHES, act) for _ in range(ROUNDS)]

    async def measure_in_browser(self) -> None:
        async with async_playwright() as playwright:
            browser = await playwright.chromium.launch(executable_path=chromium(), args=["--no-sandbox"])
            tab = await (await browser.new_context(viewport={"width": 1280, "height": 800})).new_page()
            await tab.goto(self._server.url)
            await Person(tab, self._server.url).join("Zoe")
            rooms = [1 + number % (self._rooms - 1) for number in range(SWITCHES_IN_BROWSER)]
            self.seconds["switch"] = [await show_room(tab, room) for room in rooms]
            self.seconds["load"] = [await load_room(tab, self._server.url, room) for room in rooms[:LOADS_IN_BROWSER]]
            await browser.close()

    async def close(self) -> None:
        await asyncio.gather(*(page.close() for page in self.pages))
        if self._server.process:
            self._server.stop()

    async def _talk(self, name: str) -> None:
        """Measure the CPU of a message in room 0."""
        await asyncio.sleep(QUIET)
        before, began = self._used(), time.perf_counter()
        await asyncio.sleep(self._idle_for)
        self._idle = (self._used() - before) / (time.perf_counter() - began)
        self.cpu.setdefault(name, []).append(await self._cpu(len(TEXT), lambda: self._say(self.readers[0])))

    async def _count_frames(self) -> None:
        """Count what a message in each room sends to those who look at another, and a second one to the same."""
        for counted in (self.first_frames, self.later_frames):
            for page in self.pages[: min(COUNTED, self._rooms)]:
                others = [other for other in self.pages if other.room != page.room]
                await asyncio.sleep(QUIET)
                before = [other.frames for other in others]
                await self._say(page)
                await asyncio.sleep(QUIET)
                counted += [other.frames - frames for other, frames in zip(others, before, strict=True)]

    async def _say(self, page: RoomPage) -> None:
        assert not await (await page.say()).wait(20), "a message was lost"

    async def _switch(self) -> None:
        page = random.choice(self.onlookers)
        await page.switch(random.choice([room for room in range(1, self._rooms) if room != page.room]))

    async def _load(self) -> None:
        page = random.choice(self.onlookers)
        await page.disconnect()
        await page.open()

    async def _cpu(self, times: int, act: Callable[[], Awaitable[None]]) -> float:
        """Return the server's CPU time for an action, without what it takes when idle."""
        before, began = self._used(), time.perf_counter()
        for _ in range(times):
            await act()
        return (self._used() - before - self._idle * (time.perf_counter() - began)) / times

    def _used(self) -> float:
        times = self._process.cpu_times()
        return times.user + times.system

    def report(self) -> str:
        alone, with_onlookers = median(self.cpu["alone"]), median(self.cpu["with onlookers"])
        switch, load = median(self.cpu["switch"]), median(self.cpu["load"])
        shown, loaded = median(self.seconds["switch"]), median(self.seconds["load"])
        rows = [
            ("frames of a message for who looks at another room, at most", max(self.first_frames), "1"),
            ("frames of a second one, at most", max(self.later_frames), "0"),
            (f"CPU of a message, {len(self.readers)} readers", f"{alone * 1e3:.2f} ms", ""),
            (f"the same, with {len(self.onlookers)} pages in other rooms", f"{with_onlookers * 1e3:.2f} ms", ""),
            ("CPU to show another room, median", f"{switch * 1e3:.1f} ms", f"{MAX_SWITCH_CPU} ms"),
            ("CPU to load a page, median", f"{load * 1e3:.1f} ms", ""),
            ("to show another room in Chromium, median", f"{shown * 1e3:.0f} ms", f"{MAX_SWITCH} ms"),
            ("to load a page in Chromium, median", f"{loaded * 1e3:.0f} ms", ""),
            ("showing next to loading, CPU; time in Chromium", f"{switch / load:.2f}; {shown / loaded:.2f}", ""),
        ]
        lines = [f"| {' | '.join(map(str, row))} |" for row in rows]
        return "\n".join(("| figure | value | at most |", "|---|---|---|", *lines))
