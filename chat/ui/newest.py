"""Runs work for the newest query only."""

from collections.abc import Awaitable, Callable


class Newest:
    """Does `work` for one query at a time. While it is being done, the newest query waits, and the others are skipped.

    `is_working` tells whether it is being done, `is_due` whether a query waits.
    """

    def __init__(self, work: Callable[[str], Awaitable[None]]) -> None:
        self._work = work
        self._query = ""
        self.is_working = False
        self.is_due = False

    async def do(self, query: str) -> None:
        self._query = query
        self.is_due = True
        if self.is_working:
            return
        self.is_working = True
        try:
            while self.is_due:
                self.is_due = False
                await self._work(self._query)
        finally:
            self.is_working = False

    async def again(self) -> None:
        """Do the work for the same query again, as what it was done with has changed."""
        await self.do(self._query)
