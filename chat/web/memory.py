"""Memory of closed pages, which go round in circles until the garbage collector breaks these."""

import ctypes
import gc
import sys
from collections.abc import Callable

ENOUGH = 10


class ClosedPageCollector:
    """Collects garbage when many pages were closed, compared to those that are open: then it is worth the moment."""

    def __init__(self, open_pages: Callable[[], int]) -> None:
        self._open_pages = open_pages
        self._closed = 0

    def note_closed(self) -> None:
        """To be called for each page that is gone."""
        self._closed += 1

    def tidy(self) -> None:
        """To be called now and then."""
        if self._closed >= max(ENOUGH, self._open_pages() // 4):
            self._closed = 0
            gc.collect()
            _give_back()


def _give_back() -> None:
    # glibc keeps what was freed for itself, in small pieces; other C libraries have no such function.
    if sys.platform == "linux" and (trim := getattr(ctypes.CDLL(None), "malloc_trim", None)):
        trim(0)
