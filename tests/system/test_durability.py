"""The real server, killed repeatedly while people write: messages once shown are never lost."""

import asyncio
import json
import random
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from tests.support.raw_page import RawPage
from tests.support.server import Server

PEOPLE = ("Ann", "Bob", "Cid", "Dee")


class Writer:
    """A client that sends one message after another and, like the page, resends those in flight after a disconnect."""

    def __init__(self, page: RawPage, pause: float) -> None:
        self.page = page
        self.pause = pause
        self.sent: dict[str, str] = {}
        self.is_done = asyncio.Event()

    async def write(self) -> None:
        """Reconnect and write until `is_done` is set and everything has arrived."""
        while True:
            try:
                await self.page.open()
                await self._resend_pending()
                while not self.is_done.is_set():
                    await self._send_next()
            except ConnectionError:
                await asyncio.sleep(0.02)
            else:
                return

    async def _resend_pending(self) -> None:
        for message_id, text in self.sent.items():
            if message_id not in self.page.settled:
                await self.page.resend(message_id, text)

    async def _send_next(self) -> None:
        number = len(self.sent)
        message_id = f"{self.page.name.lower()}{number:05}"
        self.sent[message_id] = f"{self.page.name} says {number}"
        await self.page.post(message_id, self.sent[message_id])
        await asyncio.sleep(random.uniform(0, self.pause))  # people pause between messages


def messages_on_disk(server: Server) -> dict[str, str]:
    """Return the texts in the files by message id, parsed independently of the program. Raise if a file is broken."""
    content = json.loads(server.history_file.read_bytes())
    messages = content["messages"]
    *lines, _torn = journal(server).read_bytes().split(b"\n") if journal(server).exists() else [b""]
    numbered = [(line["n"], line["message"]) for line in map(json.loads, lines)]
    messages += [message for number, message in numbered if number > content["last"]]
    found = {message["id"]: message["text"] for message in messages}
    assert len(found) == len(messages), "a message is stored twice"
    return found


def journal(server: Server) -> Path:
    return server.history_file.with_name("chat_log.json.journal")


def is_continuation(before: dict[str, str], after: dict[str, str], limit: int) -> bool:
    """Return whether `after` is `before` plus new messages, minus the oldest beyond the limit."""
    still = [item for item in before.items() if item[0] in after]
    is_bounded = len(still) == len(before) or len(after) == limit
    return is_bounded and still == list(before.items())[len(before) - len(still) :] == list(after.items())[: len(still)]


def quarantined(server: Server) -> list[str]:
    return [file.name for file in server.data_dir.iterdir() if ".corrupt-" in file.name or ".changed-" in file.name]


# Fewer messages arrive between two kills than the short history holds, so each one is seen on disk.
@pytest.mark.parametrize(
    ("limit", "kills", "pause"),
    [
        (100, 5, 0.1),
        pytest.param(100, 50, 0.1, marks=pytest.mark.exhaustive),
        pytest.param(10_000, 15, 0.05, marks=pytest.mark.exhaustive),
    ],
    ids=("file", "file, often", "journal"),
)
async def test_every_shown_message_survives_every_kill(
    make_server: Callable[..., Server], limit: int, kills: int, pause: float
):
    server = await asyncio.to_thread(
        make_server, CHAT_HISTORY_LIMIT=str(limit), CHAT_MESSAGE_RATE="100000 per minute", CHAT_GRACE="60"
    )
    async with AsyncExitStack() as stack:
        writers = [Writer(await stack.enter_async_context(RawPage(server.url, name)), pause) for name in PEOPLE]
        for writer in writers:
            await writer.page.open()
            await writer.page.close()
        writing = [asyncio.create_task(writer.write()) for writer in writers]
        ever: dict[str, str] = {}
        before: dict[str, str] = {}
        for _ in range(kills):
            await asyncio.sleep(random.uniform(0.05, 0.45))
            server.kill()
            shown = {message_id: text for writer in writers for message_id, text in writer.page.shown.items()}
            kept = messages_on_disk(server)
            assert limit > 100 or not journal(server).exists(), "the file alone is the whole truth"
            ever |= kept
            assert shown.items() <= ever.items(), "shown, but not on disk"
            assert is_continuation(before, kept, limit), "what was on disk has changed"
            before = kept
            await asyncio.to_thread(server.start)
            loaded = {message["id"]: message["text"] for message in await writers[0].page.history()}
            assert is_continuation(kept, loaded, limit), "on disk, but not loaded"
            assert quarantined(server) == []
        for writer in writers:
            writer.is_done.set()
        await asyncio.gather(*writing)
        for writer in writers:
            await writer.page.close()
        sent = {message_id: text for writer in writers for message_id, text in writer.sent.items()}
        assert ever | messages_on_disk(server) == sent, "every message that was sent is there"
        assert len(messages_on_disk(server)) == min(len(sent), limit)
        assert not {message_id for writer in writers for message_id in writer.page.refused}
        print(f"{kills} kills, {len(sent)} messages sent, {len(before)} on disk at the last kill")
