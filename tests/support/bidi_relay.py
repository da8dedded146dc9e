#!/usr/bin/env -S python3 -P
"""Run Firefox with the given arguments, and relay WebDriver BiDi between it and Playwright.

Playwright 1.65 sends commands that Firefox ESR doesn't know, and gives up if they fail: here they succeed, without
effect. Playwright starts this as its `executable_path`; FIREFOX in the environment is the path of the real one.
"""

import asyncio
import json
import os
import re
import signal
import sys
from asyncio.subprocess import PIPE, Process

from websockets.asyncio.client import connect
from websockets.asyncio.connection import Connection
from websockets.asyncio.server import ServerConnection, serve
from websockets.exceptions import ConnectionClosed

LISTENING = re.compile(rb"WebDriver BiDi listening on (ws://\S+)")
UNLIMITED = {"max_size": None, "compression": None}


async def run(*command: str) -> None:
    """Return when Playwright disconnects or Firefox exits; neither outlives the other."""
    firefox = await asyncio.create_subprocess_exec(*command, stderr=PIPE)
    try:
        address = await _address(firefox)
        done = asyncio.Event()

        async def relay(playwright: ServerConnection) -> None:
            try:
                async with connect(address + playwright.request.path, **UNLIMITED) as browser:
                    await _relay(playwright, browser)
            finally:
                done.set()

        async with serve(relay, "127.0.0.1", 0, **UNLIMITED) as server:
            port = server.sockets[0].getsockname()[1]
            print(f"WebDriver BiDi listening on ws://127.0.0.1:{port}", file=sys.stderr, flush=True)
            await _first(done.wait(), _forward_log(firefox))
    finally:
        if firefox.returncode is None:
            firefox.kill()  # its profile is thrown away
        await firefox.wait()


async def _address(firefox: Process) -> str:
    async for line in firefox.stderr:
        if found := LISTENING.search(line):
            return found[1].decode()
        sys.stderr.buffer.write(line)
    raise SystemExit("Firefox ended before it listened")


async def _forward_log(firefox: Process) -> None:
    async for line in firefox.stderr:
        sys.stderr.buffer.write(line)
        sys.stderr.buffer.flush()


async def _relay(playwright: Connection, browser: Connection) -> None:
    await _first(_copy(playwright, browser), _copy(browser, playwright))


async def _copy(source: Connection, target: Connection) -> None:
    try:
        async for frame in source:
            await target.send(_pardon(frame))
    except ConnectionClosed:
        pass


def _pardon(frame: str) -> str:
    """Turn the error of an unknown command into an empty success."""
    if '"unknown command"' in frame:
        message = json.loads(frame)
        if message.get("error") == "unknown command":
            return json.dumps({"type": "success", "id": message["id"], "result": {}})
    return frame


async def _first(*coroutines) -> None:
    """Wait until one has finished, and cancel the others."""
    tasks = [asyncio.ensure_future(each) for each in coroutines]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def main() -> None:
    task = asyncio.current_task()
    for number in (signal.SIGTERM, signal.SIGINT, signal.SIGHUP):
        asyncio.get_running_loop().add_signal_handler(number, task.cancel)
    await run(os.environ["FIREFOX"], *sys.argv[1:])


if __name__ == "__main__":
    asyncio.run(main())
