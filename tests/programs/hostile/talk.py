"""A conversation, which is to go on undisturbed."""

import asyncio
import time
from statistics import quantiles
from uuid import uuid4

from chat.domain.rooms.directory.room_info import LOBBY
from tests.support.raw_page import RawPage

PAUSE = 0.1  # seconds between messages: six people may write that often at the default rate
NAMES = ("Ann", "Bob", "Cid", "Dan", "Eve", "Fay")


class Talker(RawPage):
    """A person that records when each message arrives."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, name, patience=10)
        self.arrived: dict[str, float] = {}

    def _update(self, frame: dict) -> None:
        super()._update(frame)
        now = time.perf_counter()
        for message_id in self.shown:
            self.arrived.setdefault(message_id, now)


class Talk:
    """People who take turns in the room."""

    def __init__(self, url: str) -> None:
        self.people = [Talker(url, name) for name in NAMES]
        self.sent: dict[str, float] = {}

    async def __aenter__(self) -> "Talk":
        for person in self.people:
            await person.open()
        self._task = asyncio.create_task(self._go_on())
        return self

    async def __aexit__(self, *_: object) -> None:
        self._task.cancel()
        for person in self.people:
            await person.close()
            await person.http.close()

    async def _go_on(self) -> None:
        number = 0
        while True:
            message_id = uuid4().hex[:20]
            self.sent[message_id] = time.perf_counter()
            await self.people[number % len(self.people)]._emit("submit", message_id, f"Message {number}", "", LOBBY)
            number += 1
            await asyncio.sleep(PAUSE)

    def lost(self, since: float, until: float) -> int:
        return sum(
            message_id not in person.arrived
            for message_id, at in self.sent.items()
            if since <= at < until
            for person in self.people
        )

    def p99(self, since: float, until: float) -> float:
        """Return the 99th percentile of the seconds from sending to arrival, for all people."""
        delays = [
            person.arrived[message_id] - at
            for message_id, at in self.sent.items()
            if since <= at < until
            for person in self.people
            if message_id in person.arrived
        ]
        return quantiles(delays, n=100)[98] if len(delays) > 1 else max(delays, default=float("inf"))
