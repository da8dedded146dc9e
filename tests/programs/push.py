"""Measure how long a push takes from its post to the push service: `python -m tests.programs.push`.

Bob mentions 200 people who are away, or writes what one of them wants to know. The push service is on this machine,
with TLS, and decrypts what it gets.
"""

import asyncio
import statistics
import time
from dataclasses import replace
from itertools import count

from chat.config.branding import Brand
from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Role
from chat.state.chat import Chat
from chat.state.pushes import push_notifications
from chat.state.pushes.push_notifications import PushNotifications
from chat.storage.memory import memory_stores
from chat.web.push.payload import PushPayloads
from tests.support.push_server import PushServer
from tests.unit.state.support import BOB, build_chat

PEOPLE = 200
POSTS = 10


class Meter:
    """Posts messages, and waits for their pushes."""

    def __init__(self, server: PushServer, chat: Chat) -> None:
        self._server = server
        self._chat = chat
        self._numbers = count()

    async def measure(self, what: str, text: str, pushes: int, posts: int) -> None:
        taken, posted = list[float](), list[float]()
        for _ in range(posts):
            start, known = time.perf_counter(), len(self._server.received)
            wanted = known + pushes
            await self._chat.messages.post("bob", LOBBY, text, f"message{next(self._numbers):05}")
            posted.append(_since(start))
            while known < wanted:
                await asyncio.sleep(0.001)
                taken += [_since(start)] * (len(self._server.received) - known)
                known = len(self._server.received)
            await asyncio.sleep(push_notifications.PAUSE + 0.1)
        last = statistics.quantiles(taken, n=20)[-1]
        print(f"{what}: median {statistics.median(taken):.0f} ms, 95 % within {last:.0f} ms; ", end="")
        print(f"the post itself took {statistics.median(posted):.1f} ms")


async def main() -> None:
    server = PushServer()
    await server.start()
    chat = build_chat(memory_stores(), replace(BOB, role=Role.ADMIN))
    for number in range(PEOPLE):
        level = NotificationLevel.MENTIONS if number else NotificationLevel.EVERYTHING
        fields = {"endpoint": f"{server.url}/push/{number}", "preferences": Preferences(desktop=level)}
        await chat.push_devices.save(server.device(id=f"browser{number}", member_id=f"member{number}", **fields))
    push_notifications.START = 0  # otherwise, pages may still be coming back
    pushes = PushNotifications(
        chat,
        server.delivery(),
        describe=PushPayloads(chat.people, Brand("Tea house")).of_news,
        may_receive=lambda device: True,
        is_reading=lambda member_id: False,
    )
    meter = Meter(server, chat)
    await meter.measure("one person", "tea?", 1, POSTS)
    await meter.measure(f"{PEOPLE} people", "@all tea?", PEOPLE, 1)
    await pushes.close()
    await server.close()
    await chat.close()


def _since(start: float) -> float:
    return (time.perf_counter() - start) * 1000


if __name__ == "__main__":
    asyncio.run(main())
