"""The scale run: many people arrive at once, and then one of them writes a hundred messages.

`python -m tests.programs.scale` opens 1,000 pages within three seconds, then 3,000; half a minute later, one posts 100
messages in sequence. `--life MINUTES` simulates an ordinary life instead (`tests/programs/life.py`). Everything runs on
this machine, over 127.0.0.1; each person has an address and a session of their own. Prints a table, and exits with
status 1 if a message was lost.
"""

import argparse
import asyncio
import platform
import sys
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

import aiohttp
import psutil

from chat.web.security.connections.connection_limits import raise_file_limit
from tests.programs.life import live
from tests.programs.load_floor import Socket, Watch
from tests.programs.load_page import TEXT, UNLIMITED, Page, address_of
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
MB = 1e6


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


@dataclass
class Run:
    """What was measured; times in seconds, memory in bytes."""

    pages: int
    failures: Counter[str] = field(default_factory=Counter)
    """Why pages failed to open."""
    arrived_after: float = 0
    messages: int = 0
    memory_empty: int = 0
    memory_full: int = 0
    memory_after: int = 0
    cpu: float = 0
    closed: int = 0
    dropped: str = ""
    lost: int = 0
    arrivals: list[tuple[float, int]] = field(default_factory=list)
    """When a page got which message, from the first post on."""

    @property
    def seconds(self) -> float:
        """The time until the last page has the last message."""
        return max((at for at, _ in self.arrivals), default=0)

    @property
    def most_in_a_second(self) -> int:
        times, first, most = sorted(at for at, _ in self.arrivals), 0, 0
        for number, at in enumerate(times, 1):
            while times[first] < at - 1:
                first += 1
            most = max(most, number - first)
        return most

    @property
    def last_message_took(self) -> float:
        """The time that the last message took from the first page to the last one."""
        times = [at for at, number in self.arrivals if number == self.messages - 1]
        return max(times) - min(times) if times else 0


class Tally:
    """Notes when each page gets each message; in place of the watches of a page."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._numbers: defaultdict[Socket, set[int]] = defaultdict(set)
        self._began = time.perf_counter()

    def look(self, socket: Socket, frame: str, now: float) -> None:
        _, found, rest = frame.partition('"m-scale')
        if not found:
            return
        number = int(rest[:6])
        if number not in self._numbers[socket]:
            self._numbers[socket].add(number)
            self._run.arrivals.append((now - self._began, number))

    def missing(self, sockets: Iterable[Socket]) -> int:
        """Return how many messages those of the sockets that are open have not got."""
        return sum(self._run.messages - len(self._numbers[socket]) for socket in sockets if socket.is_open)


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


def failures(run: Run) -> str:
    reasons = ", ".join(f"{count} {reason}" for reason, count in run.failures.most_common())
    return f"{run.failures.total():,}" + (f" ({reasons})" if reasons else "")


def report(runs: list[Run], load: float) -> str:
    """Return the table, followed by the date and the machine with its load before."""
    rows = [
        ("pages that failed to open", *(failures(run) for run in runs)),
        ("all pages open after", *(f"{run.arrived_after:.1f} s" for run in runs)),
        ("connections that ended; cut by the server", *(f"{run.closed:,}; {run.dropped}" for run in runs)),
        ("deliveries, and lost ones", *(f"{len(run.arrivals):,}, {run.lost:,}" for run in runs)),
        ("deliveries a second, average", *(f"{len(run.arrivals) / (run.seconds or 1):,.0f}" for run in runs)),
        ("deliveries a second, most", *(f"{run.most_in_a_second:,}" for run in runs)),
        ("last page has the last message after", *(f"{run.seconds:.1f} s" for run in runs)),
        ("from the first page to the last one", *(f"{run.last_message_took * 1e3:.0f} ms" for run in runs)),
        ("CPU of a delivery", *(f"{run.cpu / (len(run.arrivals) or 1) * 1e6:.0f} µs" for run in runs)),
        (
            "memory before, with all pages, after",
            *(
                " / ".join(f"{size / MB:.0f}" for size in (run.memory_empty, run.memory_full, run.memory_after)) + " MB"
                for run in runs
            ),
        ),
    ]
    head = ["figure", *(f"{run.pages:,} pages" for run in runs)]
    lines = [head, ["---"] * len(head), *rows]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    machine = f"{psutil.cpu_count()} cores ({platform.machine()}), load average {load:.1f} before"
    return f"{table}\n\n{datetime.now(UTC):%Y-%m-%d}, {machine}, Python {platform.python_version()}."


if __name__ == "__main__":
    sys.exit(asyncio.run(main()))
