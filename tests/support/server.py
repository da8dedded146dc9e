"""A real server process: `python main.py` with its own data folder and port."""

import json
import os
import random
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator, Mapping
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

from tests.support.suspended import suspended

ROOT = Path(__file__).parents[2]
EXCLUDED_PREFIXES = ("CHAT_", "NICEGUI", "PYTEST")
ADMIN_PASSWORD = "correct horse"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@contextmanager
def steady_port() -> Iterator[int]:
    """Lend a port that was lent before, if one is free: browsers have cached the files of its origin.

    It is below the ephemeral range, so that it stays free while no server listens on it.
    """
    port = _idle_ports.pop() if _idle_ports else _new_port()
    yield port
    _idle_ports.append(port)


_idle_ports: list[int] = []


def _new_port() -> int:
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """Return the environment without the variables of the app, NiceGUI and pytest."""
    return {name: value for name, value in environment.items() if not name.startswith(EXCLUDED_PREFIXES)}


class Server:
    """`python main.py`, which can be stopped, killed and restarted with the same port and data."""

    def __init__(self, data_dir: Path, port: int | None = None, **environment: str) -> None:
        self.data_dir = data_dir
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}/"
        self.log_path = data_dir.parent / f"{data_dir.name}.log"
        self.environment = {
            **clean(os.environ),
            "HOST": "127.0.0.1",
            "PORT": str(self.port),
            "CHAT_DATA_DIR": str(data_dir),
            "CHAT_ADMIN_PASSWORD": ADMIN_PASSWORD,
            "CHAT_PREVIEWS": "off",
            **environment,
        }
        self.command, self.folder = [sys.executable, "main.py"], ROOT
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def history_file(self) -> Path:
        return self.data_dir / "chat_log.json"

    @property
    def output(self) -> str:
        return self.log_path.read_text()

    def start(self, timeout: float = 30) -> "Server":
        """Start and wait until the health check answers."""
        self.process = self._launch()
        return self.wait(timeout)

    def _launch(self) -> subprocess.Popen[bytes]:
        with self.log_path.open("ab") as output:
            return subprocess.Popen(self.command, cwd=self.folder, env=self.environment, stdout=output, stderr=output)

    def wait(self, timeout: float = 30) -> "Server":
        """Wait until the health check answers."""
        self.eventually(self._answers, timeout)
        return self

    def eventually(self, condition: Callable[[], bool], timeout: float = 30) -> None:
        """Wait until `condition` holds; fail with the server's output after `timeout` seconds."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"not within {timeout} s; server output:\n{self.output}"
            time.sleep(0.02)

    def _answers(self) -> bool:
        assert self.process
        assert self.process.poll() is None, f"the server ended with {self.process.returncode}:\n{self.output}"
        try:
            self.health()
        except OSError:
            return False
        return True

    def health(self) -> dict:
        """Return the response of `/healthz`, with the HTTP status as `http`."""
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=5) as response:
                return {**json.load(response), "http": response.status}
        except urllib.error.HTTPError as error:
            return {**json.load(error), "http": error.code}

    def paused(self) -> AbstractContextManager[None]:
        """Stop the process for a while: it answers afterwards."""
        return suspended(self.process)

    def kill(self) -> None:
        """Kill the process, as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self, timeout: float = 15) -> int:
        """Send SIGTERM and return the exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def messages(self) -> list[dict]:
        """Return the messages on disk."""
        return json.loads(self.history_file.read_text())["messages"]
