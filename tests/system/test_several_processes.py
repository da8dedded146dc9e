"""Several processes on one engine, while people write: what anybody was shown is in all, once, in the same order."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from itertools import cycle

import pytest

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.raw_page import RawPage
from tests.support.server import Server
from tests.system.test_durability import Writer

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

MESSAGES = 6  # that each person has sent before and after what happens
FAST = {"CHAT_HISTORY_LIMIT": "10000", "CHAT_MESSAGE_RATE": "100000 per minute", "CHAT_GRACE": "5"}


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    yield engine
    engine.remove()


class Traveller(Writer):
    """A writer whose connection is made again to the next process, as behind a balancer."""

    def __init__(self, page: RawPage, servers: list[Server]) -> None:
        super().__init__(page, 0.05)
        self._servers = cycle(servers)
        self.move()

    def move(self) -> None:
        self.page.url = next(self._servers).url

    async def on_lost(self) -> None:
        self.move()
        await asyncio.sleep(0.1)

    async def has_sent(self, count: int) -> None:
        """Return when so many more messages were posted, or refused."""
        goal = len(self.page.settled) + count
        while len(self.page.settled) < goal:  # noqa: ASYNC110
            await asyncio.sleep(0.02)


class Town:
    """Two processes, and people who write in both."""

    def __init__(self, engine: EngineProcess, servers: list[Server], people: list[Traveller]) -> None:
        self.engine = engine
        self.servers = servers
        self.people = people

    async def all_write(self) -> None:
        async with asyncio.timeout(120):  # busy machines
            await asyncio.gather(*(person.has_sent(MESSAGES) for person in self.people))


@asynccontextmanager
async def town(make_server: Callable[..., Server], engine: EngineProcess, *urls: str) -> AsyncIterator[Town]:
    """Let people write until the end; then everything that anybody was shown is in both processes.

    `urls` lead each process to the engine.
    """
    servers = [
        await asyncio.to_thread(make_server, CHAT_REDIS_URL=url, **FAST) for url in urls or (engine.url, engine.url)
    ]
    orders = cycle([servers, servers[::-1]])
    people = [Traveller(RawPage(servers[0].url, name), next(orders)) for name in NAMES]
    writing = [asyncio.create_task(person.write()) for person in people]
    found = Town(engine, servers, people)
    await found.all_write()
    yield found
    await found.all_write()
    for person in people:
        person.is_done.set()
    await asyncio.gather(*writing)
    await check(found)
    for person in people:
        await person.page.close()
        await person.page.http.close()


NAMES = ("Ann", "Bob", "Cid", "Dee")


async def check(found: Town) -> None:
    readers = [RawPage(server.url, f"Reader {number}") for number, server in enumerate(found.servers)]
    histories = []
    for reader in readers:
        await reader.open()
        histories.append([message["id"] for message in await reader.history()])
        await reader.close()
        await reader.http.close()
    kept = histories[0]
    shown = {key for person in found.people for key in person.page.shown}
    settled = {key for person in found.people for key in person.page.settled - person.page.refused}
    assert len(kept) == len(set(kept)), "a message is stored twice"
    assert shown | settled <= set(kept), "shown or confirmed, but lost"
    assert histories[1] == kept, "the processes have different histories"


async def test_nothing_shown_is_lost_when_a_process_is_killed(
    make_server: Callable[..., Server], engine: EngineProcess
):
    async with town(make_server, engine) as found:
        await asyncio.to_thread(found.servers[1].kill)
        await found.all_write()
        await asyncio.to_thread(found.servers[1].start)


@pytest.mark.exhaustive
def test_processes_print_the_same_password_and_link_for_the_owner(
    make_server: Callable[..., Server], engine: EngineProcess
):
    settings = {"CHAT_REDIS_URL": engine.url, "CHAT_ADMIN_PASSWORD": "", "CHAT_ACCESS": "invite"}
    servers = [make_server(**settings) for _ in range(2)]
    for server in servers:
        server.eventually(lambda server=server: len(secrets_of(server)) == 2)
    assert secrets_of(servers[0]) == secrets_of(servers[1])


def secrets_of(server: Server) -> list[str]:
    return re.findall(r"(?:/invite/|type /admin and the password\): )(\S+)\n", server.output)


async def process_hangs(found: Town) -> None:
    with found.servers[1].paused():
        await found.people[0].has_sent(3 * MESSAGES)
        await asyncio.sleep(5)  # longer than the others wait for a sign of life


async def process_stops(found: Town) -> None:
    await asyncio.to_thread(found.servers[1].stop)
    await found.all_write()
    await asyncio.to_thread(found.servers[1].start)


async def engine_hangs(found: Town) -> None:
    with found.engine.hung():
        await asyncio.sleep(4)


async def engine_is_killed(found: Town) -> None:
    for _ in range(3):
        await asyncio.to_thread(found.engine.kill)
        await asyncio.to_thread(found.engine.start)
        await found.all_write()


async def engine_is_emptied(found: Town) -> None:
    await asyncio.to_thread(found.engine.empty)


async def engine_is_full(found: Town) -> None:
    client = found.engine.client
    client.config_set("maxmemory", client.info("memory")["used_memory"] // 2)
    await found.all_write()
    client.config_set("maxmemory", 0)


async def subscriptions_are_cut(found: Town) -> None:
    for _ in range(20):
        found.engine.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await asyncio.sleep(0.1)


async def everything_is_cut(found: Town) -> None:
    for _ in range(10):
        found.engine.client.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        found.engine.client.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
        await asyncio.sleep(0.2)


FAILURES = [
    process_hangs,
    process_stops,
    engine_hangs,
    engine_is_killed,
    engine_is_emptied,
    engine_is_full,
    subscriptions_are_cut,
    everything_is_cut,
]


@pytest.mark.exhaustive
@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__.replace("_", " "))
async def test_nothing_shown_is_lost_when(failure, make_server: Callable[..., Server], engine: EngineProcess):
    async with town(make_server, engine) as found:
        await failure(found)
