"""Ending tasks of this process."""

import asyncio
from typing import Any

AGAIN_AFTER = 0.5  # seconds


async def end(*tasks: asyncio.Task[Any] | None) -> None:
    """Cancel tasks and wait for them.

    If a timeout within a task ends at the same moment, that takes the place of the cancellation; so it is repeated.
    """
    pending = {task for task in tasks if task and not task.done()}
    while pending:
        for task in pending:
            task.cancel()
        _, pending = await asyncio.wait(pending, timeout=AGAIN_AFTER)
