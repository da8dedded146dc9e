"""Rate limits that count on the monotonic clock: setting the system's clock neither ends nor prolongs a wait.

Written for: limits 5.8.0, whose modules `limits.storage.memory` and `limits.strategies` call `time.time`.
Obsolete when: its storages take a clock.
"""

import math
import time

from limits import strategies
from limits.storage import MemoryStorage, memory


class _MonotonicTime:
    @staticmethod
    def time() -> float:
        return time.monotonic()


def steady_storage() -> MemoryStorage:
    """Return a storage for counts; from then on, all limits in this process use the monotonic clock."""
    memory.time = strategies.time = _MonotonicTime  # type: ignore[assignment, attr-defined]
    return MemoryStorage()


def seconds_until(reset_time: float) -> int:
    """Return the seconds until the `reset_time` of a limit's window statistics, at least 1."""
    return max(1, math.ceil(reset_time - time.monotonic()))
