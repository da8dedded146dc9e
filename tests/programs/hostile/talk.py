"""A conversation, which is to go on undisturbed."""

import asyncio
import os
import time
from statistics import quantiles

from tests.support.raw_page import RawPage

PAUSE = 0.1  # seconds between messages of the conversation


class Talker(RawPage):
    """A person that records when each message arrives."""

    def __init__(self, url: str, name: str) -> None:
        super().__init__(url, name)
        self.arrived: dict[str, float] = {}

    def _update(self, frame: dict) -> None:
        super()._update(frame)
        now = time.perf_counter()
        for message_id in self.shown:
            self.arrived.setdefault(message_id, now)


class Talk:
    """Two people taking turns until cancelled."""

    def __init__(self, *people: Talker) -> None:
        self.people = people
        self.sent: dict[str, float] = {}

    async def go_on(self) -> None:
        number = 0
        while True:
            number += 1
            message_id = f"m{number:09}{os.urandom(4).hex()}"
            self.sent[message_id] = time.perf_counter()
            await self.people[number % 2]._emit("submit", message_id, f"Message {number}", "")
            await asyncio.sleep(PAUSE)

    def lost(self) -> int:
        return sum(message_id not in person.arrived for message_id in self.sent for person in self.people)

    def delays(self, since: float = 0.0, until: float = float("inf")) -> list[float]:
        """Return the milliseconds from sending to arrival, for both people."""
        return [
            1000 * (person.arrived[message_id] - at)
            for message_id, at in self.sent.items()
            if since <= at < until
            for person in self.people
            if message_id in person.arrived
        ]


def p99(delays: list[float]) -> float:
    return quantiles(delays, n=100)[98] if len(delays) > 1 else max(delays, default=0.0)
