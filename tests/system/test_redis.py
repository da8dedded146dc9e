"""A chat whose whole state is in an engine: killed, moved to another machine, and without its engine."""

import asyncio
import shutil
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator

import pytest

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.raw_page import RawPage
from tests.support.server import Server

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    yield engine
    engine.remove()


def ready(server: Server) -> int:
    try:
        return urllib.request.urlopen(f"{server.url}readyz", timeout=5).status
    except urllib.error.HTTPError as error:
        return error.code


async def texts(page: RawPage) -> list[str]:
    return [message["text"] for message in await page.history()]


async def test_everything_survives_kill_and_emptied_folder(make_server: Callable[..., Server], engine: EngineProcess):
    server = await asyncio.to_thread(make_server, CHAT_REDIS_URL=engine.url)
    async with RawPage(server.url, "Ann") as ann:
        await ann.open()
        shown = []
        for number in range(40):
            await ann.post(f"ann{number:06}", f"Message {number}")
            if number % 10 == 9:
                shown = list(ann.shown.values())
                server.kill()
                shutil.rmtree(server.data_dir)
                await asyncio.to_thread(server.start)
                await ann.close()
                await ann.open()  # with the session from before
                assert set(shown) <= set(await texts(ann))
        assert len(shown) > 10
        assert await texts(ann) == [f"Message {number}" for number in range(40)]
        assert not ann.refused
        await ann.close()
    server.stop()
    del server.environment["CHAT_REDIS_URL"]
    assert [message["text"] for message in server.messages()] == [f"Message {number}" for number in range(40)]


async def test_hung_engine_leaves_a_chat_that_is_alive_and_not_ready(
    make_server: Callable[..., Server], engine: EngineProcess
):
    server = await asyncio.to_thread(make_server, CHAT_REDIS_URL=engine.url)
    async with RawPage(server.url, "Ann") as ann:
        await ann.open()
        await ann.post("ann000001", "Before")
        with engine.hung():
            started = time.monotonic()
            await ann.post("ann000002", "Meanwhile")
            assert time.monotonic() - started < 3.5
            assert ann.refused == {"ann000002"}
            health = await asyncio.to_thread(server.health)
            assert health["http"] == 200
            assert "can't be written" in health["status"]
            assert await asyncio.to_thread(ready, server) == 503
            assert await texts(ann) == ["Before"]
        await asyncio.to_thread(server.eventually, lambda: ready(server) == 200)
        await ann.post("ann000003", "After")
        assert await texts(ann) == ["Before", "After"]
        await ann.close()
