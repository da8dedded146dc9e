"""The subscription to the engine's channels, by which a process receives messages of the others."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from typing import Any

import structlog

from chat.storage.ending import end
from chat.storage.redis.engine.append import Refused
from chat.storage.redis.engine.connection import FAILURES, connect_async, describe

RETRY_INTERVAL = 0.2  # seconds
SILENCE = 4.0  # seconds; a process receives at least its own heartbeats

log = structlog.get_logger()

Hear = Callable[[bytes], None]


class Subscription:
    """One connection that listens to channels. Raises `StartupError`.

    What is published while there is none is lost: `on_subscribed` is called after each new subscription, to ask what
    was missed.
    """

    def __init__(self, url: str, channels: Mapping[str, Hear], on_subscribed: Callable[[], Awaitable[None]]) -> None:
        self._client = connect_async(url)
        self._channels = {name.encode(): hear for name, hear in channels.items()}
        self._on_subscribed = on_subscribed
        self._is_heard = asyncio.Event()
        self._task: asyncio.Task[None] | None = None

    async def start(self, patience: float) -> None:
        """Listen from now on; return when `on_subscribed` was called, or after `patience` seconds."""
        self._task = asyncio.create_task(self._listen())
        with suppress(TimeoutError):
            async with asyncio.timeout(patience):
                await self._is_heard.wait()

    async def close(self) -> None:
        await end(self._task)
        await self._client.aclose()

    async def _listen(self) -> None:
        while True:
            try:
                async with self._subscribed() as pubsub:
                    await self._on_subscribed()
                    self._is_heard.set()
                    while True:
                        await self._hear_next(pubsub)
            except (*FAILURES, Refused) as problem:
                log.info("subscription was cut", problem=describe(problem))
            await asyncio.sleep(RETRY_INTERVAL)

    @asynccontextmanager
    async def _subscribed(self) -> AsyncIterator[Any]:
        pubsub = self._client.pubsub()
        try:
            await pubsub.subscribe(*self._channels)
            for _ in self._channels:
                if not await pubsub.get_message(timeout=SILENCE):
                    raise TimeoutError
            yield pubsub
        finally:
            await pubsub.aclose()  # type: ignore[no-untyped-call]

    async def _hear_next(self, pubsub: Any) -> None:
        message = await pubsub.get_message(timeout=SILENCE)
        if message is None:
            raise TimeoutError
        try:
            self._channels[message["channel"]](message["data"])
        except Exception:
            log.exception("what another process said can't be used")
