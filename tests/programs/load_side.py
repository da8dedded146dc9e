"""One side of the load test: a server and its pages."""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

import psutil

from tests.programs.load_floor import Watch

WARM_UP = 20
KINDS = ("reply", "edit", "reaction")


@dataclass
class Side:
    """One of the two servers, its pages and measurements; times in seconds, memory in bytes."""

    pages: list
    process: psutil.Process | None = None
    cpu_per_delivery: list[float] = field(default_factory=list)
    cpu_by_kind: dict[str, list[float]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    latencies: list[float] = field(default_factory=list)
    sizes: list[int] = field(default_factory=list)
    memory_per_page: float = 0
    cpu_per_page: float = 0
    idle: float = 0
    storm: float = 0
    storm_cpu: float = 0
    posted: list[tuple[Any, str]] = field(default_factory=list)

    def cpu(self) -> float:
        """Return the CPU time that the server has used."""
        times = self.process.cpu_times()
        return times.user + times.system

    def latency(self, percent: float) -> float:
        """Return the latency within which `percent` of all deliveries arrive."""
        return sorted(self.latencies)[round(percent / 100 * (len(self.latencies) - 1))]

    async def open(self) -> None:
        """Open all pages; what each takes is measured after the first ones."""
        first, others = self.pages[:WARM_UP], self.pages[WARM_UP:]
        for page in first:
            await page.open()
        await asyncio.sleep(1)
        cpu, memory = self.cpu(), self.process.memory_info().rss
        for page in others:
            await page.open()
        await asyncio.sleep(1)
        self.cpu_per_page = (self.cpu() - cpu) / len(others)
        self.memory_per_page = (self.process.memory_info().rss - memory) / len(others)

    async def start_storm(self, sign: str) -> None:
        """Open all pages at once, until all of them have `sign`."""
        all_in, cpu, began = Watch(sign, self.pages), self.cpu(), time.perf_counter()
        await asyncio.gather(*(page.open() for page in self.pages))
        assert not await all_in.wait(60), f"not every page saw {sign}"
        self.storm, self.storm_cpu = time.perf_counter() - began, self.cpu() - cpu
