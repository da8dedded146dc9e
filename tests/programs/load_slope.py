"""The load meter by slope: `python -m tests.programs.load --slope`.

Measured with some and with many pages: what a message costs for each page more; and with a handful: what it costs
however many there are. Its author reports typing first, and posts before that shows. Beside the chat, in the same run,
are three floors: a bare python-socketio room, bare WebSockets of aiohttp, and the smallest chat on NiceGUI.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import NamedTuple
from uuid import uuid4

import psutil

from tests.programs import load_floor, load_nicegui
from tests.programs.load_floor import BarePage, FloorPage, Watch
from tests.programs.load_nicegui import NiceguiPage
from tests.programs.load_page import TEXT, UNLIMITED, Page
from tests.support.server import ROOT, Server, free_port

HANDFUL, SOME, MANY = 5, 50, 350  # pages
ROUNDS = 4
SETTLED = 8.0  # seconds, after which all pages know who is here
PAUSE = 0.1  # seconds between messages
MAX_OF_SOCKETIO, MAX_OF_AIOHTTP, MAX_OF_NICEGUI = 0.4, 1.3, 1.5  # times


async def measure_slope(options: argparse.Namespace) -> str:
    """Measure, and return the table."""
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        server = Server(Path(folder) / "data", **UNLIMITED)
        socketio, aiohttp = _start_floor(), _start_floor("aiohttp")
        nicegui = start_nicegui(folder)
        sides = [
            Side([Page(server.url) for _ in range(MANY)]),
            Side([FloorPage(socketio.url) for _ in range(MANY)], socketio.process.pid),
            Side([BarePage(aiohttp.url) for _ in range(MANY)], aiohttp.process.pid),
            Side([NiceguiPage(nicegui.url) for _ in range(MANY)], nicegui.process.pid),
        ]
        try:
            await _join(server, sides[0])
            for count in HANDFUL, SOME, MANY:
                await _measure_with(sides, count, options)
        finally:
            await asyncio.gather(*(page.close() for side in sides for page in side.pages))
            for floor in socketio, aiohttp, nicegui:
                floor.process.terminate()
            if server.process:
                server.stop()
    return _report(*sides)


class Floor(NamedTuple):
    url: str
    process: subprocess.Popen[bytes]


def _start_floor(*kind: str) -> Floor:
    port = free_port()
    return Floor(f"http://127.0.0.1:{port}/", subprocess.Popen([sys.executable, load_floor.__file__, str(port), *kind]))


def start_nicegui(folder: str) -> Floor:
    """Start the smallest chat on NiceGUI, which keeps its files in `folder`."""
    port, environment = free_port(), {**os.environ, "NICEGUI_STORAGE_PATH": folder}
    command = [sys.executable, "-m", load_nicegui.__name__, str(port), folder]
    return Floor(f"http://127.0.0.1:{port}/", subprocess.Popen(command, cwd=ROOT, env=environment))


async def _join(server: Server, side: "Side") -> None:
    server.start()
    for number, page in enumerate(side.pages):
        await page.join(f"Person {number}")
    server.stop()  # so that what is left of the welcome cards doesn't count
    server.start()
    assert server.process
    side.process = psutil.Process(server.process.pid)


async def _measure_with(sides: "list[Side]", count: int, options: argparse.Namespace) -> None:
    for side in sides:
        await side.open(count)
    await asyncio.sleep(SETTLED)
    for side in sides:
        await side.talk(2, count=False)
        FloorPage.size = BarePage.size = sides[0].size
    for _ in range(ROUNDS):
        for side in sides:
            await side.rest(options.idle / ROUNDS)
            await side.talk(options.messages // ROUNDS)


class Side:
    """A server, its pages, and what a message cost by the number of pages; times in seconds."""

    def __init__(self, pages: list, pid: int | None = None) -> None:
        self.pages = pages
        self.process = psutil.Process(pid)  # the app's is known once it has started
        self.size = 0
        self._open: list = []
        self._rested = self._idle = 0.0
        self._used: dict[int, float] = {}
        self._frames: dict[int, int] = {}
        self._messages: dict[int, int] = {}

    async def open(self, count: int) -> None:
        for page in self.pages[len(self._open) : count]:
            await page.open()
        self._open = self.pages[:count]
        self._rested = self._idle = 0.0

    async def rest(self, seconds: float) -> None:
        before = self._cpu()
        await asyncio.sleep(seconds)
        self._rested += seconds
        self._idle += self._cpu() - before

    async def talk(self, messages: int, *, count: bool = True) -> None:
        before, began, frames = self._cpu(), time.perf_counter(), self._received()
        for number in range(messages):
            await self._say(self._open[number * 37 % len(self._open)])
            await asyncio.sleep(PAUSE)
        if count:
            used = self._cpu() - before - self._idle / self._rested * (time.perf_counter() - began)
            pages = len(self._open)
            self._used[pages] = self._used.get(pages, 0) + used
            self._frames[pages] = self._frames.get(pages, 0) + self._received() - frames
            self._messages[pages] = self._messages.get(pages, 0) + messages

    async def _say(self, page: Page | FloorPage) -> None:
        if isinstance(page, Page):
            await page.type()
        message_id = uuid4().hex[:12]
        watch = Watch(f"m-{message_id}", self._open)
        await page.post(message_id, TEXT)
        assert not await watch.wait(20), "a message was lost"
        self.size = watch.size

    def _cpu(self) -> float:
        times = self.process.cpu_times()
        return times.user + times.system

    def _received(self) -> int:
        return sum(page.frames for page in self._open)

    def per_message(self, pages: int) -> float:
        return self._used[pages] / self._messages[pages]

    @property
    def frames(self) -> float:
        """Frames of a message for each page."""
        return self._frames[MANY] / self._messages[MANY] / MANY

    @property
    def marginal(self) -> float:
        """The time that a message costs for each page more."""
        return (self.per_message(MANY) - self.per_message(SOME)) / (MANY - SOME)

    @property
    def fixed(self) -> float:
        """The time that a message costs however many pages there are."""
        return self.per_message(HANDFUL) - HANDFUL * self.marginal


def _report(app: Side, *floors: Side) -> str:
    sides = app, *floors
    per_frame = [side.marginal / side.frames for side in sides]
    of_socketio, of_aiohttp, _ = (per_frame[0] / floor for floor in per_frame[1:])
    rows = [
        ("CPU of a message for each page more", *(f"{side.marginal * 1e6:.0f} µs" for side in sides), ""),
        ("frames of it for each page", *(f"{side.frames:.1f}" for side in sides), ""),
        (
            "CPU of a frame",
            *(f"{used * 1e6:.0f} µs" for used in per_frame),
            f"{of_socketio:.2f} of at most {MAX_OF_SOCKETIO} × python-socketio's, "
            f"{of_aiohttp:.2f} of at most {MAX_OF_AIOHTTP} × aiohttp's",
        ),
        (
            "CPU of a message, fixed",
            *(f"{side.fixed * 1e3:.1f} ms" for side in sides),
            f"{app.fixed / floors[-1].fixed:.2f} of at most {MAX_OF_NICEGUI} × NiceGUI's",
        ),
        *(
            (f"CPU of a message, {pages} pages", *(f"{side.per_message(pages) * 1e3:.1f} ms" for side in sides), "")
            for pages in (HANDFUL, SOME, MANY)
        ),
    ]
    lines = [f"| {' | '.join(row)} |" for row in rows]
    return "\n".join(
        ("| figure | app | python-socketio | aiohttp | NiceGUI | limit |", "|---|---|---|---|---|---|", *lines)
    )
