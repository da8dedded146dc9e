"""Timers: they end grace periods, typing and the wait for guests, and notice when the clock is set."""

import asyncio

import structlog

from chat.domain.rooms.chat_state import ChatState
from chat.state import clock
from chat.state.clock import ClockWatch
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rooms.departures import Departures
from chat.storage.ending import end

TICK = 0.5  # seconds

log = structlog.get_logger()


class Timers:
    """Applies due events twice a second."""

    def __init__(self, state: ChatState, pipeline: EventPipeline, departures: Departures) -> None:
        self._state = state
        self._pipeline = pipeline
        self._departures = departures
        self._clock_watch = ClockWatch()
        self._ticker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._departures.expect_everyone()
        self._ticker = asyncio.create_task(self._tick())

    async def close(self) -> None:
        await end(self._ticker)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if self._departures.expire():
                self._pipeline.start(self._departures.end_rooms_of_guests())
            if change := self._clock_watch.change():
                log.warning("the system's clock was set", by=str(change))
                self._state.adjust_clock(change)
            self._pipeline.apply_and_publish(*self._state.expire(clock.now()))
