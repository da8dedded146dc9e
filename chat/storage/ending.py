"""Ending a task of this process."""

import asyncio
from typing import Any

AGAIN_AFTER = 0.5  # seconds


async def end(task: asyncio.Task[Any] | None) -> None:
    """Cancel a task and wait for it.

    If a timeout within the task ends at the same moment, that takes the place of the cancellation; so it is repeated.
    """
    while task and not task.done():
        task.cancel()
        await asyncio.wait([task], timeout=AGAIN_AFTER)
