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
from tests.support.stored_rooms import write_many_rooms

PEOPLE = ("Ann", "Bob", "Cid", "Dee", "Eva")


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
                await self.on_lost()
            else:
                return

    async def on_lost(self) -> None:
        """Wait a moment before the connection is made again."""
        await asyncio.sleep(0.02)

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


class Room:
    """The file of a room, and who writes there. It is parsed independently of the program."""

    def __init__(self, file: Path, limit: int) -> None:
        self.file = file
        self.journal = file.with_name(f"{file.name}.journal")
        self.limit = limit
        self.writers: list[Writer] = []
        self.before: dict[str, str] = {}
        self.ever: dict[str, str] = {}

    def on_disk(self) -> dict[str, str]:
        """Return the texts by message id. Raise if a file is broken, a message is there twice, or two have a number."""
        content = json.loads(self.file.read_bytes()) if self.file.exists() else {"messages": [], "last": 0}
        messages = content["messages"]
        *lines, _torn = self.journal.read_bytes().split(b"\n") if self.journal.exists() else [b""]
        numbered = [(line["n"], line["message"] | {"number": line["n"]}) for line in map(json.loads, lines)]
        messages += [message for number, message in numbered if number > content["last"]]
        found = {message["id"]: message["text"] for message in messages}
        assert len(found) == len(messages), "a message is stored twice"
        numbers = [message["number"] for message in messages]
        assert numbers == sorted(set(numbers)), "a number was given twice"
        return found

    def check_after_kill(self) -> None:
        shown = {message_id: text for writer in self.writers for message_id, text in writer.page.shown.items()}
        kept = self.on_disk()
        assert self.limit > 100 or not self.journal.exists(), "the file alone is the whole truth"
        self.ever |= kept
        assert shown.items() <= self.ever.items(), "shown, but not on disk"
        self.check_continued(kept)
        self.before = kept

    def check_continued(self, after: dict[str, str]) -> None:
        """Check whether `after` is what was there before plus new messages, minus the oldest beyond the limit."""
        still = [item for item in self.before.items() if item[0] in after]
        assert len(still) == len(self.before) or len(after) == self.limit
        gone = len(self.before) - len(still)
        assert still == list(self.before.items())[gone:] == list(after.items())[: len(still)]

    def check_at_the_end(self, earlier: int) -> int:
        """Check whether every message that was sent is there; return how many were."""
        sent = {message_id: text for writer in self.writers for message_id, text in writer.sent.items()}
        kept = self.on_disk()
        assert len(self.ever | kept) == earlier + len(sent)
        assert sent.items() <= (self.ever | kept).items()
        assert len(kept) == min(earlier + len(sent), self.limit)
        return len(sent)


def quarantined(server: Server) -> list[str]:
    return [file.name for file in server.data_dir.rglob("*") if ".corrupt-" in file.name or ".changed-" in file.name]


def rooms_of(server: Server, limit: int, *, with_more: bool) -> list[Room]:
    """Return the lobby, or all rooms: the others begin with one message."""
    files = [server.history_file]
    if with_more:
        server.kill()
        write_many_rooms(server.data_dir, len(PEOPLE) - 1, 1)
        server.start()
        files += [server.data_dir / "rooms" / f"room{number}.json" for number in range(len(PEOPLE) - 1)]
    return [Room(file, limit) for file in files]


# Fewer messages arrive between two kills than the short history holds, so each one is seen on disk.
@pytest.mark.parametrize(
    ("with_more", "limit", "kills", "pause"),
    [
        (True, 100, 5, 0.1),
        pytest.param(False, 100, 20, 0.1, marks=pytest.mark.exhaustive),
        pytest.param(False, 10_000, 15, 0.05, marks=pytest.mark.exhaustive),
        pytest.param(True, 100, 20, 0.1, marks=pytest.mark.exhaustive),
        pytest.param(True, 10_000, 20, 0.05, marks=pytest.mark.exhaustive),
    ],
    ids=("five rooms", "file, often", "journal", "five rooms, often", "five rooms with journals"),
)
async def test_every_shown_message_survives_every_kill(
    make_server: Callable[..., Server], limit: int, kills: int, pause: float, with_more: bool
):
    server = await asyncio.to_thread(
        make_server, CHAT_HISTORY_LIMIT=str(limit), CHAT_MESSAGE_RATE="100000 per minute", CHAT_GRACE="60"
    )
    rooms = await asyncio.to_thread(rooms_of, server, limit, with_more=with_more)
    async with AsyncExitStack() as stack:
        for number, name in enumerate(PEOPLE):
            room = rooms[number % len(rooms)]
            path = "" if room is rooms[0] else f"room/room-{number - 1}"
            page = await stack.enter_async_context(RawPage(server.url, name, path=path))
            room.writers.append(Writer(page, pause))
        writers = [writer for room in rooms for writer in room.writers]
        for writer in writers:
            await writer.page.open()
            await writer.page.close()
        writing = [asyncio.create_task(writer.write()) for writer in writers]
        for _ in range(kills):
            await asyncio.sleep(random.uniform(0.05, 0.45))
            server.kill()
            for room in rooms:
                room.check_after_kill()
            await asyncio.to_thread(server.start)
            rooms[0].check_continued({message["id"]: message["text"] for message in await writers[0].page.history()})
            assert quarantined(server) == []
        for writer in writers:
            writer.is_done.set()
        await asyncio.gather(*writing)
        for writer in writers:
            await writer.page.close()
        assert not {message_id for writer in writers for message_id in writer.page.refused}
        sent = sum(room.check_at_the_end(0 if room is rooms[0] else 1) for room in rooms)
        print(
            f"{kills} kills, {sent} messages sent, {sum(len(room.before) for room in rooms)} on disk at the last kill"
        )
