"""Page loads one after another, so that what people write gets through between them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class PageBuildQueue:
    """A queue for each visitor, and one in which the first of each of these wait: many pages of one delay nobody."""

    def __init__(self) -> None:
        self._all = asyncio.Lock()
        self._own: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def take(self, rate_limit_key: str) -> AsyncIterator[None]:
        """Wait for the visitor's turn, and have it."""
        self._waiting[rate_limit_key] += 1
        try:
            async with self._own[rate_limit_key], self._all:
                await asyncio.sleep(0)  # whatever else is ready comes first
                yield
        finally:
            self._waiting[rate_limit_key] -= 1
            if not self._waiting[rate_limit_key]:
                del self._waiting[rate_limit_key], self._own[rate_limit_key]
