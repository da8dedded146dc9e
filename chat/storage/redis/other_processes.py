"""The values of other processes: read from the hashes they keep in the engine, and received on the channel."""

import asyncio
import time

import structlog

from chat.storage.ending import end
from chat.storage.peers import Peer
from chat.storage.redis.engine.connection import FAILURES
from chat.storage.redis.engine.engine import Engine

BEAT = 1.0  # seconds
LOST_AFTER = 4.0  # seconds without a heartbeat

COMPLETE = b"complete"  # a field: a hash without it was lost with the engine's content
ALIVE, GONE, SAYS, PASSES = b"alive", b"gone", b"says", b"passes"

log = structlog.get_logger()


class OtherProcesses:
    """Messages have lines: the process, the kind and, with a value or a note, its topic, key and content.

    Values of silent processes are only dropped if this process has received its own heartbeats meanwhile: otherwise it
    may be the one that was cut off, or hung.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._peers: dict[bytes, Peer] = {}
        self._said: dict[str, dict[bytes, bytes]] = {}
        self._heard_at: dict[str, float] = {}
        self._learning: dict[str, bool] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    def __bool__(self) -> bool:
        return bool(self._said)

    def add(self, topic: str, peer: Peer) -> None:
        self._peers[topic.encode()] = peer

    async def close(self) -> None:
        await end(*self._tasks)

    def receive(self, message: bytes) -> None:
        """Handle a message of the channel."""
        sender, action, *rest = message.split(b"\n", 4)
        process = sender.decode()
        is_known = process in self._heard_at
        self._heard_at[process] = time.monotonic()
        if process == self._engine.process:
            return
        if action == GONE:
            self._lose(process)
            return
        if not is_known:
            self._start_learning(process)
        if action == PASSES:
            topic, note = rest[0], b"\n".join(rest[1:])
            if peer := self._peers.get(topic):
                peer.on_broadcast(process, note)
        elif action == SAYS and process in self._learning:
            self._learning[process] = True
        elif action == SAYS:
            topic, key, note = rest
            self._take(process, topic + b"\n" + key, note)

    async def compare(self) -> None:
        """Read the values of all other processes. Raises what is in `FAILURES`."""
        found = await self._engine.run("ZRANGE", self._engine.keys.processes, 0, -1)
        assert isinstance(found, list)
        for process in {name.decode() for name in found} - {self._engine.process} - self._learning.keys():
            await self._learn(process)

    def forget_silent(self) -> None:
        """Drop the values of processes that no longer send heartbeats."""
        now, own = time.monotonic(), self._engine.process
        if now - self._heard_at.get(own, 0) > 2 * BEAT:
            self._heard_at = dict.fromkeys(self._heard_at, now) | {own: 0}
            return
        for process in [process for process, at in self._heard_at.items() if now - at > LOST_AFTER]:
            log.warning("another process is silent", process=process)
            self._lose(process)

    async def _learn(self, process: str) -> None:
        """Read the values of a process, again if it changes one meanwhile: answers and messages may cross."""
        self._learning[process] = True
        try:
            while self._learning[process]:
                self._learning[process] = False
                said = await self._engine.run("HGETALL", self._engine.keys.here(process))
                assert isinstance(said, dict)
                self._take_all(process, said)
        finally:
            del self._learning[process]

    def _start_learning(self, process: str) -> None:
        async def learn() -> None:
            try:
                await self._learn(process)
            except FAILURES:
                self._heard_at.pop(process, None)  # its next heartbeat is the first one again

        self._said.setdefault(process, {})
        if process not in self._learning:
            task = asyncio.create_task(learn())
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    def _take_all(self, process: str, said: dict[bytes, bytes]) -> None:
        if said.pop(COMPLETE, None):
            self._heard_at[process] = time.monotonic()
            for field in self._said.setdefault(process, {}).keys() - said.keys():
                self._take(process, field, b"")
            for field, note in said.items():
                if self._said[process].get(field) != note:
                    self._take(process, field, note)

    def _take(self, process: str, field: bytes, note: bytes) -> None:
        said = self._said.setdefault(process, {})
        if note:
            said[field] = note
        else:
            said.pop(field, None)
        topic, key = field.split(b"\n")
        if peer := self._peers.get(topic):
            peer.on_published(process, key.decode(), note)

    def _lose(self, process: str) -> None:
        self._said.pop(process, None)
        self._heard_at.pop(process, None)
        for peer in self._peers.values():
            peer.on_process_lost(process)
