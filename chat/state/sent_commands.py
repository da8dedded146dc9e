"""Commands and edits act once, however often a browser sends them again after a lost connection."""

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any, TypeVar

from cachetools import FIFOCache, LRUCache

MAX_MEMBERS = 1000
MAX_PER_MEMBER = 20  # a browser sends again what it has had no answer to: seldom more than one

T = TypeVar("T")


class SentCommands:
    """The last commands of each member by message id, with their outcomes; forgotten at a restart."""

    def __init__(self) -> None:
        self._by_member: LRUCache[str, FIFOCache[str, asyncio.Task[Any]]] = LRUCache(MAX_MEMBERS)

    def has(self, member_id: str, message_id: str) -> bool:
        return message_id in self._by_member.get(member_id, ())

    async def run_once(self, member_id: str, message_id: str, run: Callable[[], Coroutine[Any, Any, T]]) -> T:
        """Return the outcome of `run`, or of the run before with the same id, which may not have ended yet.

        It completes even if the caller is cancelled. One that failed is forgotten, and may be sent again.
        """
        sent = self._by_member.setdefault(member_id, FIFOCache(MAX_PER_MEMBER))
        task: asyncio.Task[T] | None = sent.get(message_id)
        if task is None:
            task = sent[message_id] = asyncio.create_task(run())
            task.add_done_callback(lambda ended: _has_failed(ended) and sent.pop(message_id, None))
        return await asyncio.shield(task)


def _has_failed(task: asyncio.Task[Any]) -> bool:
    return task.cancelled() or task.exception() is not None
