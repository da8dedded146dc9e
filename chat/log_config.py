"""Structured logs, one line each; long fields are truncated and control characters escaped."""

import logging
import sys
from collections.abc import MutableMapping
from typing import Any

import structlog
from limits import RateLimitItemPerMinute
from limits.strategies import FixedWindowRateLimiter

from chat.state.steady_limits import steady_storage

FIELD_LIMIT = 500
TRACEBACK_LIMIT = 2000
LINES_PER_MINUTE = 60


def configure(level: str) -> None:
    """Log to standard error as `key=value` lines, including NiceGUI's and uvicorn's logs."""
    shared: list[structlog.typing.Processor] = [
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.format_exc_info,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.addFilter(_LibraryLimit())
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                _truncate,
                structlog.processors.LogfmtRenderer(key_order=["timestamp", "level", "event"], bool_as_flag=False),
                _escape,
            ],
        )
    )
    root = logging.getLogger()
    root.handlers = [handler]
    root.setLevel(level.upper())
    for name in ("nicegui", "uvicorn", "uvicorn.error", "uvicorn.access"):
        library = logging.getLogger(name)
        library.handlers, library.propagate = [], True


class _LibraryLimit(logging.Filter):
    """Limit the lines a minute of libraries, which clients can provoke; all lines of the chat itself pass."""

    def __init__(self) -> None:
        super().__init__()
        self._limiter = FixedWindowRateLimiter(steady_storage())
        self._limit = RateLimitItemPerMinute(LINES_PER_MINUTE)

    def filter(self, record: logging.LogRecord) -> bool:
        return record.name.startswith("chat") or self._limiter.hit(self._limit, "lines")


def _truncate(_: Any, __: str, event: MutableMapping[str, Any]) -> MutableMapping[str, Any]:
    for key, value in event.items():
        text = str(value)
        if len(text) > FIELD_LIMIT:
            # The end of a traceback names the error.
            shown = f"…{text[-TRACEBACK_LIMIT:]}" if key == "exception" else f"{text[:FIELD_LIMIT]}…"
            event[key] = f"{shown} ({len(text)} characters)"
    return event


def _escape(_: Any, __: str, line: Any) -> str:
    return "".join(c if c.isprintable() else c.encode("unicode_escape").decode() for c in line)
