"""What a scale run measured."""

import platform
import time
from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import psutil

from tests.programs.load_floor import Socket

MB = 1e6


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
