"""Several processes whose engine is on another machine: slow, cut off from one of them or all, failed over."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator

import pytest

from tests.support.engine import HAS_ENGINE, EngineProcess
from tests.support.proxy import Proxy
from tests.support.server import Server, free_port
from tests.system.test_several_processes import MESSAGES, Town, town

pytestmark = [
    pytest.mark.exhaustive,
    pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system"),
]


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    engine = EngineProcess(port=free_port())
    yield engine
    engine.remove()


@pytest.fixture
def replica(engine: EngineProcess) -> Iterator[EngineProcess]:
    replica = engine.replicate()
    yield replica
    replica.remove()


async def engine_is_slow(found: Town, _one: Proxy, other: Proxy) -> None:
    other.delay = 0.2
    await found.all_write()
    other.delay = 2.0  # too slow: what is posted there is refused
    await found.people[0].has_sent(3 * MESSAGES)
    other.delay = 0


async def all_are_cut_off(found: Town, one: Proxy, other: Proxy) -> None:
    for line in one, other:
        await line.cut()
    await found.all_write()
    for line in one, other:
        await line.heal()


async def one_hears_nothing(found: Town, _one: Proxy, other: Proxy) -> None:
    other.swallow()
    await found.people[0].has_sent(3 * MESSAGES)
    await notices(found.servers[1])
    await other.heal()


async def answers_are_lost(found: Town, _one: Proxy, other: Proxy) -> None:
    other.swallow("down")
    await found.people[0].has_sent(3 * MESSAGES)
    await notices(found.servers[1])
    await other.heal()


async def notices(server: Server) -> None:
    """Wait until a process has noticed that it hears nothing of the engine."""
    await asyncio.to_thread(server.eventually, lambda: "subscription was cut" in server.output)


FAILURES = [engine_is_slow, all_are_cut_off, one_hears_nothing, answers_are_lost]


@pytest.mark.parametrize("failure", FAILURES, ids=lambda failure: failure.__name__.replace("_", " "))
async def test_nothing_shown_is_lost_when(
    failure: Callable[[Town, Proxy, Proxy], Awaitable[None]], make_server: Callable[..., Server], engine: EngineProcess
):
    lines = [Proxy(free_port(), engine.port) for _ in range(2)]
    for line in lines:
        await line.heal()
    async with town(make_server, engine, *(address(line) for line in lines)) as found:
        await failure(found, *lines)


async def test_nothing_shown_is_lost_when_a_replica_takes_over(
    make_server: Callable[..., Server], engine: EngineProcess, replica: EngineProcess
):
    lines = [Proxy(free_port(), engine.port) for _ in range(2)]
    for line in lines:
        await line.heal()
    async with town(make_server, engine, *(address(line) for line in lines)) as found:
        await asyncio.to_thread(engine.kill)
        replica.client.replicaof("NO", "ONE")
        for line in lines:
            line.target = replica.port
        await found.all_write()
        await asyncio.to_thread(engine.start)  # it has what came until it ended
        for line in lines:
            line.target = engine.port
            await line.cut()
            await line.heal()


def address(line: Proxy) -> str:
    return f"redis://127.0.0.1:{line.port}"
