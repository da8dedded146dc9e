"""Servers that start at once: a process that has imported everything becomes `main.py` by a fork.

Importing takes longer than most scenes, so it is done once. What runs is the same program in a process of its own:
it reads its environment, writes its log, and ends by signals like any other.
"""

import atexit
import gc
import importlib
import json
import os
import runpy
import signal
import subprocess
import sys
import threading
import time
from functools import cache

from chat.i18n.translator import languages, translator
from tests.support.server import ROOT, Server, clean


class PreparedServer(Server):
    """A `Server` forked from a process that waits with all modules imported."""

    def _launch(self) -> "Forked":
        return Forked(launcher().ask(environment=self.environment, log=str(self.log_path)))


class Forked:
    """The part of `subprocess.Popen` that tests need, for a process that is the launcher's child."""

    def __init__(self, pid: int) -> None:
        self.pid = pid
        self.returncode: int | None = None

    def poll(self) -> int | None:
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


class Launcher:
    """The process that waits, asked by lines of JSON."""

    def __init__(self) -> None:
        self._turn = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.prepared"],
            cwd=ROOT,
            env=clean(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **question: object) -> int | None:
        assert self._process.stdin
        assert self._process.stdout
        with self._turn:
            self._process.stdin.write(json.dumps(question) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@cache
def launcher() -> Launcher:
    """The launcher of this test process."""
    made = Launcher()
    atexit.register(made.close)
    return made


def wait_for_work() -> None:
    """Answer the questions of a `Launcher`; in a forked process: be `main.py`."""
    for module in "main", "uvicorn.protocols.websockets.wsproto_impl", "uvicorn.lifespan.on":
        importlib.import_module(module)
    for code in languages():
        translator(code)  # reading the catalogs takes as long as a page to load
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        question = json.loads(line)
        if "ended" in question:
            pid, status = os.waitpid(question["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                return become_main(question["environment"], question["log"])
        print(json.dumps(answer), flush=True)
    return None


def become_main(environment: dict[str, str], log: str) -> None:
    """Be what `python main.py` is in this environment, writing to the file `log`."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for target in (1, 2):
        os.dup2(output, target)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["main.py"]
    runpy.run_path("main.py", run_name="__main__")


if __name__ == "__main__":
    wait_for_work()
