"""Makes pictures anew in worker processes, with limits on pixels, time and memory."""

import asyncio
import json
import os
import sys
from asyncio.subprocess import DEVNULL, PIPE, Process
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import structlog

from chat.domain.errors import FileRefused
from chat.media.workers import ROOT

STARTER = "chat.media.picture_starter"
TIMEOUT = 60.0  # seconds for a picture
STARTING = 30.0  # seconds for the process that starts workers
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


@dataclass(frozen=True, slots=True)
class Crop:
    """The square of a picture that stands for a person.

    It is `zoom` times smaller than it could be, and so far from the left and the top: from 0 to 1. Faces are mostly
    a little above the middle.
    """

    across: float = 0.5
    down: float = 0.4
    zoom: float = 1.0


MIDDLE = Crop()


class Pictures:
    """Makes pictures anew, few at a time. The processes for that start with the first picture."""

    def __init__(self, timeout: float = TIMEOUT) -> None:
        self._timeout = timeout
        self._turns = asyncio.Semaphore(AT_ONCE)
        self._starters: list[Process] = []  # that have nothing to do

    async def remake(self, source: Path, full: Path, small: Path) -> Picture | None:
        """Write the picture in `source`, without its metadata, to `full`, and a small one; None if it is no picture.

        Raises `FileRefused`: `picture-broken`, `picture-too-large`; `OSError` if it can't be written.
        """
        return await self._make(_job({"source": source, "target": full, "small": small}))

    async def make_square(self, source: Path, target: Path, crop: Crop = MIDDLE) -> Picture | None:
        """Write a square of the picture in `source` as that of a person to `target`; None if it is no picture.

        Raises the same as `remake`.
        """
        return await self._make(_job({"source": source, "target": target}, crop=(crop.across, crop.down, crop.zoom)))

    async def close(self) -> None:
        """End the processes."""
        while self._starters:
            await _end(self._starters.pop())

    async def _make(self, job: str) -> Picture | None:
        async with self._turns:
            result = await self._ask(job) or {"problem": "picture-broken"}
        if "unwritable" in result:
            raise OSError(result["unwritable"])
        problem = result.get("problem")
        if problem == "unknown":
            return None
        if problem:
            raise FileRefused(str(problem))
        return Picture(**result)

    async def _ask(self, job: str) -> dict[str, Any] | None:
        """Hand a job to a process, and return what becomes of it; None if it fails."""
        starter = self._idle() or await self._start()
        assert starter.stdin
        assert starter.stdout
        try:
            starter.stdin.write(f"{job}\n".encode())
            async with asyncio.timeout(STARTING + self._timeout):
                result: dict[str, Any] | None = json.loads(await starter.stdout.readline())
            self._starters.append(starter)
        except (TimeoutError, ValueError, OSError) as problem:
            log.error("a process that makes pictures failed", problem=str(problem))
            return None
        finally:
            if starter not in self._starters:
                await _end(starter)
        return result

    def _idle(self) -> Process | None:
        """Return a process that has nothing to do; a system that runs out of memory ends such ones."""
        while self._starters:
            if (starter := self._starters.pop()).returncode is None:
                return starter
        return None

    async def _start(self) -> Process:
        return await asyncio.create_subprocess_exec(
            sys.executable, "-m", STARTER, str(self._timeout), cwd=ROOT, stdin=PIPE, stdout=PIPE, stderr=DEVNULL
        )


def _job(paths: dict[str, Path], **options: Any) -> str:
    return json.dumps({name: str(path.absolute()) for name, path in paths.items()} | options)


async def _end(starter: Process) -> None:
    with suppress(ProcessLookupError):
        starter.kill()
    await starter.wait()
