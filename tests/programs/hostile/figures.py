"""What an attack costs the others, and what it may cost."""

from dataclasses import dataclass
from pathlib import Path

from tests.support.server import Server

LIMITS = {"lost": 0, "p99": 0.25, "slowdown": 2.0, "peak": 2.0, "tracebacks": 0, "log": 50.0}
COLUMNS = ("attack", "outcome", "lost", "p99", "peak memory", "tracebacks", "log")


@dataclass(frozen=True)
class Figures:
    """`p99` in seconds, `slowdown` in times of the p99 while the attacker rested (0 if it didn't).

    `peak` is in times of the memory before all attacks, `log` in kilobytes a minute.
    """

    outcome: str
    lost: int
    p99: float
    slowdown: float
    peak: float
    tracebacks: int
    log: float

    @property
    def is_held(self) -> bool:
        return all(getattr(self, name) <= limit for name, limit in LIMITS.items())

    def cells(self) -> list[str]:
        """Return the table's cells, with those in bold that exceed a limit."""
        compared = [self._cell("slowdown", f"{self.slowdown:.1f} × before")] if self.slowdown else []
        return [
            self.outcome,
            self._cell("lost", str(self.lost)),
            ", ".join([self._cell("p99", f"{1000 * self.p99:.0f} ms"), *compared]),
            self._cell("peak", f"{self.peak:.2f} ×"),
            self._cell("tracebacks", str(self.tracebacks)),
            self._cell("log", f"{self.log:.1f} KB"),
        ]

    def _cell(self, name: str, text: str) -> str:
        return text if getattr(self, name) <= LIMITS[name] else f"**{text}**"


class Probe:
    """The memory and the log of a server's process, on Linux."""

    def __init__(self, server: Server) -> None:
        assert server.process
        self._server = server
        self._process = Path(f"/proc/{server.process.pid}")
        self._logged = 0
        self.memory = self.now

    def reset(self) -> None:
        """Forget the peak and the log so far."""
        (self._process / "clear_refs").write_text("5")
        self._logged = len(self._server.output)

    @property
    def now(self) -> int:
        return self._read("VmRSS")

    @property
    def peak(self) -> int:
        return self._read("VmHWM")

    @property
    def log(self) -> str:
        return self._server.output[self._logged :]

    def _read(self, name: str) -> int:
        """Return bytes."""
        lines = (self._process / "status").read_text().splitlines()
        [line] = (line for line in lines if line.startswith(f"{name}:"))
        return 1024 * int(line.split()[1])
