"""A server that has been used for a while: thousands of messages are in its history when it starts."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.support.prepared import PreparedServer
from tests.support.raw_page import RawPage
from tests.support.server import Server

PAGE = 100  # messages that a page opens with


def said(number: int) -> str:
    """What was said as number `number`; every tenth is longer."""
    return f"message {number:04}" + " and some more words" * (10 if number % 10 == 0 else 0)


@contextmanager
def used_server(data_dir: Path, count: int, *, until: timedelta = timedelta(), **environment: str) -> Iterator[Server]:
    """A running server that keeps 10,000 messages and has `count`, one a minute, the newest `until` ago."""
    server = PreparedServer(data_dir, **{"CHAT_GRACE": "1", "CHAT_HISTORY_LIMIT": "10000", **environment})
    now = datetime.now(UTC) - until
    messages = [
        {
            "id": f"history{number:05}",
            "room": "lobby",
            "author": f"author{number // 3 % 5}",
            "name": f"Author {number // 3 % 5}",
            "text": said(number),
            "at": (now - timedelta(minutes=count - number)).isoformat(),
            "kind": "text",
        }
        for number in range(1, count + 1)
    ]
    data_dir.mkdir()
    server.history_file.write_text(json.dumps({"version": 1, "messages": messages}))
    try:
        yield server.start()
    finally:
        if server.process and server.process.poll() is None:
            server.kill()


async def chatter(url: str, count: int, word: str) -> None:
    """Cid comes by and says `WORD 000` and so on, as quickly as the server takes it."""
    async with RawPage(url, "Cid", patience=20) as cid:
        await cid.open()
        for number in range(count):
            await cid.post(f"cid{number:013}", f"{word} {number:03}")
        await cid.close()
