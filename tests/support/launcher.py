"""The process that forks servers for the tests: see `tests/support/prepared.py`, which starts it."""

import asyncio
import gc
import importlib
import json
import os
import re
import runpy
import select
import socket
import sys
from collections.abc import Iterator, Sequence
from functools import cache
from pathlib import Path
from typing import Any, TextIO

from filelock import FileLock

from chat.domain.events import DurableEvent
from chat.framework.page_template import page_files, template
from chat.i18n.translator import languages, translator
from chat.state.pipeline.batch_writer import BatchWriter
from chat.text.emoji import suggest
from chat.text.markup.renderer import is_big
from chat.ui.browser.script import script, script_file
from chat.web.files.static_files import ENCODERS, files_in
from tests.support.server import ROOT

OF_OTHER_LANGUAGES = re.compile(r"/lang/(?!en)|/emoji-picker-element-data[^/]*/(?!en/)")


def wait_for_work(path: Path) -> None:
    """Answer requests at a Unix socket until nobody is connected; in a forked child, run `main.py`."""
    for module in "main", "uvicorn.protocols.websockets.wsproto_impl", "uvicorn.lifespan.on":
        importlib.import_module(module)
    warm_up()
    gc.collect()
    gc.freeze()
    inbox = Inbox(path)
    for request, answers in inbox:
        if "ended" in request:
            pid, status = os.waitpid(request["ended"], os.WNOHANG)
            answer = os.waitstatus_to_exitcode(status) if pid else None
        else:
            answer = os.fork()
            if answer == 0:
                inbox.close()
                return become_main(**request)
        answers.write(f"{json.dumps(answer)}\n")
        answers.flush()
    return None


class Inbox:
    """Requests of test processes, each a line of JSON, with the file that takes the answer."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._connections: dict[socket.socket, TextIO] = {}
        self._listener = socket.socket(socket.AF_UNIX)
        self._listener.bind(str(path))
        self._listener.listen()

    def __iter__(self) -> Iterator[tuple[dict[str, Any], TextIO]]:
        while True:
            for ready in select.select([self._listener, *self._connections], [], [])[0]:
                if ready is self._listener:
                    connection, _ = ready.accept()
                    self._connections[connection] = connection.makefile("rw")
                elif line := self._connections[ready].readline():
                    yield json.loads(line), self._connections[ready]
                else:
                    self._connections.pop(ready).close()
                    ready.close()
            if not self._connections and self._is_over():
                return

    def close(self) -> None:
        for connection, file in self._connections.items():
            file.close()
            connection.close()
        self._listener.close()

    def _is_over(self) -> bool:
        with FileLock(f"{self._path}.lock"):  # which test processes have while they connect
            if select.select([self._listener], [], [], 0)[0]:
                return False
            self._path.unlink()
            Path(f"{self._path}.lock").unlink()
            return True


def warm_up() -> None:
    """Do once what would keep each server longer than its own start and the first page."""
    for code in languages():
        translator(code)
    script()
    suggest(":smile")
    is_big("🎉")
    template()
    compress_once()


def compress_once() -> None:
    """Compress what English pages load, so that servers find it compressed."""
    ENCODERS["br"] = cache(ENCODERS["br"])
    files = {**files_in(ROOT / "assets", "/assets/"), **page_files(), "/script": script_file()}
    for path, file in files.items():
        if file.is_compressible and not OF_OTHER_LANGUAGES.search(path):
            file.load("br")


def become_main(environment: dict[str, str], arguments: list[str], outputs: list[str]) -> None:
    """Run `main.py` as if started in this environment; the files in `outputs` get its output and its errors."""
    for target, path in enumerate(outputs, 1):
        os.dup2(os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT), target)
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["main.py", *arguments]
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
    wait_for_work(Path(sys.argv[1]))
