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
    """Return seconds of a clock that can't be set, and that counts while the computer sleeps.

    On Linux that is CLOCK_BOOTTIME. On macOS it is CLOCK_MONOTONIC, while `time.monotonic` stops there (it reads
    `mach_absolute_time`), so that each sleep would look like a clock that was set. On Windows `time.monotonic` counts.
    """
    if not hasattr(time, "clock_gettime"):
        return time.monotonic()
    return time.clock_gettime(getattr(time, "CLOCK_BOOTTIME", time.CLOCK_MONOTONIC))
