"""A real server process for tests: `python main.py` with a data folder and a port of its own."""

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
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path

ROOT = Path(__file__).parents[2]
FOREIGN = ("CHAT_", "NICEGUI", "PYTEST")
ADMIN_PASSWORD = "correct horse"


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def steady_port() -> int:
    """A port that the system gives to nobody else while no server listens on it."""
    while True:
        port = random.randrange(20_000, 30_000)
        with socket.socket() as probe, suppress(OSError):
            probe.bind(("127.0.0.1", port))
            return port


def clean(environment: Mapping[str, str]) -> dict[str, str]:
    """The environment without what concerns the app, NiceGUI or the tests."""
    return {name: value for name, value in environment.items() if not name.startswith(FOREIGN)}


class Server:
    """`python main.py`, started, stopped, killed and started again on the same port and data."""

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
            **environment,
        }
        self.main, self.folder = "main.py", ROOT
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
            return subprocess.Popen(
                [sys.executable, self.main], cwd=self.folder, env=self.environment, stdout=output, stderr=output
            )

    def wait(self, timeout: float = 30) -> "Server":
        """Wait until the health check answers."""
        self.eventually(self._answers, timeout)
        return self

    def eventually(self, condition: Callable[[], bool], timeout: float = 30) -> None:
        """Wait until `condition` is true."""
        deadline = time.monotonic() + timeout
        while not condition():
            assert time.monotonic() < deadline, f"not within {timeout} s; the server said:\n{self.output}"
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
        """What `/healthz` answers, with the HTTP status as `http`."""
        try:
            with urllib.request.urlopen(f"{self.url}healthz", timeout=5) as response:
                return {**json.load(response), "http": response.status}
        except urllib.error.HTTPError as refusal:
            return {**json.load(refusal), "http": refusal.code}

    def kill(self) -> None:
        """End the process as a power cut would."""
        assert self.process
        self.process.kill()
        self.process.wait()

    def stop(self, timeout: float = 15) -> int:
        """Ask the process to end; returns its exit code."""
        assert self.process
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout)

    def messages(self) -> list[dict]:
        """The messages on disk."""
        return json.loads(self.history_file.read_text())["messages"]
