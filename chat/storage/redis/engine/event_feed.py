"""The feed of events that any process has stored in the engine, in the order of their numbers."""

import asyncio
from collections.abc import Mapping
from typing import Any

from chat.storage.redis.audit_log import NAME, RedisAuditLog
from chat.storage.redis.engine.append import Refused
from chat.storage.redis.engine.connection import FAILURES
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.rooms import PREFIX, RedisRoomStores
from chat.storage.redis.store import RedisStore


class EventFeed:
    """Passes stored events to the stores of this process; gaps in the numbers show what was missed."""

    def __init__(
        self, engine: Engine, states: Mapping[str, RedisStore[Any]], rooms: RedisRoomStores, audit_log: RedisAuditLog
    ) -> None:
        self._engine = engine
        self._states = states
        self._rooms = rooms
        self._audit_log = audit_log
        self._comparing: asyncio.Task[None] | None = None  # asyncio itself holds tasks weakly
        engine.filling.on_other_content = self._compare_soon

    def receive(self, message: bytes) -> None:
        """Pass on a message of `scripts/append.lua`."""
        head, *rest = message.split(b"\n")
        name, number, count = head.decode().rsplit(" ", 2)
        lines = [line for line in rest if line][: int(count)]  # some formats end their lines themselves
        if name == NAME:
            self._audit_log.receive(lines)
        elif store := self._states.get(name):
            store.receive(int(number), lines)
        elif name.startswith(PREFIX):
            self._rooms.receive(name.removeprefix(PREFIX), int(number), lines)

    async def compare(self) -> None:
        """Find out what was missed. Raises what is in `FAILURES`, or `Refused`."""
        await self._engine.compare_content()
        numbers = await self._engine.numbers()
        for name, store in self._states.items():
            store.compare(numbers.get(name, 0))
        for name, number in numbers.items():
            if name.startswith(PREFIX):
                self._rooms.compare(name.removeprefix(PREFIX), number)

    def _compare_soon(self) -> None:
        self._comparing = asyncio.get_running_loop().create_task(self._compare())

    async def _compare(self) -> None:
        try:
            await self.compare()
        except (*FAILURES, Refused):
            pass  # the subscription was cut as well
