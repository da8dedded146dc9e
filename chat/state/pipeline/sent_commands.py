"""Commands and edits act once, however often a browser sends them again after a lost connection, to any process."""

import asyncio
from collections.abc import Callable, Coroutine
from functools import partial
from typing import Any, TypeVar

from cachetools import FIFOCache, LRUCache

from chat.domain.errors import ChatError
from chat.state.pipeline.running_command import running_command
from chat.storage.peers import Peers
from chat.storage.shared import CarriedOut, SentCommand

MAX_MEMBERS = 1000
MAX_PER_MEMBER = 20  # browsers repeat unanswered commands: seldom more than one

T = TypeVar("T")


class SentCommands:
    """The last commands of each member by message id, with their outcomes; forgotten at a restart.

    Commands that other processes ran are only known to have stored something: they have no outcome here.
    """

    def __init__(self, peers: Peers | None = None) -> None:
        self._peers = peers
        self._by_member: LRUCache[str, FIFOCache[str, asyncio.Task[Any]]] = LRUCache(MAX_MEMBERS)

    def has(self, member_id: str, message_id: str) -> bool:
        return message_id in self._by_member.get(member_id, ())

    async def run_once(self, member_id: str, message_id: str, run: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        """Return the outcome of `run`, or of the run before with the same id, which may not have ended yet.

        It completes even if the caller is cancelled. One that failed is forgotten, and may be sent again.
        """
        sent = self._by_member.setdefault(member_id, FIFOCache(MAX_PER_MEMBER))
        task: asyncio.Task[T | None] | None = sent.get(message_id)
        if task is None:
            task = sent[message_id] = asyncio.create_task(self._run(SentCommand(member_id, message_id), run))
            task.add_done_callback(partial(_forget_failed, sent, message_id))
        try:
            return await asyncio.shield(task)
        finally:
            del task  # breaks a cycle: the task's error has this frame in its traceback

    async def _run(self, command: SentCommand, run: Callable[[], Coroutine[Any, Any, T]]) -> T | None:
        if await self._is_done_elsewhere(command):
            return None
        running_command.set(command)
        try:
            return await run()
        except CarriedOut:  # meanwhile
            return None
        except ChatError:
            if await self._is_done_elsewhere(command):  # and refused for that reason
                return None
            raise

    async def _is_done_elsewhere(self, command: SentCommand) -> bool:
        return self._peers is not None and await self._peers.have_carried_out(command)


def _forget_failed(sent: FIFOCache[str, asyncio.Task[Any]], message_id: str, task: asyncio.Task[Any]) -> None:
    if task.cancelled() or task.exception():
        sent.pop(message_id, None)
