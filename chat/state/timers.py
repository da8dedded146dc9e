"""What time alone does to a chat: grace periods and typing end, guests are gone, and the clock is set."""

import asyncio
import time
from contextlib import suppress

import structlog

from chat.domain.rooms.chat_state import ChatState
from chat.state import clock
from chat.state.clock import ClockWatch
from chat.state.event_pipeline import EventPipeline
from chat.state.rooms import RoomService

TICK = 0.5  # seconds

log = structlog.get_logger()


class Timers:
    """Ends what is over, twice a second."""

    def __init__(self, state: ChatState, pipeline: EventPipeline, rooms: RoomService) -> None:
        self._state = state
        self._pipeline = pipeline
        self._rooms = rooms
        self._clock_watch = ClockWatch()
        self._ticker: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._rooms.are_guests_expected = True
        self._ticker = asyncio.create_task(self._tick())

    async def close(self) -> None:
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker

    async def _tick(self) -> None:
        guests_are_back_at = time.monotonic() + self._state.people.presence.grace.total_seconds()
        while True:
            await asyncio.sleep(TICK)
            if self._rooms.are_guests_expected and time.monotonic() > guests_are_back_at:
                self._rooms.are_guests_expected = False
                self._pipeline.start(self._rooms.end_rooms_of_guests())
            if change := self._clock_watch.change():
                log.warning("the system's clock was set", by=str(change))
                self._state.adjust_clock(change)
            self._pipeline.apply_and_publish(*self._state.expire(clock.now()))
