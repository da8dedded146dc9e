"""A simulated life: people come and go, type, write, react and reload, fifty times as fast as people do.

`python -m tests.programs.scale --life MINUTES`. What matters is that memory doesn't grow with time.
"""

import asyncio
import random
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from uuid import uuid4

import aiohttp
import psutil

from tests.programs.load_page import TEXT, UNLIMITED, Page
from tests.support.server import Server

SPEED = 50
MINUTE = 60 / SPEED  # of that life, in seconds
STAYS, IS_AWAY = 30 * MINUTE, 15 * MINUTE
WRITES_EVERY, RELOADS_EVERY, REACTS_EVERY = 4 * MINUTE, 12 * MINUTE, 8 * MINUTE
TYPES_FOR = 0.3 * MINUTE
STRANGERS = 0.2  # of those who come: new guests, with new sessions; the others come back
SAMPLE = 5.0  # seconds
PATIENCE = 120.0  # seconds
ROWS = 12  # of the table
MAX_GROWTH = 1.05  # of the last third next to the middle third
EMOJIS = "👍🎉🚀🔥"
MB = 1e6


async def live(minutes: float, people: int, seed: int) -> str:
    """Simulate so many minutes, and return the table."""
    chance = random.Random(seed)
    with tempfile.TemporaryDirectory(prefix="life-") as folder:
        server = Server(Path(folder) / "data", **UNLIMITED, CHAT_GRACE="1").start(PATIENCE)
        assert server.process
        life = Life(server.url, psutil.Process(server.process.pid))
        ends_at = time.monotonic() + 60 * minutes
        lives = [Person(life, random.Random(chance.random()), number).live(ends_at) for number in range(people)]
        try:
            await asyncio.gather(life.watch(ends_at), *lives)
        finally:
            server.kill()
        tracebacks = server.output.count("Traceback")
    return life.report(people, tracebacks)


class Life:
    """The chat, what happened there, and its memory over time in bytes."""

    def __init__(self, url: str, process: psutil.Process) -> None:
        self.url = url
        self._process = process
        self._began = time.monotonic()
        self.done: Counter[str] = Counter()
        self.posted: list[str] = []
        self.open_pages = 0
        self._samples: list[tuple[float, int, int, Counter[str]]] = []

    async def watch(self, ends_at: float) -> None:
        while time.monotonic() < ends_at:
            await asyncio.sleep(SAMPLE)
            memory = self._process.memory_info().rss
            self._samples.append((time.monotonic() - self._began, memory, self.open_pages, self.done.copy()))

    def note_message(self, message_id: str) -> None:
        self.done["messages"] += 1
        self.posted = [*self.posted[-20:], message_id]

    def report(self, people: int, tracebacks: int) -> str:
        """Return the table, and whether memory is flat."""
        kinds = ("joined", "came back", "reloads", "messages", "reactions", "failed")
        lines = [f"| minute | memory | open pages | {' | '.join(kinds)} |", f"|{'---|' * (3 + len(kinds))}"]
        step = max(1, len(self._samples) // ROWS)
        for seconds, memory, pages, done in self._samples[step - 1 :: step]:
            counts = " | ".join(f"{done[kind]:,}" for kind in kinds)
            lines.append(f"| {seconds / 60:.1f} | {memory / MB:.0f} MB | {pages} | {counts} |")
        third = max(1, len(self._samples) // 3)
        growth = self._memory(self._samples[-third:]) / self._memory(self._samples[-2 * third : -third])
        is_flat = "flat" if growth <= MAX_GROWTH else "**not flat**"
        return "\n".join(lines) + (
            f"\n\nMemory of the last third is {growth:.2f} × that of the middle third, of at most {MAX_GROWTH} "
            f"({is_flat}); {people} people at {SPEED} times real speed; {tracebacks} tracebacks."
        )

    def _memory(self, samples: list[tuple[float, int, int, Counter[str]]]) -> float:
        return median(memory for _, memory, *_ in samples or self._samples)


class Person:
    """Somebody who comes and goes; now and then, somebody else comes in their place."""

    def __init__(self, life: Life, chance: random.Random, number: int) -> None:
        self._life = life
        self._chance = chance
        self._number = number
        self._page: Page | None = None
        self._ends_at = 0.0

    async def live(self, ends_at: float) -> None:
        self._ends_at = ends_at
        await self._sleep(IS_AWAY)
        while time.monotonic() < ends_at:
            try:
                async with asyncio.timeout_at(asyncio.get_running_loop().time() + ends_at - time.monotonic()):
                    await self._visit()
            except (aiohttp.ClientError, AssertionError, OSError) as problem:
                if time.monotonic() < ends_at:
                    self._life.done["failed"] += 1
                    print(f"{type(problem).__name__}: {problem}"[:200])
            await self._sleep(IS_AWAY)
        if self._page:
            await self._page.close()

    async def _visit(self) -> None:
        page = await self._come()
        try:
            await page.open()
            self._life.open_pages += 1
            try:
                await self._be_there(page)
            finally:
                self._life.open_pages -= 1
        finally:
            await page.disconnect()

    async def _come(self) -> Page:
        if self._page and self._chance.random() > STRANGERS:
            self._life.done["came back"] += 1
            return self._page
        if self._page:
            await self._page.close()
        self._page = Page(self._life.url)
        await self._page.join(f"Person {self._number} {uuid4().hex[:6]}")
        self._life.done["joined"] += 1
        return self._page

    async def _be_there(self, page: Page) -> None:
        acts = {self._write: WRITES_EVERY, self._reload: RELOADS_EVERY, self._react: REACTS_EVERY}
        leaves_at = time.monotonic() + self._chance.expovariate(1 / STAYS)
        while True:
            rate = sum(1 / every for every in acts.values())
            pause = self._chance.expovariate(rate)
            if time.monotonic() + pause > leaves_at:
                await asyncio.sleep(max(0.0, leaves_at - time.monotonic()))
                return
            await asyncio.sleep(pause)
            [act] = self._chance.choices([*acts], [1 / every for every in acts.values()])
            await act(page)

    async def _write(self, page: Page) -> None:
        await page.type()
        await asyncio.sleep(TYPES_FOR)
        message_id = uuid4().hex[:12]
        await page.post(message_id, TEXT)
        self._life.note_message(message_id)

    async def _react(self, page: Page) -> None:
        if self._life.posted:
            await page.react(self._chance.choice(self._life.posted), self._chance.choice(EMOJIS))
            self._life.done["reactions"] += 1

    async def _reload(self, page: Page) -> None:
        await page.disconnect()
        await page.open()
        self._life.done["reloads"] += 1

    async def _sleep(self, mean: float) -> None:
        pause = self._chance.expovariate(1 / mean)
        await asyncio.sleep(max(0.0, min(pause, self._ends_at - time.monotonic())))
