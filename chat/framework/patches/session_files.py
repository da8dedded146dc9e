"""The file of a session is written at once, and then at most every second, unless someone signs in or out.

Written for: NiceGUI 3.18.0, which writes a session's file after each change, as fast as the disk allows.
Saves: hundreds of writes a second while a program changes its preferences.
Obsolete when: NiceGUI limits them itself.
"""

import asyncio
import inspect
from collections.abc import Callable, Iterable, Mapping
from copy import copy
from functools import wraps
from typing import Any

from nicegui import core
from nicegui.persistence import FilePersistentDict

INTERVAL = 1.0  # seconds
MEMBER = "member"  # in a session: after a crash, those who signed out must not be signed in again

CopySession = Callable[[str, Mapping[str, Any]], None]


def write_sessions_seldom(copy_session: CopySession | None = None) -> None:
    """Patch NiceGUI; `copy_session` gets the name and the content of each file that is written."""
    write_file = inspect.unwrap(FilePersistentDict.backup)

    def write(data: FilePersistentDict) -> None:
        write_file(data)
        if copy_session:
            copy_session(data.filepath.stem, data)

    @wraps(write_file)
    def backup(data: FilePersistentDict) -> None:
        if not core.is_loop_running() or core.app.is_stopping:
            write(data)
        elif not hasattr(data, "written"):
            write_and_pause(data)
        elif data.get(MEMBER) != data.written_member:  # type: ignore[attr-defined]
            data.written.cancel()
            write_and_pause(data)
        else:
            data.is_changed = True  # type: ignore[attr-defined]

    def write_and_pause(data: FilePersistentDict) -> None:
        write(data)
        data.written = asyncio.get_running_loop().call_later(INTERVAL, _end_pause, data)  # type: ignore[attr-defined]
        data.written_member = copy(data.get(MEMBER))  # type: ignore[attr-defined]

    FilePersistentDict.backup = backup  # type: ignore[assignment, method-assign]


def write_changed_sessions(sessions: Iterable[FilePersistentDict]) -> None:
    """Write what is still waiting; to be called before the chat stops."""
    for data in sessions:
        if hasattr(data, "written"):
            data.written.cancel()
            _end_pause(data)


def _end_pause(data: FilePersistentDict) -> None:
    del data.written  # type: ignore[attr-defined]
    if data.__dict__.pop("is_changed", False):
        data.backup()
