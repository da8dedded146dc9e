"""Servers that start instantly: a process with everything imported forks, and the child runs `main.py`.

Importing takes longer than most tests, so it is done once, by the first of all test processes that needs it. The child
is a complete server in its own process: it reads its environment, writes its log and handles signals as usual.

With `SLOW_DISK=0.3`, every write of an event takes so many seconds longer. With `SLOW_LINE=0.12`, all that goes to a
server or comes from it is late, by up to so many seconds. Both find tests, and pages, that don't wait.
"""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from uuid import uuid4

from filelock import FileLock

from tests.support.proxy import JitteryProxy
from tests.support.server import ROOT, Server, clean, free_port

SLOW_LINE = float(os.environ.get("SLOW_LINE", "0"))


class PreparedServer(Server):
    """A `Server` forked from a process that has imported all modules."""

    def __init__(self, data_dir: Path, port: int | None = None, **environment: str) -> None:
        super().__init__(data_dir, port, **environment)
        if SLOW_LINE:
            self.environment["PORT"] = str(free_port())

    def kill(self) -> None:
        super().kill()
        if SLOW_LINE:
            slow_line().end(self.port)

    def stop(self, timeout: float = 15) -> int:
        code = super().stop(timeout)
        if SLOW_LINE:
            slow_line().end(self.port)
        return code

    def _launch(self) -> "Forked":
        if SLOW_LINE:
            slow_line().begin(self.port, int(self.environment["PORT"]))
        return Forked.main((), self.environment, [self.log_path, self.log_path])


def run_main(*arguments: str, environment: dict[str, str], log: Path) -> subprocess.CompletedProcess[str]:
    """Run `main.py` with these arguments in this environment until it ends, with its output beside `log`."""
    outputs = [log.with_suffix(suffix) for suffix in (".stdout", ".stderr")]
    for path in outputs:
        path.write_text("")
    status = Forked.main(arguments, environment, outputs).wait(60)
    return subprocess.CompletedProcess(arguments, status, *(path.read_text() for path in outputs))


class Forked:
    """The part of `subprocess.Popen` that tests need, for a child of the launcher."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None
        self._lock = threading.Lock()  # how a child ended can be asked once

    @classmethod
    def main(cls, arguments: Sequence[str], environment: dict[str, str], outputs: list[Path]) -> "Forked":
        """Run `main.py`; the two files in `outputs` get what it writes to standard output and standard error."""
        pid = launcher().ask(environment=environment, arguments=arguments, outputs=[*map(str, outputs)])
        assert pid
        return cls(pid)

    def poll(self) -> int | None:
        with self._lock:
            if self.returncode is None:
                self.returncode = launcher().ask(ended=self.pid)
        return self.returncode

    def wait(self, timeout: float = 30) -> int:
        deadline = time.monotonic() + timeout
        while self.poll() is None:
            if time.monotonic() > deadline:
                raise subprocess.TimeoutExpired("main.py", timeout)
            time.sleep(0.01)
        assert self.returncode is not None
        return self.returncode

    def send_signal(self, number: int) -> None:
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)


class SlowLine:
    """Proxies on the ports of servers, in a loop of their own: those of tests may be blocked."""

    def __init__(self) -> None:
        self._loop = asyncio.new_event_loop()
        self._proxies: dict[int, JitteryProxy] = {}
        threading.Thread(target=self._loop.run_forever, daemon=True).start()

    def begin(self, port: int, target: int) -> None:
        """Lead a port to another one, to which a server is about to listen."""
        proxy = self._proxies.setdefault(port, JitteryProxy(port, target, SLOW_LINE))
        proxy.target = target
        asyncio.run_coroutine_threadsafe(proxy.heal(), self._loop).result()

    def end(self, port: int) -> None:
        """Refuse new connections; what the server sent last is on its way still."""
        asyncio.run_coroutine_threadsafe(self._proxies[port].refuse(), self._loop).result()


@cache
def slow_line() -> SlowLine:
    return SlowLine()


class Launcher:
    """A connection to the process that forks servers, which ends with the last one; lines of JSON are exchanged."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._lock = threading.Lock()
        with FileLock(f"{path}.lock"):
            self._socket = self._connect() or self._start()
        self._lines = self._socket.makefile("rw")

    def ask(self, **request: object) -> int | None:
        with self._lock:
            self._lines.write(json.dumps(request) + "\n")
            self._lines.flush()
            return json.loads(self._lines.readline())

    def _connect(self) -> socket.socket | None:
        connection = socket.socket(socket.AF_UNIX)
        try:
            connection.connect(str(self._path))
        except OSError:
            connection.close()
            return None
        return connection

    def _start(self) -> socket.socket:
        command = [sys.executable, "-m", "tests.support.launcher", self._path]
        process = subprocess.Popen(
            command, cwd=ROOT, env=clean(os.environ), stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL
        )
        while not (connection := self._connect()):
            assert process.poll() is None, "the launcher has ended"
            time.sleep(0.02)
        return connection


@cache
def launcher() -> Launcher:
    """Return this process's connection to the launcher of the test run."""
    run = os.environ.get("PYTEST_XDIST_TESTRUNUID", uuid4().hex)
    return Launcher(Path(tempfile.gettempdir()) / f"launcher-{run}")
