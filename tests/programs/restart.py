"""What a restart costs: all pages come back at the same time, built again by the server, or loaded again.

python -m tests.programs.restart [--pages 200]
"""

import argparse
import asyncio
import logging
import random
import tempfile
import time
from collections.abc import Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path

import psutil

from tests.programs.load_history import HISTORY, write_formatted
from tests.programs.load_page import UNLIMITED, address_of
from tests.support.raw_page import RawPage
from tests.support.server import Server

WAYS: dict[str, Callable[[RawPage], Awaitable[None]]] = {"built again": RawPage.come_back, "loaded": RawPage.open}
ROUNDS = 3
PATIENCE = 60  # seconds


async def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200, help="open pages (default 200)")
    count = parser.parse_args().pages
    logging.disable()  # connections end with the server
    with tempfile.TemporaryDirectory(prefix="restart-") as folder:
        server = Server(Path(folder) / "data", CHAT_TRUSTED_HOPS="1", **UNLIMITED)
        write_formatted(server.history_file, HISTORY)
        server.start()
        async with AsyncExitStack() as stack:
            pages = [
                await stack.enter_async_context(
                    RawPage(server.url, f"Person {number}", patience=PATIENCE, address=address_of(number))
                )
                for number in range(count)
            ]
            for page in pages:
                await page.open()
            for way, come_back in WAYS.items():
                print(f"{count} pages {way}:")
                for _ in range(ROUNDS):
                    print("  " + await measure(server, pages, come_back))
        server.stop()


async def measure(server: Server, pages: list[RawPage], come_back: Callable[[RawPage], Awaitable[None]]) -> str:
    """Restart the server; return what it costs until all pages have their content again."""
    server.stop()
    server.start()
    assert server.process
    process = psutil.Process(server.process.pid)
    cpu, start, times, failures = _cpu(process), time.perf_counter(), [], []

    async def back(page: RawPage) -> None:
        while True:
            try:
                await come_back(page)
            except ConnectionError as error:  # a browser tries again, too
                failures.append(error)
                await asyncio.sleep(random.uniform(0.5, 1.5))
            else:
                break
        times.append(time.perf_counter() - start)

    await asyncio.gather(*map(back, pages))
    each, half, last = 1000 * (_cpu(process) - cpu) / len(pages), times[len(times) // 2], times[-1]
    return f"CPU {each:.1f} ms each; half of them after {half:.1f} s, all after {last:.1f} s; {len(failures)} retries"


def _cpu(process: psutil.Process) -> float:
    times = process.cpu_times()
    return times.user + times.system


if __name__ == "__main__":
    asyncio.run(main())
