"""Load test: many raw pages on the real app and, in the same run, on the floor: a bare Socket.IO broadcast.

`python -m tests.programs.load` prints a table, and exits with status 1 if a message was lost. Not a test: durations
depend on the machine, so only the ratio of app to floor is meaningful.
"""

import argparse
import asyncio
import gc
import subprocess
import sys
import tempfile
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from statistics import median
from uuid import uuid4

import psutil

from tests.programs.load_floor import FloorPage, Watch
from tests.programs.load_history import HISTORY, LARGE, write_formatted
from tests.programs.load_nicegui import NiceguiPage
from tests.programs.load_page import TEXT, UNLIMITED, Page
from tests.programs.load_processes import measure_processes
from tests.programs.load_report import report
from tests.programs.load_rooms import measure_rooms
from tests.programs.load_side import KINDS, WARM_UP, Side
from tests.programs.load_slope import measure_slope, start_nicegui
from tests.support.server import Server, free_port

SETTLE = 3  # seconds
FIRST = 2  # uncounted actions: the first ones after a turn of the other side cost more
EMOJIS = ["👍", "🎉", "😂", "🚀", "👀", "🔥", "🐙", "🍰", "🌈", "🎈", "🍕", "🐳"]


async def main() -> int:
    """Measure and print; return the exit status."""
    options = parse_arguments()
    if options.rooms:
        print(await measure_rooms(options))
        return 0
    if options.processes:
        print(await measure_processes(options))
        return 0
    if options.slope:
        print(await measure_slope(options))
        return 0
    with tempfile.TemporaryDirectory(prefix="load-") as folder:
        run = Run(options, Path(folder))
        try:
            await run.measure()
        finally:
            await run.close()
    print(report(run))
    if run.lost:
        print(f"\n{run.lost} deliveries were lost.")
    return 1 if run.lost else 0


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--pages", type=int, default=200, help="open pages (default 200)")
    parser.add_argument("--messages", type=int, default=96, help="messages to post (default 96)")
    parser.add_argument("--rate", type=float, default=4, help="messages per second (default 4)")
    parser.add_argument("--rounds", type=int, default=6, help="alternating turns of app and floor (default 6)")
    parser.add_argument("--rooms", type=int, default=0, help="spread the pages over rooms, and measure those instead")
    parser.add_argument("--processes", type=int, default=0, help="spread the pages over so many, next to one process")
    parser.add_argument("--slope", action="store_true", help="measure what each page more costs, next to two floors")
    parser.add_argument("--idle", type=float, default=15, help="seconds to idle (default 15)")
    return parser.parse_args()


class Run:
    """One measurement of both sides."""

    def __init__(self, options: argparse.Namespace, folder: Path) -> None:
        self.options = options
        self.lost = 0
        self._server = Server(folder / "data", **UNLIMITED)
        write_formatted(self._server.history_file, HISTORY)
        self._large = Server(folder / "large", **UNLIMITED, CHAT_HISTORY_LIMIT=str(LARGE))
        write_formatted(self._large.history_file, LARGE)
        self.large_pages = [Page(self._large.url) for _ in range(2 * WARM_UP)]
        self.large_cpu_per_page = self.large_cpu_per_post = 0.0
        port = free_port()
        self._floor_server = subprocess.Popen([sys.executable, Path(__file__).with_name("load_floor.py"), str(port)])
        self.app = Side([Page(self._server.url) for _ in range(options.pages)])
        self.floor = Side([FloorPage(f"http://127.0.0.1:{port}/") for _ in range(options.pages)])
        self.floor.process = psutil.Process(self._floor_server.pid)
        self._nicegui = start_nicegui(str(folder))
        self.nicegui = Side(
            [NiceguiPage(self._nicegui.url) for _ in range(options.pages)], psutil.Process(self._nicegui.process.pid)
        )

    async def measure(self) -> None:
        self._start_app()
        for number, page in enumerate(self.app.pages):
            await page.join(f"Person {number}")
        # Restart, so that memory left over from the welcome cards doesn't hide what the pages need.
        self._server.stop()
        self._start_app()
        for side in (self.app, self.floor, self.nicegui):
            await side.open()
        await self._end_nicegui()
        await self._idle()
        await self._post(self.app, 8)
        await self._post(self.floor, 8)
        for side in (self.app, self.floor):
            side.cpu_per_delivery, side.latencies, side.sizes = [], [], []
        for _ in range(self.options.rounds):
            for side in (self.app, self.floor):
                await self._post(side, self.options.messages // self.options.rounds)
            for kind in KINDS:
                await self._change(kind, self.options.messages // self.options.rounds // 2)
        for side in (self.app, self.floor):
            await asyncio.gather(*(page.disconnect() for page in side.pages))
        self._server.stop()
        self._start_app()
        for side, sign in (self.app, f"{self.options.pages} online"), (self.floor, '40{"sid"'):
            await side.start_storm(sign)
        await self._measure_large()

    def _start_app(self) -> None:
        self._server.start()
        self.app.process = psutil.Process(self._server.process.pid)

    async def _end_nicegui(self) -> None:
        await asyncio.gather(*(page.close() for page in self.nicegui.pages))
        self._nicegui.process.terminate()

    async def _idle(self) -> None:
        before = self.app.cpu(), self.floor.cpu()
        await asyncio.sleep(self.options.idle)
        for side, cpu in zip((self.app, self.floor), before, strict=True):
            side.idle = (side.cpu() - cpu) / self.options.idle

    async def _post(self, side: Side, count: int) -> None:
        FloorPage.size = round(median(self.app.sizes or [0]))

        async def post(number: int) -> Watch:
            message_id, page = uuid4().hex[:12], side.pages[number * 37 % len(side.pages)]
            watch = Watch(f"m-{message_id}", side.pages)
            await page.post(message_id, TEXT)
            side.posted.append((page, message_id))
            return watch

        watches, cpu = await self._repeat(side, count, post)
        side.cpu_per_delivery.append(cpu)
        for watch in watches:
            side.latencies += watch.latencies
            side.sizes.append(watch.size)

    async def _change(self, kind: str, count: int) -> None:
        """Reply to, edit or react to the messages posted last."""
        side = self.app
        posted = side.posted[-count:]

        async def change(number: int) -> Watch:
            page, message_id = posted[number % len(posted)]
            fresh = uuid4().hex[:12]
            if kind == "reaction":
                emoji = EMOJIS[number % len(EMOJIS)]
                watch = Watch(f'value=\\"{emoji}\\"', side.pages)
                await page.react(message_id, emoji)
            elif kind == "reply":
                watch = Watch(f"m-{fresh}", side.pages)
                await page.post(fresh, TEXT, f"reply-{message_id}")
            else:
                watch = Watch(fresh, side.pages)
                await page.post(uuid4().hex[:12], TEXT[:-12] + fresh, f"edit-{message_id}")
            return watch

        _, cpu = await self._repeat(side, count, change)
        side.cpu_by_kind[kind].append(cpu)

    async def _repeat(
        self, side: Side, count: int, act: Callable[[int], Awaitable[Watch]]
    ) -> tuple[list[Watch], float]:
        """Act at the chosen rate; return the finished watches and the server's CPU time per delivery."""
        began, cpu, watches = time.perf_counter() + FIRST / self.options.rate, 0.0, []
        for number in range(-FIRST, count):
            await asyncio.sleep(began + number / self.options.rate - time.perf_counter())
            if number == 0:
                began, cpu = time.perf_counter(), side.cpu()
            watches.append(await act(number))
        for watch in watches:
            self.lost += await watch.wait(10)
        used = side.cpu() - cpu - side.idle * (time.perf_counter() - began)
        return watches[FIRST:], used / count / len(side.pages)

    async def _measure_large(self) -> None:
        """Measure page loads and posts with a large history."""
        self._large.start()
        for number, page in enumerate(self.large_pages):
            await page.join(f"Person {number}")
        self._large.stop()
        self._large.start()
        side = Side(self.large_pages, psutil.Process(self._large.process.pid))
        await side.open()
        self.large_cpu_per_page = side.cpu_per_page
        others_left = Watch('"1 online"', side.pages[:1])  # the grace passes, and their pages are deleted
        await asyncio.gather(*(page.disconnect() for page in side.pages[1:]))
        side.pages = side.pages[:1]
        assert not await others_left.wait(60), "the other pages did not leave"
        await asyncio.sleep(SETTLE)
        await self._post(side, 8)
        await self._post(side, 40)
        self.large_cpu_per_post = side.cpu_per_delivery[-1]

    async def close(self) -> None:
        pages = [*self.app.pages, *self.floor.pages, *self.large_pages]
        await asyncio.gather(*(page.close() for page in pages), self._end_nicegui())
        self._floor_server.terminate()
        for server in (self._server, self._large):
            if server.process:
                server.stop()


if __name__ == "__main__":
    gc.freeze()
    gc.disable()  # a pause here would be mistaken for one of the server
    sys.exit(asyncio.run(main()))
