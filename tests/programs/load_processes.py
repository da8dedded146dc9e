"""The load meter for several processes: `python -m tests.programs.load --processes 2`.

Measured is what a message costs at one process that keeps its state in files, and at several with an engine, over which
the same number of pages is spread by hand. Its author reports typing first, as with `--slope`. A process has one core:
several carry as many times what one does as the busiest of them needs less CPU for a message.
"""

import argparse
import asyncio
import tempfile
import time
from collections.abc import Sequence
from operator import add, sub
from pathlib import Path
from uuid import uuid4

import psutil

from chat.web.security.connections.connection_limits import raise_file_limit
from tests.programs.load_floor import Watch
from tests.programs.load_page import TEXT, UNLIMITED, Page
from tests.support.engine import EngineProcess
from tests.support.server import Server

ROUNDS = 6
PATIENCE = 120.0  # seconds for a start, on a busy machine
SETTLED = 10.0  # seconds, after which all pages know who is here
PAUSE = 0.1  # seconds between messages
OF_EACH = 0.9  # of one process that each of several must carry at least


async def measure_processes(options: argparse.Namespace) -> str:
    """Measure, and return the table."""
    raise_file_limit()
    engine = EngineProcess()
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        shared = {**UNLIMITED, "CHAT_REDIS_URL": engine.url}
        several = [Server(Path(folder) / f"process{number}", **shared) for number in range(options.processes)]
        sides = [Side([Server(Path(folder) / "one", **UNLIMITED)], options.pages), Side(several, options.pages, engine)]
        try:
            for side in sides:
                await side.start()
            for side in sides:
                await side.open()
            await asyncio.sleep(SETTLED)
            for side in sides:
                await side.talk(2)
            for _ in range(ROUNDS):
                for side in sides:
                    await side.measure(options.messages // ROUNDS, options.idle / ROUNDS)
        finally:
            for side in sides:
                await side.close()
            engine.remove()
    return _report(*sides)


class Side:
    """The processes of one chat, its pages, and what a message cost each process; times in seconds."""

    def __init__(self, servers: Sequence[Server], pages: int, engine: EngineProcess | None = None) -> None:
        self._servers = servers
        self.pages = [Page(servers[number % len(servers)].url) for number in range(pages)]
        self._engine = engine
        self._processes: list[psutil.Process] = []
        count = len(servers) + (engine is not None)
        self._talking, self._resting = [0.0] * count, [0.0] * count
        self._talked = self._rested = 0.0
        self._messages = 0

    async def start(self) -> None:
        """Let people join, and start again, so that what is left of the welcome cards doesn't count."""
        self._start_all()
        for number, page in enumerate(self.pages):
            await page.join(f"Person {number}")
        self._stop_all()
        self._start_all()

    async def open(self) -> None:
        for page in self.pages:
            await page.open()

    async def measure(self, messages: int, idle: float) -> None:
        """Rest, and then talk: what the pages cost without messages doesn't count."""
        before, began = self._cpu(), time.perf_counter()
        await asyncio.sleep(idle)
        self._resting = [*map(add, self._resting, map(sub, self._cpu(), before))]
        self._rested += time.perf_counter() - began
        before, began = self._cpu(), time.perf_counter()
        await self.talk(messages)
        self._talking = [*map(add, self._talking, map(sub, self._cpu(), before))]
        self._talked += time.perf_counter() - began
        self._messages += messages

    async def talk(self, messages: int) -> None:
        """Post messages from pages of all processes in turn."""
        for number in range(messages):
            page = self.pages[number * 37 % len(self.pages)]
            await page.type()
            message_id = uuid4().hex[:12]
            watch = Watch(f"m-{message_id}", self.pages)
            await page.post(message_id, TEXT)
            assert not await watch.wait(20), "a message was lost"
            await asyncio.sleep(PAUSE)

    def per_message(self) -> list[float]:
        """Return the CPU time of a message at each process; the last one is the engine, if there is one."""
        idle = [used / self._rested * self._talked for used in self._resting]
        return [(used - rest) / self._messages for used, rest in zip(self._talking, idle, strict=True)]

    async def close(self) -> None:
        await asyncio.gather(*(page.close() for page in self.pages))
        self._stop_all()

    def _start_all(self) -> None:
        for server in self._servers:
            server.start(PATIENCE)
        started = [*self._servers, *([self._engine] if self._engine else [])]
        self._processes = [psutil.Process(found.process.pid) for found in started if found.process]

    def _stop_all(self) -> None:
        for server in self._servers:
            if server.process:
                server.stop()

    def _cpu(self) -> list[float]:
        times = [process.cpu_times() for process in self._processes]
        return [found.user + found.system for found in times]


def _report(one: Side, several: Side) -> str:
    [alone], [*shares, engine] = one.per_message(), several.per_message()
    count, pages = len(shares), len(one.pages)
    rows = [
        ("CPU of a message, busiest process", f"{alone * 1e3:.1f} ms", f"{max(shares) * 1e3:.1f} ms", ""),
        ("CPU of a message, engine", "", f"{engine * 1e3:.1f} ms", ""),
        ("carried, next to one process", "1", f"{alone / max(shares):.2f} ×", f"at least {OF_EACH * count:g} ×"),
    ]
    head = f"| {pages} pages | one process, files | {count} processes, Valkey | limit |"
    return "\n".join((head, "|---|---|---|---|", *(f"| {' | '.join(row)} |" for row in rows)))
