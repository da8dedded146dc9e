"""Structured logs, one line each; control characters are escaped, long fields truncated, and lines limited by kind."""

import atexit
import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog

from chat.logs.log_limit import LineLimit

FIELD_LIMIT = 500  # characters
TRACEBACK_LIMIT = 2000
LINE_LIMIT = 4000  # with control characters escaped, which makes them up to ten

# Their least important lines that are written: Socket.IO and Engine.IO otherwise add handlers of their own, and an HTTP
# client has a line for each request.
LIBRARY_LEVELS = {
    "socketio.server": logging.ERROR,
    "engineio.server": logging.ERROR,
    "httpx": logging.WARNING,
    "httpx2": logging.WARNING,
}


def configure(level: str) -> None:
    """Log to standard error as `key=value` lines, including the logs of all libraries."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    limit = LineLimit()
    atexit.register(limit.report)
    handler.addFilter(limit)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,  # here, as the limit needs the exception itself
                _truncate,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
                _escape,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    logging.captureWarnings(True)
    for library in logging.root.manager.loggerDict.values():
        if isinstance(library, logging.Logger):
            library.handlers, library.propagate = [], True
    for name, least in LIBRARY_LEVELS.items():
        logging.getLogger(name).setLevel(least)


def _truncate(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        text = str(value)
        if len(text) > FIELD_LIMIT:
            # The end of a traceback names the error.
            shown = f"…{text[-TRACEBACK_LIMIT:]}" if key == "exception" else f"{text[:FIELD_LIMIT]}…"
            event[key] = f"{shown} ({len(text)} characters)"
    return event


def _escape(_: Any, __: str, line: Any) -> str:
    escaped = "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
    return escaped if len(escaped) <= LINE_LIMIT else f"{escaped[:LINE_LIMIT]}…"
