"""Makes pictures anew in a worker process, with limits on pixels, time and memory."""

import asyncio
import os
from dataclasses import dataclass
from pathlib import Path

from chat.domain.errors import FileRefused
from chat.media.workers import run_worker

WORKER = "chat.media.picture_worker"
TIMEOUT = 60.0  # seconds
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture that was made anew: its SHA-256, type and size, and what the page needs to make room for it."""

    content: str
    type: str
    size: int
    width: int
    height: int
    placeholder: str
    is_animated: bool


class Pictures:
    """Makes pictures anew, few at a time."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._turns = asyncio.Semaphore(AT_ONCE)

    async def remake(self, source: Path, full: Path, small: Path) -> Picture | None:
        """Write the picture in `source`, without its metadata, to `full`, and a small one; None if it is no picture.

        Raises `FileRefused`: `picture-broken`, `picture-too-large`.
        """
        async with self._turns:
            paths = map(str, map(Path.absolute, (source, full, small)))
            result = await run_worker(WORKER, *paths, seconds=self._timeout) or {"problem": "picture-broken"}
        problem = result.get("problem")
        if problem == "unknown":
            return None
        if problem:
            raise FileRefused(str(problem))
        return Picture(**result)
