"""The health of all stores, for monitors."""

import asyncio
import time

from chat.storage.status import StoreStatus
from chat.storage.stores import Stores

INTERVAL = 2.0  # seconds


class StorageHealth:
    """Checks the stores, at most every two seconds: each check writes to the disk, and anyone can ask for one."""

    def __init__(self, stores: Stores) -> None:
        self._stores = stores
        self._found: dict[str, StoreStatus] = {}
        self._checked_at = -INTERVAL
        self._lock = asyncio.Lock()

    async def check(self) -> dict[str, StoreStatus]:
        """Return the status of each store by its name."""
        async with self._lock:
            if time.monotonic() - self._checked_at >= INTERVAL:
                self._found = await self._stores.check()
                self._checked_at = time.monotonic()
            return self._found
