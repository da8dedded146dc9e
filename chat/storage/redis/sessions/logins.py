"""One-time logins, and pending sign-ins at a single sign-on provider, in the engine for some time."""

from contextlib import suppress
from typing import Any

from chat.storage.redis.engine.connection import FAILURES
from chat.storage.redis.engine.engine import Engine


class RedisLogins:
    """Their contents, by their tokens."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    async def keep(self, token: str, login: bytes, seconds: int) -> None:
        with suppress(*FAILURES):  # then this process alone knows it
            await self._engine.run("SET", self._engine.keys.login(token), login, "EX", seconds)

    async def find(self, token: str) -> bytes:
        with suppress(*FAILURES):
            found: Any = await self._engine.run("GET", self._engine.keys.login(token))
            return found or b""
        return b""

    async def take(self, token: str) -> bool:
        with suppress(*FAILURES):
            return await self._engine.run("DEL", self._engine.keys.login(token)) == 1
        return False
