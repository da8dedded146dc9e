"""Processes of their own for what comes from strangers: parsers and decoders have bugs."""

import asyncio
import json
import sys
from contextlib import suppress
from pathlib import Path
from typing import Any

import structlog

ROOT = Path(__file__).parents[2]

log = structlog.get_logger()


async def run_worker(module: str, *arguments: str, given: bytes = b"", seconds: float) -> dict[str, Any] | None:
    """Run a module that reads `given` and prints a JSON object, and return that; None if it fails or takes too long."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", module, *arguments,
        cwd=ROOT, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
    )  # fmt: skip
    try:
        output, _ = await asyncio.wait_for(process.communicate(given), seconds)
    except TimeoutError:
        log.warning("a worker took too long", module=module, seconds=seconds)
        output = b""
    finally:
        with suppress(ProcessLookupError):
            process.kill()
        await process.wait()
    try:
        found: dict[str, Any] = json.loads(output)
    except ValueError:  # the process ran out of time or memory, or crashed
        return None
    return found
