"""Attack a running server while two people keep chatting: `python -m tests.programs.hostile [NAME...]`.

Print a Markdown table with the outcome of each attack and its effect on the two. Attackers run in a separate process
and claim other addresses in `X-Forwarded-For`, as a trusted proxy would.
"""

import asyncio
import os
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from contextlib import suppress
from multiprocessing import get_context
from pathlib import Path

import psutil

from tests.programs.hostile import events, frames, readers, requests
from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.talk import Talk, Talker, p99
from tests.support.server import Server

CALM = int(os.environ.get("CALM", "125"))  # seconds from the end of the attacks to the last memory measurement
MEGABYTE = 1_000_000
_ATTACKS = (
    frames.wrong_types_and_missing_keys,
    frames.unknown_elements_and_listeners,
    frames.deep_json,
    frames.empty_binary_and_oversized_frames,
    frames.lone_surrogates_and_invalid_utf8,
    frames.attachments_never_sent,
    events.ten_thousand_events_a_second,
    events.odd_arguments_to_every_control,
    events.controls_that_are_not_shown,
    events.replayed_client_ids,
    requests.foreign_origins,
    requests.forged_log_lines,
    requests.two_thousand_404s,
    requests.pages_without_sockets,
    requests.long_queries_and_polling,
    readers.slow_readers,
    readers.pings_without_reading,
    readers.half_open_sockets,
)
ATTACKS = {attack.__name__: attack for attack in _ATTACKS}


def attack(name: str, url: str) -> str:
    """Run one attack in the process pool; return its outcome."""
    os.nice(5)
    outcome: Counter[str] = asyncio.run(run(name, url))
    return ", ".join(f"{count} {result}" for result, count in outcome.most_common())


async def run(name: str, url: str) -> Counter[str]:
    attacker = Attacker(url, list(ATTACKS).index(name) + 1)
    async with attacker.http:
        return await ATTACKS[name](attacker)


async def main(*names: str) -> None:
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
                for name in names or ATTACKS:
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
