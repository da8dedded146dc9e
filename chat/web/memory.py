"""When to collect garbage: a full collection stops the whole server for a moment."""

import ctypes
import gc
import sys
from collections.abc import Callable

MIN_CLOSED = 10  # pages
MUCH_GARBAGE = 1000  # pages


class ClosedPageCollector:
    """Return the memory of closed pages when there are many compared to the open ones.

    They end at once, so that hardly anything of them is left to collect as garbage: that would stop the server for a
    quarter of a second with 300 open pages.
    """

    def __init__(self, open_pages: Callable[[], int]) -> None:
        self._open_pages = open_pages
        self._closed = self._uncollected = 0

    def note_closed(self) -> None:
        self._closed += 1

    def collect(self) -> None:
        """Return memory, and sometimes collect garbage, if it is worth the pause."""
        if self._closed < max(MIN_CLOSED, self._open_pages() // 4):
            return
        self._uncollected += self._closed
        self._closed = 0
        if self._uncollected >= MUCH_GARBAGE:
            self._uncollected = 0
            gc.collect()
        _return_freed_memory()


def freeze_startup_heap() -> None:
    """Leave permanent objects out of collections, and have a full one when 10,000,000 objects more are alive.

    That is about 3,000 pages, of 3,000 objects each. A full collection looks at all open pages: with a tenth of that
    threshold, one came with every 80 pages that opened, and took about a tenth of a second.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(10_000, 10, 100)


def _return_freed_memory() -> None:
    # glibc keeps freed memory for itself, in small pieces; other C libraries have no such function.
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
