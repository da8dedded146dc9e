"""A chat whose whole state is in an engine: killed, moved to another machine, and without its engine."""

import asyncio
import json
import random
import shutil
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import AsyncExitStack

import psutil
import pytest

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.page_program import Program
from tests.support.raw_page import RawPage
from tests.support.scrape import BEARER, TOKEN, values
from tests.support.server import Server
from tests.system.test_durability import Writer

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


def scrape(server: Server) -> dict[str, float]:
    request = urllib.request.Request(f"{server.url}metrics", headers=BEARER)
    return values(urllib.request.urlopen(request, timeout=5).read().decode())


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


async def test_what_accounts_have_read_survives_a_restart(make_server: Callable[..., Server], engine: EngineProcess):
    server = await asyncio.to_thread(make_server, CHAT_REDIS_URL=engine.url)
    file = server.data_dir / ".nicegui" / "storage-seen.json"

    def read() -> list[int | None]:
        return [marks.get("lobby") for marks in json.loads(file.read_text()).values()] if file.exists() else []

    async with Program(server.url, "Ann") as ann:
        await ann.sign_up("Ann")
        assert await ann.say("Hi")
    server.eventually(lambda: read() == [1])
    await asyncio.to_thread(server.stop)
    file.unlink()  # as on another machine
    await asyncio.to_thread(server.start)
    assert read() == [1]


async def test_hung_engine_leaves_a_chat_that_is_alive_and_not_ready(
    make_server: Callable[..., Server], engine: EngineProcess
):
    server = await asyncio.to_thread(make_server, CHAT_REDIS_URL=engine.url, CHAT_METRICS_TOKEN=TOKEN)
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
            found = await asyncio.to_thread(scrape, server)
            assert (found["engine_up"], found["store_writable{store=history}"]) == (0, 0)
            assert found["refused_total{reason=history-unwritable}"] == 1
            assert found["store_seconds_bucket{le=5.0}"] > found["store_seconds_bucket{le=2.5}"]
            assert await texts(ann) == ["Before"]
        await asyncio.to_thread(server.eventually, lambda: ready(server) == 200)
        await ann.post("ann000003", "After")
        assert await texts(ann) == ["Before", "After"]
        found = await asyncio.to_thread(scrape, server)
        assert (found["engine_up"], found["messages_total"], found["delivery_seconds_count"]) == (1, 2, 2)
        await ann.close()


async def test_password_in_the_url_appears_nowhere(make_server: Callable[..., Server], engine: EngineProcess):
    password, written = "öpen/sesame@7%", "%C3%B6pen%2Fsesame%407%25"
    engine.client.config_set("requirepass", password)
    url = engine.url.replace("unix://", f"unix://:{written}@")
    server = await asyncio.to_thread(
        make_server, CHAT_REDIS_URL=url, CHAT_LOG_LEVEL="debug", CHAT_METRICS_TOKEN=TOKEN, CHAT_GRACE="1"
    )
    assert server.process
    told = [" ".join(psutil.Process(server.process.pid).cmdline()), psutil.Process(server.process.pid).name()]
    async with RawPage(server.url, "Ann") as ann:
        await ann.open()
        await ann.post("ann000001", "Before")
        engine.kill()
        await ann.post("ann000002", "Meanwhile")
        assert ann.refused == {"ann000002"}
        for path in "healthz", "readyz", "metrics", "nowhere":
            async with ann.http.get(f"{server.url}{path}", headers=BEARER) as answer:
                told.append(await answer.text())
        await ann.close()
    assert server.stop() == -signal.SIGTERM
    assert "engine can't be written" in server.output
    for secret in password, written, "sesame":
        assert not [text for text in (*told, server.output) if secret in text]


@pytest.mark.exhaustive
async def test_every_shown_message_survives_kills_of_chat_and_engine(
    make_server: Callable[..., Server], engine: EngineProcess
):
    server = await asyncio.to_thread(
        make_server, CHAT_REDIS_URL=engine.url, CHAT_HISTORY_LIMIT="10000", CHAT_MESSAGE_RATE="100000 per minute"
    )
    async with AsyncExitStack() as stack:
        names = ("Ann", "Bob", "Cid", "Dee", "Eva")
        writers = [Writer(await stack.enter_async_context(RawPage(server.url, name)), 0.05) for name in names]
        for writer in writers:
            await writer.page.open()
            await writer.page.close()
        writing = [asyncio.create_task(writer.write()) for writer in writers]
        for round_number in range(20):
            await asyncio.sleep(random.uniform(0.05, 0.45))
            if round_number % 2:
                await asyncio.to_thread(engine.kill)
                await asyncio.to_thread(engine.start)
            else:
                server.kill()
                shutil.rmtree(server.data_dir)
                await asyncio.to_thread(server.start)
        for writer in writers:
            writer.is_done.set()
        await asyncio.gather(*writing)
        kept = [message["id"] for message in await writers[0].page.history()]
        sent = {message_id for writer in writers for message_id in writer.sent}
        refused = {message_id for writer in writers for message_id in writer.page.refused}
        shown = {message_id for writer in writers for message_id in writer.page.shown}
        assert len(kept) == len(set(kept)), "a message is stored twice"
        assert shown <= set(kept), "shown, but lost"
        assert sent - refused == set(kept), "refused, but stored; or neither"
        print(f"20 kills, {len(sent)} messages sent, {len(refused)} refused")
        for writer in writers:
            await writer.page.close()
