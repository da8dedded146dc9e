"""Events about elements or listeners that a page doesn't have are ignored.

Written for: NiceGUI 3.18.0, whose handler of the Socket.IO message `event` raises `KeyError` for unknown listeners.
Saves: a traceback in the log for each such message, which any client can send.
Obsolete when: NiceGUI ignores them itself.
"""

import inspect
from functools import wraps
from typing import Any

import structlog
from nicegui import core

_log = structlog.get_logger("chat.framework")


def ignore_stale_events() -> None:
    handlers = core.sio.handlers["/"]
    handle = inspect.unwrap(handlers["event"])

    @wraps(handle)
    def handle_known(sid: str, message: dict[str, Any]) -> None:
        try:
            handle(sid, message)
        except KeyError:
            _log.debug("ignored a stale event", sid=sid)

    handlers["event"] = handle_known
