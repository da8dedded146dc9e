"""The search in the history: in a thread of its own, and fair."""

import asyncio
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TypeVar

from cachetools import FIFOCache

from chat.domain.messages.history import History
from chat.domain.messages.search import Hit, SearchTexts, search
from chat.text.searchable import READER

REST = 2  # times as long as a member's last search took, until their next one begins
MAX_REMEMBERED = 10_000

T = TypeVar("T")


@dataclass(slots=True)
class _Turn:
    lock: asyncio.Lock = field(default_factory=asyncio.Lock)
    next_at: float = 0  # by the monotonic clock


class MessageSearch:
    """Searches one after another, so that neither writes to disk nor the event loop wait for searches.

    Each member has one search at a time, and slow ones take at most a third of the time, however many are asked for.
    """

    def __init__(self) -> None:
        self._texts = SearchTexts(READER)
        self._thread = ThreadPoolExecutor(1, "search")
        self._turns: FIFOCache[str, _Turn] = FIFOCache(MAX_REMEMBERED)

    async def run(
        self, member_id: str, history: History, query: object, limit: int, present: Callable[[list[Hit]], T]
    ) -> T:
        """Return the newest `limit` messages that match, as `present` (called in the thread) makes them."""
        turn = self._turns.setdefault(member_id, _Turn())
        async with turn.lock:
            await asyncio.sleep(turn.next_at - time.monotonic())
            messages = list(history)  # a copy: the history may change while the thread searches
            start = time.monotonic()
            try:
                return await asyncio.get_running_loop().run_in_executor(
                    self._thread, lambda: present(search(messages, query, limit, self._texts))
                )
            finally:
                end = time.monotonic()
                turn.next_at = end + REST * (end - start)

    def forget(self, _event: object) -> None:
        """Forget texts of messages that are gone, at the next search."""
        self._texts.is_stale = True

    def close(self) -> None:
        self._thread.shutdown(wait=False, cancel_futures=True)
