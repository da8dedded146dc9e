"""Messages between processes: values in a hash with an expiry for each process, and a channel of all processes."""

import asyncio
import time
from contextlib import suppress
from typing import Any

from chat.storage.ending import end
from chat.storage.peers import Peer
from chat.storage.redis.engine.append import noted
from chat.storage.redis.engine.connection import FAILURES
from chat.storage.redis.engine.engine import Command, Engine
from chat.storage.redis.other_processes import ALIVE, BEAT, COMPLETE, GONE, PASSES, SAYS, OtherProcesses
from chat.storage.shared import SentCommand

KEPT_FOR = 10  # seconds, in the engine
CLAIMED_FOR = 60  # seconds
RUN_ENDS_AFTER = 60  # seconds without any process


class RedisPeers:
    """Publishes values and notes of this process, and receives those of others."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._others = OtherProcesses(engine)
        self._own: dict[bytes, bytes] = {}
        self._kept: dict[str, bytes] = {}
        self._queue: list[tuple[bytes, ...]] = []
        self._must_repeat = True
        self._has_more = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self.is_synced = False
        engine.filling.is_alone = lambda: not self._others

    def add(self, topic: str, peer: Peer) -> None:
        self._others.add(topic, peer)

    def publish(self, topic: str, key: str, note: bytes) -> None:
        field = f"{topic}\n{key}".encode()
        if note:
            self._own[field] = note
        else:
            self._own.pop(field, None)
        self._send(SAYS, field, note)

    def broadcast(self, topic: str, note: bytes) -> None:
        if self._others:
            self._send(PASSES, topic.encode(), note)

    def keep(self, key: str, value: bytes) -> None:
        """Keep a value in the engine until all processes that keep it have ended."""
        self._kept[key] = value

    async def claim(self, name: str, owner: str) -> bool:
        key = self._engine.keys.name(name)
        try:
            if await self._engine.run("SET", key, owner, "NX", "EX", CLAIMED_FOR):
                return True
            return await self._engine.run("GET", key) in {None, owner.encode()}
        except FAILURES:
            return True

    async def have_carried_out(self, command: SentCommand) -> bool:
        try:
            found: Any = await self._engine.run("LRANGE", self._engine.keys.commands(command.member_id), 0, -1)
        except FAILURES:
            return False
        own = noted(command, self._engine.process).encode()
        return any(one != own and one.startswith(noted(command, "").encode()) for one in found)

    async def start(self) -> None:
        """Begin to send values, notes and heartbeats."""
        self._tasks = [asyncio.create_task(work()) for work in (self._keep_sending, self._keep_beating)]

    async def close(self) -> None:
        """Announce to the others that this process has ended."""
        await self._others.close()
        await end(*self._tasks)
        if self._tasks:
            own = self._engine.process
            with suppress(*FAILURES):
                await self._run([("DEL", self._here), ("ZREM", self._engine.keys.processes, own)], [(GONE,)])

    def receive(self, message: bytes) -> None:
        """Handle a message of the channel."""
        self._others.receive(message)

    async def compare(self) -> None:
        """Read the values of others, and publish all own ones again. Raises what is in `FAILURES`."""
        await self._others.compare()
        self.is_synced = self._must_repeat = True
        self._has_more.set()

    def _send(self, *parts: bytes) -> None:
        self._queue.append(parts)
        self._has_more.set()

    async def _keep_sending(self) -> None:
        while True:
            await self._has_more.wait()
            self._has_more.clear()
            queue, self._queue = self._queue, []
            is_repeated, self._must_repeat = self._must_repeat, False
            if is_repeated:  # the engine, or others, may have lost the values
                passing = (message for message in queue if message[0] == PASSES)
                queue = [*((SAYS, field, note) for field, note in self._own.items()), *passing]
            changes = [self._change(field, note) for action, field, note in queue if action == SAYS]
            if is_repeated:
                changes = [("DEL", self._here), *changes, ("HSET", self._here, COMPLETE, "1")]
            try:
                await self._run(changes, queue)
            except FAILURES:
                self._must_repeat = True

    def _change(self, field: bytes, note: bytes) -> Command:
        return ("HSET", self._here, field, note) if note else ("HDEL", self._here, field)

    async def _keep_beating(self) -> None:
        while True:
            try:
                await self._beat()
            except FAILURES:
                self._must_repeat = True
            await asyncio.sleep(BEAT)
            self._others.forget_silent()

    async def _beat(self) -> None:
        seconds, processes = int(time.time()), self._engine.keys.processes
        beat: list[Command] = [
            ("EXPIRE", self._here, KEPT_FOR),
            ("ZADD", processes, seconds, self._engine.process),
            ("ZREMRANGEBYSCORE", processes, 0, seconds - 3600),
            *(("SET", key, value, "EX", RUN_ENDS_AFTER) for key, value in self._kept.items()),
        ]
        is_kept, *_ = await self._run(beat, [(ALIVE,)])
        if self._must_repeat or not is_kept:
            self._must_repeat = True
            self._has_more.set()

    async def _run(self, commands: list[Command], messages: list[tuple[bytes, ...]]) -> list[object]:
        """Run commands, and send messages, which also works if a full engine refuses the commands."""
        channel, sender = self._engine.keys.peer_channel, self._engine.process.encode()
        published = [("PUBLISH", channel, b"\n".join([sender, *message])) for message in messages]
        return await self._engine.run_all([*commands, *published])

    @property
    def _here(self) -> str:
        return self._engine.keys.here(self._engine.process)
