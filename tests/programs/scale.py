"""The scale run: many people arrive at once, and then one of them writes a hundred messages.

`python -m tests.programs.scale` opens 1,000 pages within three seconds, then 3,000; half a minute later, one posts 100
messages in sequence. `--life MINUTES` simulates an ordinary life instead (`tests/programs/life.py`). Everything runs on
this machine, over 127.0.0.1; each person has an address and a session of their own. Prints a table, and exits with
status 1 if a message was lost.
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections import Counter
from pathlib import Path

import aiohttp
import psutil

from chat.web.security.connections.connection_limits import raise_file_limit
from tests.programs.life import live
from tests.programs.load_floor import Watch
from tests.programs.load_page import TEXT, UNLIMITED, Page, address_of
from tests.programs.scale_run import Run, Tally, report
from tests.support.scrape import BEARER, TOKEN, values
from tests.support.server import Server

PEOPLE = (1000, 3000)
MESSAGES = 100
ARRIVAL, PAUSE = 3.0, 30.0  # seconds
PATIENCE = 120.0  # seconds
OPENING_PATIENCE = 900.0  # seconds, after which a page counts as failed; a busy machine takes minutes for 1,000
SETTLED = 5.0  # seconds
JOINING = 20  # people who join at a time, before the run
SETTINGS = {**UNLIMITED, "CHAT_TRUSTED_HOPS": "1", "CHAT_METRICS_TOKEN": TOKEN}


async def main() -> int:
    """Measure and print; return the exit status."""
    options = parse_arguments()
    raise_file_limit()
    if options.life:
        print(await live(options.life, options.people, options.seed))
        return 0
    load = psutil.getloadavg()[0]
    runs = [await measure(count, options.pause, options.messages) for count in options.sockets]
    print(report(runs, load))
    return int(any(run.lost for run in runs))


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--sockets", type=int, nargs="+", default=PEOPLE, help="pages that arrive (default 1000 3000)")
    parser.add_argument("--messages", type=int, default=MESSAGES, help="messages to post (default 100)")
    parser.add_argument("--pause", type=float, default=PAUSE, help="seconds before the first (default 30)")
    parser.add_argument("--life", type=float, default=0, help="minutes of simulated life, and nothing else")
    parser.add_argument("--people", type=int, default=60, help="people in that life (default 60)")
    parser.add_argument("--seed", type=int, default=1, help="another number is another life")
    return parser.parse_args()


async def measure(count: int, pause: float, messages: int) -> Run:
    """Let people arrive at a chat of their own, and one of them write."""
    with tempfile.TemporaryDirectory(prefix="scale-") as folder:
        server = Server(Path(folder) / "data", **SETTINGS)
        pages = [page_of(server.url, number) for number in range(count)]
        try:
            await join(server, pages)
            assert server.process
            run = Run(count, messages=messages)
            await arrive_and_write(run, pages, psutil.Process(server.process.pid), pause)
            run.dropped = await dropped(pages[0])
        finally:
            await asyncio.gather(*(page.close() for page in pages), return_exceptions=True)
            if server.process:
                server.kill()
    return run


def page_of(url: str, number: int) -> Page:
    """Return the page of a person with an address of their own."""
    page = Page(url)
    page.patience = OPENING_PATIENCE
    page.http.headers["X-Forwarded-For"] = address_of(number)
    return page


async def join(server: Server, pages: list[Page]) -> None:
    """Let everyone get a session; the server then starts anew, as if they all came back."""
    server.start(PATIENCE)
    for start in range(0, len(pages), JOINING):
        group = enumerate(pages[start : start + JOINING], start)
        await asyncio.gather(*(page.join(f"Person {number}") for number, page in group))
    server.stop(PATIENCE)
    server.start(PATIENCE)


async def arrive_and_write(run: Run, pages: list[Page], process: psutil.Process, pause: float) -> None:
    run.memory_empty = process.memory_info().rss
    began = time.perf_counter()
    results = await asyncio.gather(*(arrive(page, ARRIVAL * n / len(pages)) for n, page in enumerate(pages)))
    run.arrived_after = time.perf_counter() - began
    here = [page for page, problem in zip(pages, results, strict=True) if not problem]
    run.failures = Counter(filter(None, results))
    await asyncio.sleep(max(SETTLED, pause - run.arrived_after))
    run.memory_full = process.memory_info().rss
    cpu, tally = process.cpu_times(), Tally(run)
    for page in here:
        page.watches.append(tally)  # type: ignore[arg-type]
    for number in range(run.messages):
        await say(here[0], f"scale{number:06}")
    deadline = time.monotonic() + PATIENCE
    while tally.missing(here) and time.monotonic() < deadline:  # noqa: ASYNC110 - pages also end
        await asyncio.sleep(0.1)
    run.lost, run.closed = tally.missing(here), sum(not page.is_open for page in here)
    used = process.cpu_times()
    run.cpu = used.user + used.system - cpu.user - cpu.system
    run.memory_after = process.memory_info().rss


async def arrive(page: Page, after: float) -> str:
    """Open a page; return why it doesn't show the room, if so."""
    await asyncio.sleep(after)
    try:
        await asyncio.wait_for(page.open(), OPENING_PATIENCE)
    except TimeoutError:
        return "too late"
    except aiohttp.ClientResponseError as problem:
        return f"status {problem.status}"
    except (aiohttp.ClientError, AssertionError, OSError, StopIteration) as problem:
        return str(problem) or type(problem).__name__
    return ""


async def say(page: Page, message_id: str) -> None:
    """Post a message, and wait until its author has it."""
    watch = Watch(f"m-{message_id}", [page])
    await page.post(message_id, TEXT)
    assert not await watch.wait(PATIENCE), "the author's message was lost"


async def dropped(page: Page) -> str:
    """Return how many WebSockets the server has cut, and why."""
    async with page.http.get("/metrics", headers=BEARER) as answer:
        found = values(await answer.text())
    reasons = {name.partition("=")[2].strip("}"): count for name, count in found.items() if "sockets_dropped" in name}
    return ", ".join(f"{count:.0f} {reason}" for reason, count in reasons.items()) or "0"


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
