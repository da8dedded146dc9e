"""The whole program with files in a bucket: several processes, and a server that fails."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Iterator

import aiohttp
import pytest

from tests.support.bucket import SECRET, BucketServer
from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.hostile_pictures import drawn, encoded
from tests.support.sender import Sender, opening
from tests.support.server import Server

PICTURE = encoded(drawn(), "JPEG")
LARGE = 24_000_000  # bytes: more than the buffers of the system


@pytest.fixture(scope="module")
def bucket() -> Iterator[BucketServer]:
    server = BucketServer()
    yield server
    server.kill()


@pytest.fixture
async def join() -> AsyncIterator[Callable]:
    async with opening(Sender) as open_page:
        yield lambda name, server: open_page(server.url, name)


async def fetched(person: Sender, path: str, server: Server) -> tuple[int, str, bytes]:
    """Return the status, whether it may be cached, and the content."""
    async with person.http.get(f"{server.url}{path}") as response:
        return response.status, response.headers["Cache-Control"], await response.read()


async def until_fetched(person: Sender, path: str, server: Server) -> bytes:
    async with asyncio.timeout(60):
        while True:
            status, _, content = await fetched(person, path, server)
            if status == 200:
                return content
            await asyncio.sleep(0.2)


@pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")
async def test_pictures_are_there_for_every_process_and_after_a_restart_without_files(
    make_server: Callable[..., Server], join: Callable, bucket: BucketServer
):
    engine = EngineProcess()
    settings = {"CHAT_REDIS_URL": engine.url, "CHAT_FILES_URL": bucket.url()}
    one, other = [await asyncio.to_thread(make_server, **settings) for _ in range(2)]
    ann = await join("Ann", one)
    ann.upload_url = other.url  # a balancer sends requests here and there
    path = (await ann.share("message01", PICTURE, "cup.jpg")).removeprefix(one.url)
    pictures = [await until_fetched(ann, path, server) for server in (one, other)]
    assert pictures[0] == pictures[1]
    assert (await until_fetched(ann, f"{path}/small", other)).startswith(b"RIFF")
    await asyncio.to_thread(one.kill)
    again = await asyncio.to_thread(make_server, **settings)
    assert await until_fetched(ann, path, again) == pictures[0]
    assert "Traceback" not in one.output + other.output + again.output
    engine.remove()


@pytest.mark.exhaustive
async def test_download_is_cut_where_the_server_fails(
    make_server: Callable[..., Server], join: Callable, bucket: BucketServer
):
    server = await asyncio.to_thread(make_server, CHAT_FILES_URL=bucket.url())
    ann = await join("Ann", server)
    address = await ann.share("message01", bytes(LARGE), "large.bin")
    async with ann.http.get(address) as response:
        await response.content.readexactly(1)
        with bucket.hung(), pytest.raises(aiohttp.ClientPayloadError):
            await response.read()
    assert "Traceback" not in server.output


async def test_text_goes_on_while_files_are_out_of_reach(
    make_server: Callable[..., Server], join: Callable, bucket: BucketServer
):
    server = await asyncio.to_thread(make_server, CHAT_FILES_URL=bucket.url(prefix=""))
    ann = await join("Ann", server)
    path = (await ann.share("message01", PICTURE, "cup.jpg")).removeprefix(server.url)
    _, uploaded = await ann.upload(b"tea", "tea.txt")
    with bucket.hung():
        begun = time.monotonic()
        reading = asyncio.create_task(fetched(ann, path, server))
        await ann.post("message02", "Can you hear me?")
        assert (await reading)[:2] == (503, "no-store")
        status, answer = await ann.upload(PICTURE, "cup.jpg")
        assert (status, answer["problem"][:35]) == (503, "Dateien lassen sich gerade nicht se")
        assert time.monotonic() - begun < 20
        await ann.attach("message03", uploaded["id"])
        assert ann.refused == {"message03"}
        await ann.post("message04", "Good.")
    assert await until_fetched(ann, path, server)
    await ann.share("message05", b"cake", "cake.txt")
    assert server.output.count("files can't be reached") == server.output.count("files can be reached again") > 0
    assert "Traceback" not in server.output
    assert SECRET not in server.output
