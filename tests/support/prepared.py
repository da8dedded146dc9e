"""Servers that start instantly: a process with everything imported forks, and the child runs `main.py`.

Importing takes longer than most tests, so it is done once. The child is a complete server in its own process: it reads
its environment, writes its log and handles signals as usual.

With `SLOW_DISK=0.3`, every write of an event takes so many seconds longer. With `SLOW_LINE=0.12`, all that goes to a
server or comes from it is late, by up to so many seconds. Both find tests, and pages, that don't wait.
"""

import asyncio
import atexit
import gc
import importlib
import json
import os
import re
import runpy
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Sequence
from functools import cache
from pathlib import Path

import nicegui.client

from chat.domain.events import DurableEvent
from chat.framework.page_template import install_template, page_files
from chat.i18n.translator import languages, translator
from chat.state.batch_writer import BatchWriter
from chat.text.emoji import suggest
from chat.text.markup.renderer import is_big
from chat.ui.browser.script import script, script_file
from chat.web.static_files import ENCODERS, files_in
from tests.support.proxy import JitteryProxy
from tests.support.server import ROOT, Server, clean, free_port

SLOW_LINE = float(os.environ.get("SLOW_LINE", "0"))
OF_OTHER_LANGUAGES = re.compile(r"/lang/(?!en)|/emoji-picker-element-data[^/]*/(?!en/)")


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
        return Forked(launcher().ask(environment=self.environment, log=str(self.log_path)))


class Forked:
    """The part of `subprocess.Popen` that tests need, for a child of the launcher."""

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
    """The process that forks servers; requests and answers are lines of JSON."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.support.prepared"],
            cwd=ROOT,
            env=clean(os.environ),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def ask(self, **request: object) -> int | None:
        assert self._process.stdin
        assert self._process.stdout
        with self._lock:
            self._process.stdin.write(json.dumps(request) + "\n")
            self._process.stdin.flush()
            return json.loads(self._process.stdout.readline())

    def close(self) -> None:
        assert self._process.stdin
        self._process.stdin.close()
        self._process.wait()


@cache
def launcher() -> Launcher:
    """Return the launcher of this test process."""
    new = Launcher()
    atexit.register(new.close)
    return new


def wait_for_work() -> None:
    """Answer the requests of a `Launcher`; in a forked child, run `main.py`."""
    for module in "main", "uvicorn.protocols.websockets.wsproto_impl", "uvicorn.lifespan.on":
        importlib.import_module(module)
    warm_up()
    gc.collect()
    gc.freeze()
    for line in sys.stdin:
        request = json.loads(line)
        if "ended" in request:
            pid, status = os.waitpid(request["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                return become_main(request["environment"], request["log"])
        print(json.dumps(answer), flush=True)
    return None


def warm_up() -> None:
    """Do once what would keep each server longer than its own start and the first page."""
    for code in languages():
        translator(code)
    script()
    suggest(":smile")
    is_big("🎉")
    install_template()
    compress_once()
    nicegui.client.templates.get_template("index.html")


def compress_once() -> None:
    """Compress what English pages load, so that servers find it compressed."""
    ENCODERS["br"] = cache(ENCODERS["br"])
    files = {**files_in(ROOT / "assets", "/assets/"), **page_files(), "/script": script_file()}
    for path, file in files.items():
        if file.is_compressible and not OF_OTHER_LANGUAGES.search(path):
            file.load("br")


def become_main(environment: dict[str, str], log: str) -> None:
    """Run `main.py` as if started in this environment, with its output in the file `log`."""
    output = os.open(log, os.O_WRONLY | os.O_APPEND | os.O_CREAT)
    for target in (1, 2):
        os.dup2(output, target)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["main.py"]
    slow_down(float(environment.get("SLOW_DISK", "0")))
    runpy.run_path("main.py", run_name="__main__")


def slow_down(seconds: float) -> None:
    append = BatchWriter._append

    async def append_late(self: BatchWriter, events: list[DurableEvent]) -> Sequence[DurableEvent]:
        await asyncio.sleep(seconds)
        return await append(self, events)

    if seconds:
        BatchWriter._append = append_late  # type: ignore[method-assign]


if __name__ == "__main__":
    wait_for_work()
