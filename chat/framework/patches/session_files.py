"""The file of a session is written at once when someone signs in or out, and at most every second otherwise.

Written for: NiceGUI 3.18.0, which writes a session's file after each change, as fast as the disk allows, and puts it in
its place within the event loop. It also writes what it has just read.
Saves: hundreds of writes a second while a program changes its preferences, up to 40 ms of everybody's time for each
while the disk is busy, and one when somebody comes back.
Obsolete when: NiceGUI limits them itself, and leaves all of it to a thread.
"""

import asyncio
import inspect
import json
import os
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from copy import copy
from functools import wraps
from pathlib import Path
from typing import Any

import structlog
from nicegui import background_tasks, core
from nicegui.persistence import FilePersistentDict
from nicegui.persistence.serialization import dumps

INTERVAL = 1.0  # seconds
CREDENTIALS = ("member", "admission")
"""What is written at once: after a crash, those who signed out must not be signed in again."""

CopySession = Callable[[str, Mapping[str, Any]], None]

_log = structlog.get_logger("chat.framework")


def write_sessions_seldom(copy_session: CopySession | None = None) -> None:
    """Patch NiceGUI; `copy_session` gets the name and the content of each file that is written, or will be soon."""
    write_file = inspect.unwrap(FilePersistentDict.backup)

    def write(data: FilePersistentDict) -> None:
        if core.is_loop_running():
            background_tasks.create_lazy(_write_in_thread(data), name=data.filepath.stem)
        else:
            write_file(data)
        if copy_session:
            copy_session(data.filepath.stem, data)

    @wraps(write_file)
    def backup(data: FilePersistentDict) -> None:
        if hasattr(data, "is_being_read"):
            return
        credentials = _credentials(data)
        if not core.is_loop_running() or core.app.is_stopping or credentials != getattr(data, "credentials", None):
            _end_waiting(data)
            data.credentials = credentials  # type: ignore[attr-defined]
            write(data)
        elif not hasattr(data, "waiting"):
            if copy_session:  # at once: meanwhile, a change by another process would replace this one
                copy_session(data.filepath.stem, data)
            loop = asyncio.get_running_loop()
            data.waiting = loop.call_later(INTERVAL, write_waiting, data)  # type: ignore[attr-defined]

    def write_waiting(data: FilePersistentDict) -> None:
        _end_waiting(data)
        write(data)

    FilePersistentDict.backup = backup  # type: ignore[assignment, method-assign]
    FilePersistentDict.initialize = _read_in_thread  # type: ignore[assignment, method-assign]


async def _read_in_thread(data: FilePersistentDict) -> None:
    values = await asyncio.to_thread(_read, data.filepath)
    data.is_being_read = True  # type: ignore[attr-defined]
    data.update(values)
    data.credentials = _credentials(data)  # type: ignore[attr-defined]
    del data.is_being_read  # type: ignore[attr-defined]


def _credentials(data: FilePersistentDict) -> tuple[object, ...]:
    return tuple(copy(data[key]) for key in CREDENTIALS if key in data)


def _read(path: Path) -> dict[str, Any]:
    with suppress(OSError):
        os.utime(path)  # by which old sessions are removed
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        values = None
    if not isinstance(values, dict):
        _log.warning("the file of a session can't be read", file=path.name)
        return {}
    return values


@background_tasks.await_on_shutdown
async def _write_in_thread(data: FilePersistentDict) -> None:
    await asyncio.to_thread(_write, data.filepath, dumps(data, str(data.filepath)) if data else "")


def _write(path: Path, content: str) -> None:
    temporary = path.with_name(f"{path.name}.tmp")
    if not content:
        temporary.unlink(missing_ok=True)
        path.unlink(missing_ok=True)
        return
    path.parent.mkdir(exist_ok=True)
    temporary.write_text(content, encoding="utf-8")
    with suppress(FileNotFoundError):  # all sessions are just being deleted
        temporary.replace(path)


def write_changed_sessions(sessions: Iterable[FilePersistentDict]) -> None:
    """Write what is still waiting; to be called before the chat stops."""
    for data in sessions:
        if _end_waiting(data):
            data.credentials = None  # type: ignore[attr-defined]
            data.backup()


def _end_waiting(data: FilePersistentDict) -> bool:
    """Return whether a change was waiting to be written."""
    waiting = data.__dict__.pop("waiting", None)
    if waiting:
        waiting.cancel()
    return waiting is not None
