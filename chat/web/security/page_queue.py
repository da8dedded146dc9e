"""Page loads one after another, so that what people write gets through between them."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class Turns:
    """A queue for each visitor, and one in which the first of each of these wait: many pages of one delay nobody."""

    def __init__(self) -> None:
        self._all = asyncio.Lock()
        self._own: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def take(self, visitor: str) -> AsyncIterator[None]:
        """Wait for the visitor's turn, and have it."""
        self._waiting[visitor] += 1
        try:
            async with self._own[visitor], self._all:
                await asyncio.sleep(0)  # whatever else is ready comes first
                yield
        finally:
            self._waiting[visitor] -= 1
            if not self._waiting[visitor]:
                del self._waiting[visitor], self._own[visitor]
