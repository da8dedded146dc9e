"""Outboxes sleep until there is something to send.

Written for: NiceGUI 3.18.0, whose `Outbox.loop` wakes up each second to see whether it should stop.
Saves: a timer and a wake-up a second for each open page. Not needed, because enqueueing and stopping set the event.
Obsolete when: `Outbox.loop` waits for its event without a timeout.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

from nicegui import outbox


def sleep_until_enqueued() -> None:
    outbox.asyncio = _PatientAsyncio()  # type: ignore[assignment, attr-defined]


class _PatientAsyncio:
    """`asyncio`, with a `wait_for` that ignores the timeout."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def wait_for(event: Awaitable[bool], timeout: float) -> bool:  # noqa: ASYNC109
        return await event
