"""Attack a running server while two people keep chatting: `python -m tests.programs.hostile [NAME...]`.

Print a Markdown table with the outcome of each attack and its effect on the two. Attackers run in a separate process
and claim other addresses in `X-Forwarded-For`, as a trusted proxy would.
"""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path
from statistics import quantiles

import psutil

from tests.programs import hostile_attacks
from tests.support.raw_page import RawPage
from tests.support.server import Server

PAUSE = 0.1  # seconds between messages of the conversation
CALM = int(os.environ.get("CALM", "125"))  # seconds from the end of the attacks to the last memory measurement
MEGABYTE = 1_000_000


class Talker(RawPage):
    """A person that records when each message arrives."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, name)
        self.arrived: dict[str, float] = {}

    def _update(self, frame: dict) -> None:
        super()._update(frame)
        now = time.perf_counter()
        for message_id in self.shown:
            self.arrived.setdefault(message_id, now)


class Talk:
    """Two people taking turns until cancelled."""

    def __init__(self, *people: Talker) -> None:
        self.people = people
        self.sent: dict[str, float] = {}

    async def go_on(self) -> None:
        number = 0
        while True:
            number += 1
            message_id = f"m{number:09}{os.urandom(4).hex()}"
            self.sent[message_id] = time.perf_counter()
            await self.people[number % 2]._emit("submit", message_id, f"Message {number}", "")
            await asyncio.sleep(PAUSE)

    def lost(self) -> int:
        return sum(message_id not in person.arrived for message_id in self.sent for person in self.people)

    def delays(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """Return the milliseconds from sending to arrival, for both people."""
        return [
            1000 * (person.arrived[message_id] - at)
            for message_id, at in self.sent.items()
            if since <= at < until
            for person in self.people
            if message_id in person.arrived
        ]


def p99(delays: list[float]) -> float:
    return quantiles(delays, n=100)[98] if len(delays) > 1 else max(delays, default=0.0)


def attack(name: str, url: str) -> str:
    """Run one attack in the process pool; return its outcome."""
    os.nice(5)
    outcome: Counter[str] = asyncio.run(hostile_attacks.run(name, url))
    return ", ".join(f"{count} {result}" for result, count in outcome.most_common())


async def main(names: list[str]) -> None:
    folder = Path(tempfile.mkdtemp(prefix="hostile-"))
    server = Server(folder / "data", CHAT_TRUSTED_HOPS="1", CHAT_MESSAGE_RATE="100000 per 10 seconds").start()
    assert server.process
    process = psutil.Process(server.process.pid)
    try:
        async with Talker(server.url, "Ann") as ann, Talker(server.url, "Bob") as bob:
            await ann.open()
            await bob.open()
            talk = Talk(ann, bob)
            talking = asyncio.create_task(talk.go_on())
            await asyncio.sleep(15)
            start, began = process.memory_info().rss, time.perf_counter()
            print(f"before: p99 {p99(talk.delays()):.0f} ms, {start / MEGABYTE:.0f} MB\n")
            print("| attack | outcome | p99 | max | memory |\n|---|---|---|---|---|")
            loop = asyncio.get_running_loop()
            with ProcessPoolExecutor(1, get_context("spawn")) as pool:
                for name in names:
                    since = time.perf_counter()
                    outcome = await loop.run_in_executor(pool, attack, name, server.url)
                    await asyncio.sleep(1)
                    delays = talk.delays(since)
                    memory = f"{process.memory_info().rss / MEGABYTE:.0f} MB"
                    cells = [name.replace("_", " "), outcome, f"{p99(delays):.0f} ms", f"{max(delays):.0f} ms", memory]
                    print(f"| {' | '.join(cells)} |", flush=True)
            ended = time.perf_counter()
            log = server.log_path.stat().st_size
            await asyncio.sleep(CALM)
            talking.cancel()
            with suppress(asyncio.CancelledError):
                await talking
            await asyncio.sleep(1)
            end = process.memory_info().rss
            await ann.close()
            await bob.close()
        print("\n| figure | reached | limit |\n|---|---|---|")
        print(f"| messages lost, of {len(talk.sent)} | {talk.lost()} | 0 |")
        print(f"| latency during the attacks, p99 | {p99(talk.delays(began, ended)):.0f} ms | 250 ms |")
        print(f"| tracebacks | {server.output.count('Traceback')} | 0 |")
        print(f"| log per minute | {log / (ended - began) * 60 / 1000:.1f} KB | 50 KB |")
        print(f"| memory two minutes later | {end / start:.2f} × before | 1.20 × before |")
    finally:
        server.stop()
        print(f"\nThe log is {server.log_path}")


if __name__ == "__main__":
    asyncio.run(main(sys.argv[1:] or hostile_attacks.NAMES))
