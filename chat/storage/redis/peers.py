"""What processes say in passing: a hash with an expiry for each of them, and a channel for all."""

import asyncio
import time
from contextlib import suppress
from uuid import uuid4

import structlog

from chat.storage.peers import Peer
from chat.storage.redis.connection import FAILURES
from chat.storage.redis.ending import end
from chat.storage.redis.engine import Engine

BEAT = 1.0  # seconds
LOST_AFTER = 4.0  # seconds without a heartbeat
KEPT_FOR = 10  # seconds, in the engine
CLAIMED_FOR = 60  # seconds

log = structlog.get_logger()

COMPLETE = b"complete"  # a field: a hash without it was lost with the engine's content
ALIVE, GONE, SAYS, PASSES = b"alive", b"gone", b"says", b"passes"


class RedisPeers:
    """Messages are the process, what it does and, if it says something, the topic, the key and the note, in lines.

    What others have said is only forgotten when this process has heard itself meanwhile: otherwise it may be the one
    that was cut off, or hung.
    """

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._id = uuid4().hex
        self._peers: dict[bytes, Peer] = {}
        self._own: dict[bytes, bytes] = {}
        self._others: dict[str, dict[bytes, bytes]] = {}
        self._heard_at: dict[str, float] = {}
        self._queue: list[tuple[bytes, ...]] = []
        self._is_to_repeat = True
        self._has_more = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._learning: dict[str, bool] = {}
        self.has_learned = False
        engine.is_alone = lambda: not self._others

    def add(self, topic: str, peer: Peer) -> None:
        self._peers[topic.encode()] = peer

    def say(self, topic: str, key: str, note: bytes) -> None:
        field = f"{topic}\n{key}".encode()
        if note:
            self._own[field] = note
        else:
            self._own.pop(field, None)
        self._send(SAYS, field, note)

    def pass_on(self, topic: str, note: bytes) -> None:
        self._send(PASSES, topic.encode(), note)

    async def claim(self, name: str, owner: str) -> bool:
        key = self._engine.keys.name(name)
        try:
            if await self._engine.run("SET", key, owner, "NX", "EX", CLAIMED_FOR):
                return True
            return await self._engine.run("GET", key) in {None, owner.encode()}
        except FAILURES:
            return True

    async def start(self) -> None:
        """Send what is said, and heartbeats, from now on."""
        self._tasks = [asyncio.create_task(work()) for work in (self._keep_sending, self._keep_beating)]

    async def close(self) -> None:
        """Tell the others that this process has ended."""
        for task in self._tasks:
            await end(task)
        if self._tasks:
            with suppress(*FAILURES):
                await self._run([("DEL", self._here), ("ZREM", self._engine.keys.processes, self._id)], [(GONE,)])

    def hear(self, message: bytes) -> None:
        """Take a message of the channel."""
        sender, action, *rest = message.split(b"\n", 4)
        process = sender.decode()
        is_known = process in self._heard_at
        self._heard_at[process] = time.monotonic()
        if process == self._id:
            return
        if action == GONE:
            self._lose(process)
            return
        if not is_known:
            self._start_learning(process)
        if action == PASSES:
            topic, note = rest[0], b"\n".join(rest[1:])
            if peer := self._peers.get(topic):
                peer.hear_passing(process, note)
        elif action == SAYS and process in self._learning:
            self._learning[process] = True
        elif action == SAYS:
            topic, key, note = rest
            self._take(process, topic + b"\n" + key, note)

    async def compare(self) -> None:
        """Find out what other processes say, and say everything again. Raises what is in `FAILURES`."""
        found = await self._engine.run("ZRANGE", self._engine.keys.processes, 0, -1)
        assert isinstance(found, list)
        for process in {name.decode() for name in found} - {self._id} - self._learning.keys():
            await self._learn(process)
        self.has_learned = self._is_to_repeat = True
        self._has_more.set()

    async def _learn(self, process: str) -> None:
        """Read what a process says, again if it says something else meanwhile: answers and messages may cross."""
        self._learning[process] = True
        try:
            while self._learning[process]:
                self._learning[process] = False
                said = await self._engine.run("HGETALL", self._engine.keys.here(process))
                assert isinstance(said, dict)
                self._take_all(process, said)
        finally:
            del self._learning[process]

    def _take_all(self, process: str, said: dict[bytes, bytes]) -> None:
        if said.pop(COMPLETE, None):
            self._heard_at[process] = time.monotonic()
            for field in self._others.setdefault(process, {}).keys() - said.keys():
                self._take(process, field, b"")
            for field, note in said.items():
                if self._others[process].get(field) != note:
                    self._take(process, field, note)

    def _start_learning(self, process: str) -> None:
        async def learn() -> None:
            try:
                await self._learn(process)
            except FAILURES:
                self._heard_at.pop(process, None)  # its next heartbeat is the first one again

        self._others.setdefault(process, {})
        if process not in self._learning:
            self._tasks = [task for task in self._tasks if not task.done()]
            self._tasks.append(asyncio.create_task(learn()))

    def _take(self, process: str, field: bytes, note: bytes) -> None:
        said = self._others.setdefault(process, {})
        if note:
            said[field] = note
        else:
            said.pop(field, None)
        topic, key = field.split(b"\n")
        if peer := self._peers.get(topic):
            peer.hear(process, key.decode(), note)

    def _lose(self, process: str) -> None:
        self._others.pop(process, None)
        self._heard_at.pop(process, None)
        for peer in self._peers.values():
            peer.lose(process)

    def _send(self, *parts: bytes) -> None:
        self._queue.append(parts)
        self._has_more.set()

    async def _keep_sending(self) -> None:
        while True:
            await self._has_more.wait()
            self._has_more.clear()
            queue, self._queue = self._queue, []
            try:
                if self._is_to_repeat:
                    self._is_to_repeat = False
                    await self._repeat()
                    queue = [message for message in queue if message[0] == PASSES]
                changes = [self._change(field, note) for action, field, note in queue if action == SAYS]
                await self._run(changes, queue)
            except FAILURES:
                self._is_to_repeat = True

    async def _repeat(self) -> None:
        """Say everything again: the engine, or others, may have forgotten it."""
        changes: list[tuple[str | bytes | int, ...]] = [("DEL", self._here), ("HSET", self._here, COMPLETE, "1")]
        changes += [self._change(field, note) for field, note in self._own.items()]
        await self._run(changes, [(SAYS, field, note) for field, note in self._own.items()])

    def _change(self, field: bytes, note: bytes) -> tuple[str | bytes | int, ...]:
        return ("HSET", self._here, field, note) if note else ("HDEL", self._here, field)

    async def _keep_beating(self) -> None:
        while True:
            try:
                await self._beat()
            except FAILURES:
                self._is_to_repeat = True
            await asyncio.sleep(BEAT)
            self._forget_silent()

    async def _beat(self) -> None:
        seconds = int(time.time())
        processes = self._engine.keys.processes
        beat = [("EXPIRE", self._here, KEPT_FOR), ("ZADD", processes, seconds, self._id)]
        is_kept, *_ = await self._run([*beat, ("ZREMRANGEBYSCORE", processes, 0, seconds - 3600)], [(ALIVE,)])
        if self._is_to_repeat or not is_kept:
            self._is_to_repeat = True
            self._has_more.set()

    def _forget_silent(self) -> None:
        now = time.monotonic()
        if now - self._heard_at.get(self._id, 0) > 2 * BEAT:
            self._heard_at = dict.fromkeys(self._heard_at, now) | {self._id: 0}
            return
        for process in [process for process, at in self._heard_at.items() if now - at > LOST_AFTER]:
            log.warning("another process is silent", process=process)
            self._lose(process)

    async def _run(
        self, commands: "list[tuple[str | bytes | int, ...]]", messages: list[tuple[bytes, ...]]
    ) -> list[object]:
        channel, sender = self._engine.keys.passing, self._id.encode()
        published = [("PUBLISH", channel, b"\n".join([sender, *message])) for message in messages]
        return await self._engine.run_all([*commands, *published])

    @property
    def _here(self) -> str:
        return self._engine.keys.here(self._id)
