"""Makes pictures anew in a worker process, with limits on pixels, time and memory."""

import asyncio
import json
import os
import sys
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from chat.domain.errors import FileRefused

ROOT = Path(__file__).parents[2]
WORKER = "chat.media.picture_worker"
TIMEOUT = 60.0  # seconds
AT_ONCE = max(1, (os.cpu_count() or 1) // 2)

log = structlog.get_logger()


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
        return await self._make(source, full, small)

    async def make_square(self, source: Path, target: Path) -> Picture | None:
        """Write the picture in `source` as that of a person to `target`; None if it is no picture.

        Raises the same as `remake`.
        """
        return await self._make(source, target)

    async def _make(self, *paths: Path) -> Picture | None:
        async with self._turns:
            result = await self._run(*paths)
        problem = result.get("problem")
        if problem == "unknown":
            return None
        if problem:
            raise FileRefused(str(problem))
        return Picture(**result)

    async def _run(self, *paths: Path) -> dict[str, Any]:
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", WORKER, *map(str, map(Path.absolute, paths)),
            cwd=ROOT, stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            output, _ = await asyncio.wait_for(process.communicate(), self._timeout)
        except TimeoutError:
            log.warning("a picture took too long", seconds=self._timeout)
            output = b""
        finally:
            with suppress(ProcessLookupError):
                process.kill()
            await process.wait()
        try:
            found: dict[str, Any] = json.loads(output)
        except ValueError:  # the process ran out of time or memory, or crashed
            return {"problem": "picture-broken"}
        return found
