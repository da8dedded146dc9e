"""A server that starts with thousands of messages in its history."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

from tests.support.prepared import PreparedServer
from tests.support.raw_page import RawPage
from tests.support.server import Server, steady_port
from tests.support.stored_history import write_history

PAGE = 100  # messages on a freshly opened page


def said(number: int) -> str:
    """Return the text of message `number`; every tenth is longer."""
    return f"message {number:04}" + " and some more words" * (10 if number % 10 == 0 else 0)


@contextmanager
def used_server(data_dir: Path, count: int, *, until: timedelta = timedelta(), **environment: str) -> Iterator[Server]:
    """Run a server that keeps 10,000 messages and starts with `count`, one a minute, the newest `until` ago."""
    environment = {"CHAT_GRACE": "1", "CHAT_HISTORY_LIMIT": "10000", **environment}
    texts = [said(number) for number in range(1, count + 1)]
    with steady_port() as port:
        server = PreparedServer(data_dir, port, **environment)
        write_history(server.history_file, texts, first=1, in_a_row=3, until=until)
        try:
            yield server.start()
        finally:
            if server.process and server.process.poll() is None:
                server.kill()


async def chatter(url: str, count: int, word: str) -> None:
    """Have Cid join, post `WORD 000`, `WORD 001` and so on as fast as the server accepts them, and leave."""
    async with RawPage(url, "Cid", patience=20) as cid:
        await cid.open()
        for number in range(count):
            await cid.post(f"cid{number:013}", f"{word} {number:03}")
        await cid.close()
