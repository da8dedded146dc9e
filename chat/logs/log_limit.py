"""Limits the lines of each kind in the log: clients can provoke some of them."""

import logging
import threading
import time
from collections import Counter
from pathlib import Path
from traceback import walk_tb

import structlog

LINES_PER_MINUTE = 20
MINUTE = 60.0  # seconds
DISTINCT = ("kind", "file")  # fields that have few values, of which none must hide another

_log = structlog.get_logger()


class LineLimit(logging.Filter):
    """Pass the first lines of each kind in a minute, and report how many were left out at its end.

    Lines are of a kind if they have the same event, about the same kind or file, or, from a library, come from the same
    place in its source; and if the same exception was raised at the same place. So what clients provoke hides no other
    error.
    """

    def __init__(self, window: float = MINUTE) -> None:
        super().__init__()
        self._window = window
        self._lock = threading.Lock()
        self._counts: Counter[str] = Counter()
        self._end = 0.0
        self._timer: threading.Timer | None = None

    def filter(self, record: logging.LogRecord) -> bool:
        if record.name == __name__:
            return True
        kind = _kind(record)
        with self._lock:
            now = time.monotonic()
            if now >= self._end and self._timer is None:
                self._counts.clear()
                self._end = now + self._window
            self._counts[kind] += 1
            is_within = self._counts[kind] <= LINES_PER_MINUTE
            if not is_within and self._timer is None:
                self._timer = threading.Timer(self._end - now, self.report)
                self._timer.daemon = True
                self._timer.start()
        return is_within

    def report(self) -> None:
        """Log how many lines were left out since the last report, if any."""
        with self._lock:
            left_out = Counter({kind: count - LINES_PER_MINUTE for kind, count in self._counts.items()})
            left_out = +left_out  # without those below the limit
            if self._timer:
                self._timer.cancel()
                self._timer = None
            self._counts.clear()
        if left_out:
            kinds = ", ".join(f"{count} of {kind}" for kind, count in left_out.most_common())
            _log.warning("lines were left out of the log", count=left_out.total(), kinds=kinds)


def _kind(record: logging.LogRecord) -> str:
    if not isinstance(record.msg, dict):  # not from structlog
        return f"{record.name}, {record.module}:{record.lineno}{_origin(record.exc_info)}"
    what = [repr(record.msg.get("event")), *(str(record.msg[field]) for field in DISTINCT if field in record.msg)]
    return " ".join(what) + _origin(record.exc_info or record.msg.get("exc_info"))


def _origin(exc_info: object) -> str:
    """Return the class of an exception, and where it was raised."""
    problem = exc_info[1] if isinstance(exc_info, tuple) else exc_info
    if not isinstance(problem, BaseException):
        return ""
    places = [f"{Path(frame.f_code.co_filename).name}:{line}" for frame, line in walk_tb(problem.__traceback__)]
    return f", {type(problem).__name__} at {places[-1] if places else 'no place'}"
