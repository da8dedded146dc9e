"""The clock of the running chat."""

import time
from datetime import UTC, datetime, timedelta

TOLERANCE = timedelta(seconds=1)  # adjustments smaller than this are not worth noticing


def now() -> datetime:
    """Return the current time in UTC."""
    return datetime.now(UTC)


class ClockWatch:
    """Notices when someone sets the system's clock."""

    def __init__(self) -> None:
        self._offset = _offset()

    def change(self) -> timedelta:
        """Return by how much the clock was set since the last call that returned anything."""
        offset = _offset()
        change = offset - self._offset
        if abs(change) < TOLERANCE:
            return timedelta()
        self._offset = offset
        return change


def _offset() -> datetime:
    return now() - timedelta(seconds=_elapsed())


def _elapsed() -> float:
    """Return seconds of a clock that nobody sets; on Linux it also counts while the computer sleeps."""
    return time.clock_gettime(time.CLOCK_BOOTTIME) if hasattr(time, "CLOCK_BOOTTIME") else time.monotonic()
