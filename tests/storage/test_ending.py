"""Ending tasks of this process."""

import asyncio
from contextlib import suppress

import pytest

from chat.storage import ending
from chat.storage.ending import end


async def test_tasks_end_although_one_loses_a_cancellation(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(ending, "AGAIN_AFTER", 0.01)

    async def wait_twice() -> None:
        with suppress(asyncio.CancelledError):
            await asyncio.sleep(60)
        await asyncio.sleep(60)

    tasks = [asyncio.create_task(each) for each in (wait_twice(), asyncio.sleep(60), asyncio.sleep(0))]
    await asyncio.sleep(0)
    await asyncio.wait_for(end(*tasks, None), 5)
    assert [task.cancelled() for task in tasks] == [True, True, False]
