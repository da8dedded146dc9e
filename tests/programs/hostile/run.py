"""The runner: each stage's server, its conversation, and its attacks one after another."""

import asyncio
import os
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

from tests.programs.hostile.attacker import Attacker
from tests.programs.hostile.figures import COLUMNS, Figures, Probe
from tests.programs.hostile.stages import FILES, STAGES, Attack, Stage
from tests.programs.hostile.talk import Talk
from tests.support.server import Server

WARM_UP = 10  # seconds
PATIENCE = 15  # seconds for the last messages to arrive
SHORTEST = 1.0  # seconds of talk that are measured, however short the attack


async def main(*names: str) -> int:
    """Run the attacks of these names, or all; print a table, and return the exit status."""
    _print_row(*COLUMNS)
    print("|---" * len(COLUMNS) + "|")
    folder, is_held = Path(tempfile.mkdtemp(prefix="hostile-")), True
    with ProcessPoolExecutor(1, get_context("spawn")) as pool:
        for number, stage in enumerate(STAGES):
            attacks = [attack for attack in stage.attacks if not names or attack.__name__ in names]
            if attacks:
                is_held &= await _run_stage(stage, attacks, folder / f"stage{number}", pool)
    print(f"\nThe logs are in {folder}")
    return 0 if is_held else 1


async def _run_stage(stage: Stage, attacks: list[Attack], data_dir: Path, pool: ProcessPoolExecutor) -> bool:
    """Print the table's rows; return whether all limits hold."""
    stage.prepare(data_dir)
    server = Server(data_dir, **stage.environment)
    server.command = ["prlimit", f"--nofile={FILES}", sys.executable, stage.main]
    is_held = True
    try:
        async with Talk(server.start(timeout=120).url) as talk:
            await asyncio.sleep(WARM_UP)
            since = time.perf_counter()
            await asyncio.sleep(WARM_UP)
            calm = talk.p99(since, time.perf_counter() - 1)
            probe = Probe(server)
            _print_row(f"**{stage.name}**", f"{probe.memory / 1e6:.0f} MB before", "", f"{1000 * calm:.0f} ms")
            for number, attack in enumerate(attacks):
                probe.reset()
                since = time.perf_counter()
                future = asyncio.get_running_loop().run_in_executor(pool, _attack, attack, server.url, number)
                outcome, calm = await future
                figures = await _measure(probe, talk, since, outcome, calm)
                _print_row(attack.__name__.replace("_", " "), *figures.cells())
                is_held &= figures.is_held
            if stage.calm and len(attacks) == len(stage.attacks):
                await asyncio.sleep(stage.calm)
                _print_row(f"{stage.calm:.0f} s later", f"{probe.now / probe.memory:.2f} × the memory before")
    finally:
        server.stop()
    return is_held


def _print_row(*cells: str) -> None:
    padding = [""] * (len(COLUMNS) - len(cells))
    print(f"| {' | '.join([*cells, *padding])} |", flush=True)


def _attack(attack: Attack, url: str, number: int) -> tuple[str, tuple[float, float] | None]:
    """Attack, in the process pool; return the outcome, and when the attacker rested, which is the same clock's time."""

    async def run() -> tuple[Counter[str], tuple[float, float] | None]:
        attacker = Attacker(url, f"127.0.1.{number + 1}")
        async with attacker.http:
            return await attack(attacker), attacker.calm

    os.nice(5)
    try:
        outcome, calm = asyncio.run(run())
    except Exception as error:
        return f"FAILED: {error!r}", None
    return ", ".join(f"{count} {result}" for result, count in outcome.most_common()), calm


async def _measure(probe: Probe, talk: Talk, since: float, outcome: str, calm: tuple[float, float] | None) -> Figures:
    begin = calm[1] if calm else since
    await asyncio.sleep(1)
    until = time.perf_counter()
    end = max(until - 1, begin + SHORTEST)
    while talk.lost(since, until) and time.perf_counter() < until + PATIENCE:  # noqa: ASYNC110
        await asyncio.sleep(0.1)
    return Figures(
        outcome,
        lost=talk.lost(since, until),
        p99=talk.p99(begin, end),
        slowdown=talk.p99(begin, end) / talk.p99(*calm) if calm else 0.0,
        peak=probe.peak / probe.memory,
        tracebacks=probe.log.count("Traceback"),
        log=len(probe.log) / 1000 / max(1, (until - since) / 60),
    )
