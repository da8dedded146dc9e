"""Two processes of one chat behind a real proxy, as the README shows: people don't notice which is theirs."""

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from pathlib import Path

import pytest

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.people import Person
from tests.support.reverse_proxies import reverse_proxy
from tests.support.server import Server
from tests.system.test_balancer import PATIENT

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.asyncio(loop_scope="session"),
    pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system"),
]
BY_TURNS = {
    "balance leastconn": "balance roundrobin",
    "    cookie at insert indirect nocache httponly\n": "",
    " cookie one": "",
    " cookie two": "",
}


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    yield engine
    engine.remove()


@asynccontextmanager
async def killed(server: Server) -> AsyncIterator[None]:
    await asyncio.to_thread(server.kill)
    yield
    await asyncio.to_thread(server.start)


@asynccontextmanager
async def hung(server: Server) -> AsyncIterator[None]:
    with server.paused():
        yield


@pytest.mark.parametrize(
    ("failing", "proxy", "changes"),
    [
        (killed, "haproxy", PATIENT),
        (killed, "haproxy", PATIENT | BY_TURNS),
        (killed, "nginx", {}),
        (hung, "haproxy", {}),
        (hung, "haproxy", BY_TURNS),
    ],
    ids=["affinity", "by turns", "by turns of nginx", "one hangs", "one hangs, by turns"],
)
async def test_pages_go_on_in_the_other_process(
    profiles,
    make_server: Callable[..., Server],
    engine: EngineProcess,
    tmp_path: Path,
    *,
    failing: Callable[[Server], AbstractAsyncContextManager[None]],
    proxy: str,
    changes: dict[str, str],
):
    servers = [await asyncio.to_thread(make_server, CHAT_TRUSTED_HOPS="1", CHAT_REDIS_URL=engine.url) for _ in range(2)]
    with reverse_proxy(proxy, tuple(server.port for server in servers), tmp_path, changes) as url:
        pages = [await profiles.take() for _ in range(2)]
        ann, bob = (Person(page, url) for page in pages)
        try:
            for person, name in (ann, "Ann"), (bob, "Bob"):
                await person.page.goto(url)
                await person.join(name)
            await bob.sees_people("Ann", "Bob")
            await ann.mark_page()
            for number, server in enumerate(servers):
                await ann.write(f"half a sentence {number}")
                async with failing(server):
                    await ann.is_offline(False)
                    await ann.keys("Enter")
                    await ann.has_sent_all()
                    await bob.has(f"half a sentence {number}")
            await ann.is_on_the_same_page()
            await ann.sees_people("Ann", "Bob")
            await ann.sees("half a sentence 0", "half a sentence 1")
            await bob.sees("half a sentence 0", "half a sentence 1")
            assert "left" not in await ann.log.inner_text()
        finally:
            for page in pages:
                await profiles.give_back(page)
