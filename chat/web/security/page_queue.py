"""Serialise page builds so they don't delay messages."""

import asyncio
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager


class PageBuildQueue:
    """One queue per address, and a shared one for the first of each: many pages of one address delay no other."""

    def __init__(self) -> None:
        self._shared = asyncio.Lock()
        self._by_address: defaultdict[str, asyncio.Lock] = defaultdict(asyncio.Lock)
        self._waiting: Counter[str] = Counter()

    @asynccontextmanager
    async def slot(self, rate_limit_key: str) -> AsyncIterator[None]:
        """Hold the slot of an address, once it is free."""
        self._waiting[rate_limit_key] += 1
        try:
            async with self._by_address[rate_limit_key], self._shared:
                await asyncio.sleep(0)  # anything else that is ready runs first
                yield
        finally:
            self._waiting[rate_limit_key] -= 1
            if not self._waiting[rate_limit_key]:
                del self._waiting[rate_limit_key], self._by_address[rate_limit_key]
