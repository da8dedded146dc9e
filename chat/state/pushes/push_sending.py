"""Hands pushes to push services: a few at a time, with retries after temporary failures."""

import asyncio
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum, auto
from typing import Protocol
from urllib.parse import urlsplit

from cachetools import LRUCache

from chat.domain.accounts.push_devices import PushDevice
from chat.domain.errors import AccountsUnwritable

AT_ONCE = 20  # requests to one push service
UNKNOWN_AT_ONCE = 10  # to all that took none before, or not the last one: anyone can name one that never answers
MAX_SERVICES = 1000
RETRIES = (1.0, 5.0)  # seconds before each


class PushOutcome(Enum):
    """The answer of a push service."""

    TAKEN = auto()
    DEVICE_GONE = auto()
    FAILED = auto()  # for now
    REFUSED = auto()


@dataclass(frozen=True, slots=True)
class Push:
    """A push to a device. It replaces undelivered ones of the same topic at the push service."""

    device: PushDevice
    payload: bytes
    topic: str


class PushService(Protocol):
    """Hands pushes to the push services of browsers."""

    async def send(self, push: Push) -> PushOutcome:
        """Hand over a push, within some seconds."""

    async def close(self) -> None:
        """End the connections."""


class PushSender:
    """Sends pushes; `remove` gets the id of a device that its push service no longer knows."""

    def __init__(self, service: PushService, remove: Callable[[str], Awaitable[None]]) -> None:
        self._service = service
        self._remove = remove
        self._slots: LRUCache[str, asyncio.Semaphore] = LRUCache(MAX_SERVICES)  # of those that took the last push
        self._unknown = asyncio.Semaphore(UNKNOWN_AT_ONCE)

    async def send(self, device: PushDevice, topic: str, payload: Callable[[], bytes], *retries: float) -> PushOutcome:
        """Hand a push over; if that fails for now, again after so many seconds each.

        The payload is made just before: making those of many people at once would delay their messages.
        """
        outcome = await self._hand_over(device, topic, payload)
        for pause in retries:
            if outcome is not PushOutcome.FAILED:
                break
            await asyncio.sleep(pause)
            outcome = await self._hand_over(device, topic, payload)
        if outcome is PushOutcome.DEVICE_GONE:
            with suppress(AccountsUnwritable):  # logged; the next push tries again
                await self._remove(device.id)
        return outcome

    async def _hand_over(self, device: PushDevice, topic: str, payload: Callable[[], bytes]) -> PushOutcome:
        service = urlsplit(device.endpoint).netloc
        async with self._slots.get(service, self._unknown):
            outcome = await self._service.send(Push(device, payload(), topic))
        if outcome is PushOutcome.TAKEN:
            self._slots.setdefault(service, asyncio.Semaphore(AT_ONCE))
        elif outcome is PushOutcome.FAILED:
            self._slots.pop(service, None)
        return outcome
