"""The real server, killed again and again while people write: what anybody was shown is never lost."""

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import AsyncExitStack

from tests.raw_page import RawPage
from tests.server import Server

KILLS = 50
PEOPLE = ("Ann", "Bob", "Cid", "Dee")


class Writer:
    """Somebody who writes one message after the other, and sends again what was on its way, as the page does."""

    def __init__(self, page: RawPage) -> None:
        self.page = page
        self.sent: dict[str, str] = {}
        self.is_done = asyncio.Event()

    async def write(self) -> None:
        """Write until it is done, through every loss of the connection."""
        while not self.is_done.is_set():
            try:
                await self.page.open()
                await self.send_again()
                while not self.is_done.is_set():
                    await self._say_something()
            except ConnectionError:
                await asyncio.sleep(0.02)

    async def send_again(self) -> None:
        for message_id, text in self.sent.items():
            if message_id not in self.page.settled:
                await self.page.resend(message_id, text)

    async def _say_something(self) -> None:
        number = len(self.sent)
        message_id = f"{self.page.name.lower()}{number:05}"
        self.sent[message_id] = f"{self.page.name} says {number}"
        await self.page.post(message_id, self.sent[message_id])
        await asyncio.sleep(random.uniform(0, 0.05))  # people think between two messages


def on_disk(server: Server) -> dict[str, str]:
    """The messages in the file, by id; raises if the file is broken."""
    return {message["id"]: message["text"] for message in json.loads(server.history_file.read_bytes())["messages"]}


def set_aside(server: Server) -> list[str]:
    return [file.name for file in server.data_dir.iterdir() if ".corrupt-" in file.name or ".changed-" in file.name]


async def test_what_anybody_was_shown_survives_every_kill(make_server: Callable[..., Server]):
    server = await asyncio.to_thread(
        make_server, CHAT_HISTORY_LIMIT="10000", CHAT_MESSAGE_RATE="100000 per minute", CHAT_GRACE="60"
    )
    async with AsyncExitStack() as stack:
        writers = [Writer(await stack.enter_async_context(RawPage(server.url, name))) for name in PEOPLE]
        for writer in writers:
            await writer.page.open()
            await writer.page.close()
        writing = [asyncio.create_task(writer.write()) for writer in writers]
        before: dict[str, str] = {}
        for _ in range(KILLS):
            await asyncio.sleep(random.uniform(0.05, 0.8))
            server.kill()
            shown = {message_id: text for writer in writers for message_id, text in writer.page.shown.items()}
            kept = on_disk(server)
            assert shown.items() <= kept.items(), "shown, but not on disk"
            assert list(kept.items())[: len(before)] == list(before.items()), "what was on disk has changed"
            before = kept
            await asyncio.to_thread(server.start)
            loaded = {message["id"]: message["text"] for message in await writers[0].page.history()}
            assert list(loaded.items())[: len(kept)] == list(kept.items()), "on disk, but not loaded"
            assert set_aside(server) == []
        for writer in writers:
            writer.is_done.set()
        await asyncio.gather(*writing)
        for writer in writers:
            await writer.send_again()
            await writer.page.close()
        sent = {message_id: text for writer in writers for message_id, text in writer.sent.items()}
        assert on_disk(server) == sent, "every message that was sent is there, once"
        assert not {message_id for writer in writers for message_id in writer.page.refused}
        print(f"{KILLS} kills, {len(sent)} messages sent, {len(before)} on disk at the last kill")
