"""Outboxes sleep until there is something to send, which is then written to the WebSocket at once.

Written for: NiceGUI 3.18.0, whose `Outbox.loop` wakes up each second to see whether it should stop, and whose
`Outbox._emit` calls the `emit` of python-socketio 5.18.1, which starts a task for each socket.
Saves: a timer and a wake-up a second for each open page, which aren't needed, as enqueueing and stopping set the event;
and half of what it costs to send a page something of its own.
Obsolete when: `Outbox.loop` waits for its event without a timeout, and `emit` writes to idle WebSockets itself.
"""

import asyncio
from collections.abc import Awaitable
from typing import Any

from nicegui import core, outbox

from chat.framework.broadcasting import broadcast


def sleep_until_enqueued() -> None:
    outbox.asyncio = _PatientAsyncio()  # type: ignore[assignment, attr-defined]


def write_at_once() -> None:
    core.sio.emit = _emit


async def _emit(event: str, data: Any, room: str) -> None:
    broadcast(event, data, room)


class _PatientAsyncio:
    """`asyncio`, with a `wait_for` that ignores the timeout."""

    def __getattr__(self, name: str) -> Any:
        return getattr(asyncio, name)

    @staticmethod
    async def wait_for(event: Awaitable[bool], timeout: float) -> bool:  # noqa: ASYNC109
        return await event
