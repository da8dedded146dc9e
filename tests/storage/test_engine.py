"""Stores in an engine that hangs, is killed, is emptied or is full, and in one that others use as well."""

import asyncio
import json
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.storage.base import EventStore
from chat.storage.redis import peers, race
from chat.storage.redis.engine import engine as engine_module
from chat.storage.redis.engine.append import Append
from chat.storage.redis.engine.engine import Engine
from chat.storage.redis.stores import Backend
from chat.storage.shared import Behind, Reloaded, SentCommand, SharedStore
from tests.storage.kinds import ACCOUNTS, ROOMS
from tests.storage.samples import CLEARED, deleted, posted, texts
from tests.support.engine import HAS_ENGINE, KINDS, REDIS, VALKEY, EngineProcess, shared_engine
from tests.support.processes import eventually

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

Open = Callable[..., Backend]


@pytest.fixture(params=[pytest.param(kind, marks=[pytest.mark.exhaustive] * (kind == REDIS)) for kind in KINDS])
def engine(request: pytest.FixtureRequest) -> Iterator[EngineProcess]:
    engine = EngineProcess(kind=request.param)
    yield engine
    engine.remove()


@pytest.fixture
def open_backend(tmp_path: Path) -> Open:
    """Open the chat of this test, in the data folder with a name; by default in the engine of all tests."""

    def open_it(folder: str, engine: EngineProcess | None = None, limit: int = 100) -> Backend:
        path = tmp_path / folder
        path.mkdir(exist_ok=True)
        backend = Backend((engine or shared_engine()).url, tmp_path.name, path, path, limit)
        for store in backend.stores.by_name.values():
            store.load()
        return backend

    return open_it


async def stored(backend: Backend) -> list[str]:
    return texts(await asyncio.to_thread(backend.stores.messages.load))


async def learned(store: EventStore[Any]) -> Sequence[Any]:
    """Return what a store learns of the engine's events."""
    assert isinstance(store, SharedStore)
    found = await store.catch_up()
    assert not isinstance(found, Reloaded)
    return found


async def test_hung_engine_refuses_in_time_and_carries_nothing_out_later(
    engine: EngineProcess, open_backend: Open, monkeypatch: pytest.MonkeyPatch
):
    for name, seconds in (("CARRIED_OUT_WITHIN", 0.2), ("REFUSED_AFTER", 0.5), ("CHECK_TIMEOUT", 0.1)):
        monkeypatch.setattr(engine_module, name, seconds)
    backend = open_backend("ann", engine)
    await backend.stores.messages.append([posted(1)])
    with engine.hung():
        started = time.monotonic()
        with pytest.raises(HistoryUnwritable):
            await backend.stores.messages.append([posted(2)])
        assert time.monotonic() - started < 0.7
        statuses = await backend.stores.check()
        assert not any(status.writable for status in statuses.values())
    (stored_after,) = await backend.stores.messages.append([posted(3)])
    assert stored_after.number == 2
    assert await stored(open_backend("bob", engine)) == ["Message 1", "Message 3"]


async def test_engine_killed_and_restarted_meanwhile_stores_each_message_once(
    engine: EngineProcess, open_backend: Open
):
    backend = open_backend("ann", engine)
    for number in range(30):
        if number % 10 == 5:
            engine.kill()
            restarting = asyncio.create_task(asyncio.to_thread(engine.start))
        await backend.stores.messages.append([posted(number)])
        if number % 10 == 5:
            await restarting
    assert await stored(open_backend("bob", engine)) == [f"Message {number}" for number in range(30)]


async def test_emptied_engine_is_filled_from_memory_and_from_rooms_that_are_not_loaded(
    engine: EngineProcess, open_backend: Open
):
    first = open_backend("ann", engine)
    assert first.share_secret("a secret of this chat") == "a secret of this chat"
    tea = first.stores.histories.open("tea")
    tea.load()
    await tea.append([posted(7)])
    before = open_backend("cid", engine)  # on another host, where no room was ever loaded
    before.share_secret("another secret")
    await before._histories.mirror()
    await before.stores.messages.append([posted(1)])
    await before.stores.accounts.append(ACCOUNTS[:2])
    engine.empty()
    await before.stores.messages.append([posted(2)])
    after = open_backend("bob", engine)
    assert await stored(after) == ["Message 1", "Message 2"]
    assert texts(after.stores.histories.read("tea")) == ["Message 7"]
    assert [account.name for account in after.stores.accounts.load()] == ["Ann", "Bob"]
    assert after.share_secret("another secret") == "a secret of this chat"


async def test_emptied_engine_is_filled_although_nobody_writes(
    engine: EngineProcess, open_backend: Open, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_module, "CHECK_INTERVAL", 0.05)
    monkeypatch.setattr(engine_module, "CHECK_TIMEOUT", 0.05)
    backend = open_backend("ann", engine)
    await backend.stores.messages.append([posted(1)])
    await backend.start()
    engine.empty()
    for _ in range(500):
        if engine.client.exists(backend._engine.keys.epoch):
            break
        await asyncio.sleep(0.02)
    assert await stored(open_backend("bob", engine)) == ["Message 1"]
    await backend.close()


async def test_full_engine_refuses_at_once_and_lets_delete(engine: EngineProcess, open_backend: Open):
    backend = open_backend("ann", engine)
    await backend.stores.messages.append([posted(1)])
    engine.client.config_set("maxmemory", engine.client.info("memory")["used_memory"] // 2)
    started = time.monotonic()
    with pytest.raises(HistoryUnwritable) as refusal:
        await backend.stores.messages.append([posted(2)])
    assert refusal.value.key == "storage-full"
    assert time.monotonic() - started < 0.5
    assert not (await backend.stores.check())["history"].writable
    await backend.stores.messages.append([CLEARED])
    engine.client.config_set("maxmemory", 0)
    await backend.stores.messages.append([posted(3)])
    assert await stored(open_backend("bob", engine)) == ["Message 3"]


@pytest.mark.exhaustive
@pytest.mark.parametrize("engine", [VALKEY], indirect=True)
async def test_free_plan_of_render_has_room_for_a_few_hundred_rooms(engine: EngineProcess, open_backend: Open):
    engine.client.config_set("maxmemory", "8mb")  # a third of it, for a third of the rooms and sessions
    backend = open_backend("ann", engine)
    text = "Seventy characters are what people write in a chat, if they don't hurry"
    for number in range(100):
        room = backend.stores.histories.open(f"room{number}")
        room.load()
        for start in range(0, 199, 50):
            await room.append([posted(1000 * number + n, f"{n} {text}") for n in range(start, start + 50)])
    with engine.client.pipeline() as commands:
        for number in range(3500):
            values = {"member": {"id": f"{number:032}", "name": f"Person {number}", "generation": None}, "seen": {}}
            commands.set(backend._engine.keys.session(f"storage-user-{number:036}"), json.dumps(values), ex=1000)
        commands.execute()
    await backend.stores.messages.append([posted(1)])
    others = [client for client in engine.client.client_list() if client["id"] != str(engine.client.client_id())]
    assert len(others) <= 5
    await backend.close()


async def test_engine_that_lost_the_last_events_gets_them_again(engine: EngineProcess, open_backend: Open):
    backend = open_backend("ann", engine)
    await backend.stores.messages.append([posted(1)])
    await backend.stores.messages.append([posted(2)])
    keys = backend._engine.keys
    engine.client.xdel(keys.events("lobby"), "2-0")
    engine.client.hset(keys.last, "lobby", 1)
    with pytest.raises(Behind):
        await backend.stores.messages.append([posted(3)])
    assert await learned(backend.stores.messages) == []
    await backend.stores.messages.append([posted(3)])
    assert await stored(open_backend("bob", engine)) == ["Message 1", "Message 2", "Message 3"]


async def test_process_that_others_are_always_faster_than_gives_up(open_backend: Open, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(race, "GIVE_UP_AFTER", 0.05)
    ann, bob = (open_backend(name).stores.messages for name in ("ann", "bob"))
    lost = 0
    with pytest.raises(HistoryUnwritable):
        while True:
            await bob.append([posted(lost)])
            with suppress(Behind):
                await ann.append([posted(-1)])
            lost += 1
    assert len(await learned(ann)) == lost + 1
    await ann.append([posted(lost + 1)])


def test_only_losses_one_after_another_are_a_race():
    running = race.Race()
    assert [running.lose(at, at + 0.5) for at in (10.0, 10.6, 11.2, 11.8)] == [False, False, False, True]
    assert [running.lose(at, at + 0.5) for at in (12.4, 13.0, 14.6, 15.2)] == [False] * 4


@pytest.mark.parametrize("status", ["sent again", "too late", "another epoch", "another number", "elsewhere"])
async def test_append_is_carried_out_once_or_never(status: str, tmp_path: Path):
    engine = Engine(shared_engine().url, tmp_path.name)
    engine.enter()
    engine.fill()
    other = Engine(shared_engine().url, tmp_path.name)
    other.enter()
    request, until = Append("lobby", [b"line"], after=0), time.monotonic() + 5
    answers = []
    if status == "sent again":
        answers = [await engine._try_append(request, "nonce", until), await engine._try_append(request, "nonce", 0)]
    elif status == "too late":
        answers = [await engine._try_append(request, "nonce", time.monotonic() - 0.1)]
    elif status == "another epoch":
        shared_engine().client.set(engine.keys.epoch, "other")
        answers = [await engine._try_append(request, "nonce", until)]
    elif status == "elsewhere":
        command = [SentCommand("ann", "message01")]
        for process, after in ((engine, 0), (engine, 1), (other, 2)):
            request = Append("lobby", [b"line"], after=after, commands=command)
            answers.append(await process._try_append(request, f"nonce {after}", until))
    else:
        answers = [await engine._try_append(Append("lobby", [b"line"], after=1), "nonce", until)]
    lines = shared_engine().client.xlen(engine.keys.events("lobby"))
    assert ([status for status, _ in answers], lines) == {
        "sent again": (["done", "done"], 1),
        "too late": (["late"], 0),
        "another epoch": (["foreign"], 0),
        "another number": (["other"], 0),
        "elsewhere": (["done", "done", "repeated"], 2),
    }[status]
    await engine.close()
    await other.close()


async def test_processes_that_run_at_the_same_time_share_a_secret(open_backend: Open, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(peers, "BEAT", 0.05)
    one, other = open_backend("ann"), open_backend("bob")
    assert one.share_for_this_run("password", "first") == "first"
    assert other.share_for_this_run("password", "second") == "first"
    key, client = one._engine.keys.run("password"), shared_engine().client
    assert 0 < client.ttl(key) <= 60
    client.delete(key)  # as if the engine was emptied
    await one.start()
    await eventually(lambda: client.get(key) == b"first")
    for backend in one, other:
        await backend.close()


@pytest.mark.parametrize(
    ("settings", "warning"),
    [
        ({}, ""),
        ({"appendfsync": "everysec"}, "engine may lose the last second if it crashes"),
        ({"appendonly": "no"}, "engine keeps nothing on a disk: after its restart, it has what the running chat knows"),
        ({"maxmemory": "25mb", "maxmemory-policy": "allkeys-lru"}, "engine drops data when it is full"),
    ],
    ids=["safe", "each second", "memory only", "evicting"],
)
async def test_possible_losses_of_the_engine_are_logged_in_one_line(
    engine: EngineProcess, open_backend: Open, settings: dict[str, str], warning: str
):
    for name, value in settings.items():
        engine.client.config_set(name, value)
    with capture_logs() as logged:
        await open_backend("ann", engine).close()
    assert [line["event"] for line in logged if line["log_level"] == "warning"] == [warning] * bool(warning)


async def test_empty_engine_takes_in_the_files_and_the_files_can_be_used_again(open_backend: Open, tmp_path: Path):
    first = open_backend("ann")
    await first.stores.messages.append([posted(1), posted(2)])
    await first.stores.rooms.append(ROOMS[:1])
    await first.stores.close()
    await first.close()
    shared_engine().client.delete(*shared_engine().client.keys(f"{{{tmp_path.name}}}:*"))
    second = open_backend("ann")
    assert await stored(second) == ["Message 1", "Message 2"]
    assert [room.id for room in second.stores.rooms.load()] == ["lobby", "tea"]
    await second.stores.messages.append([deleted(1)])
    assert "Message 1" not in "".join(path.read_text() for path in (tmp_path / "ann").glob("chat_log.json*"))


@pytest.mark.parametrize(
    ("limit", "kept", "lines"), [(10_000, 2500, 1000), (300, 300, 300), (100, 100, 100), (7, 7, 100)]
)
async def test_history_is_a_snapshot_and_the_lines_since(open_backend: Open, limit: int, kept: int, lines: int):
    backend = open_backend("ann", limit=limit)
    most = 0
    for start in range(0, 2500, 50):
        await backend.stores.messages.append([posted(number) for number in range(start, start + 50)])
        most = max(most, shared_engine().client.xlen(backend._engine.keys.events("lobby")))
    assert await stored(open_backend("bob", limit=limit)) == [
        f"Message {number}" for number in range(2500 - kept, 2500)
    ]
    assert most == lines


@pytest.mark.parametrize(
    ("url", "problem"),
    [
        ("redis://ann:hush@127.0.0.1:1/0", "the engine can't be used: no connection (Connection refused)"),
        ("unix://ann:hush@/nowhere", "the engine can't be used: no connection (No such file or directory)"),
        ("unix://ann:hush@SOCKET", "the engine can't be used: it refuses the user or the password"),
        ("unix://ann:hush@SOCKET?hush=1", "this URL has an option that redis-py doesn't know"),
    ],
    ids=["no server", "no socket", "wrong password", "unknown option"],
)
def test_engine_that_cannot_be_used_stops_the_start_without_telling_the_url(
    url: str, problem: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_module, "START_TIMEOUT", 0.1)
    with pytest.raises(StartupError) as error:
        Backend(url.replace("SOCKET", str(shared_engine().socket)), "chat", tmp_path, tmp_path, 100)
    assert str(error.value) == f"CHAT_REDIS_URL: {problem}"
    assert error.value.__suppress_context__


async def test_rooms_are_listed_and_deleted_also_from_the_folder(open_backend: Open, tmp_path: Path):
    rooms = open_backend("ann").stores.histories
    for room_id in ("tea", "cake"):
        store = rooms.open(room_id)
        store.load()
        await store.append([posted(1), posted(2)])
        await store.close()
    assert sorted(rooms.last_numbers()) == [("cake", 2), ("tea", 2)]
    assert rooms.last_at("tea") == rooms.written_at()["tea"] == posted(2).message.at.replace(microsecond=123000)
    rooms.delete(["tea"])
    assert [room_id for room_id, _ in rooms.last_numbers()] == ["cake"]
    assert {path.name.partition(".")[0] for path in (tmp_path / "ann" / "rooms").iterdir()} == {"cake"}
    assert not texts(rooms.read("tea"))
