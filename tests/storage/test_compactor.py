"""The journal is compacted after a number of events, or after some time."""

import asyncio
from collections.abc import Callable

import pytest

from chat.storage.json_files.disk import compaction
from chat.storage.json_files.disk.compaction import Compactor


class Compaction:
    """A compaction that waits for `gate`, counts its runs, and fails unless `works`."""

    def __init__(self) -> None:
        self.done = self.running = self.most_at_once = 0
        self.works = True
        self.gate = asyncio.Event()
        self.gate.set()

    async def __call__(self) -> bool:
        self.running += 1
        self.most_at_once = max(self.most_at_once, self.running)
        await self.gate.wait()
        self.running -= 1
        self.done += 1
        return self.works


async def eventually(condition: Callable[[], bool]) -> None:
    async with asyncio.timeout(10):
        while not condition():  # noqa: ASYNC110 (a counter has no event to wait for)
            await asyncio.sleep(0.002)


async def test_compactions_never_overlap_and_none_is_skipped():
    compact = Compaction()
    compactor = Compactor(compact, 10, 60)
    compact.gate.clear()
    compactor.count(10)
    await eventually(lambda: compact.running == 1)
    for _ in range(25):
        compactor.count(1)
    compact.gate.set()
    await eventually(lambda: compact.done == 2)
    assert compact.most_at_once == 1
    await compactor.stop()


async def test_delay_counts_from_the_first_event_even_during_a_compaction():
    compact = Compaction()
    compactor = Compactor(compact, 10, 0.02)
    compact.gate.clear()
    compactor.count(10)
    await eventually(lambda: compact.running == 1)
    compactor.count(1)
    await asyncio.sleep(0.05)
    compact.gate.set()
    await eventually(lambda: compact.done == 2)
    await compactor.stop()


async def test_failed_compaction_is_retried_without_new_events(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(compaction, "RETRY_AFTER", 0.01)
    failing = Compaction()
    failing.works = False
    compactor = Compactor(failing, 1, 60)
    compactor.count(1)
    await eventually(lambda: failing.done == 3)
    failing.works = True
    await compactor.stop()


async def test_nothing_is_compacted_without_pending_events():
    compact = Compaction()
    compactor = Compactor(compact, 10, 0.01)
    compactor.count(5)
    compactor.reset()
    compactor.count(0)
    compactor.reset()
    await asyncio.sleep(0.03)
    await compactor.stop()
    assert compact.done == 0
