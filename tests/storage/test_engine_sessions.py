"""Sessions in an engine: each comes to the folder with the first request of its browser, and all are copied there."""

import asyncio
import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace

import pytest

from chat.storage.redis.engine import engine as engine_module
from chat.storage.redis.sessions import session_mirror
from chat.storage.redis.sessions import sessions as module
from chat.storage.redis.stores import Backend
from chat.storage.session_lifetime import EXPIRED_AFTER, LEFT_AFTER
from tests.storage.samples import posted
from tests.support.engine import HAS_ENGINE, EngineProcess, shared_engine

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

ANN, BOB, CID = (f"storage-user-{name}" for name in ("ann", "bob", "cid"))
Open = Callable[..., Backend]


@pytest.fixture
def open_backend(tmp_path: Path) -> Open:
    """Open the chat of this test on a host with a folder of its own."""

    def open_it(host: str, engine: EngineProcess | None = None) -> Backend:
        path = tmp_path / host
        path.mkdir(exist_ok=True)
        return Backend((engine or shared_engine()).url, tmp_path.name, path, path, 100)

    return open_it


@pytest.fixture
def engine() -> Iterator[EngineProcess]:
    engine = EngineProcess()
    yield engine
    engine.remove()


def stored(folder: Path) -> dict[str, object]:
    return {path.stem: json.loads(path.read_text()) for path in folder.glob("storage-*")}


def member(name: str) -> dict[str, object]:
    return {"member": {"id": name}}


async def keep(backend: Backend, **contents: dict[str, object]) -> None:
    """Keep sessions of `ann`, `bob` ... and end."""
    for name, values in contents.items():
        backend.sessions.save(f"storage-user-{name}", values)
    await backend.close()


async def test_session_comes_with_its_browser_and_no_other(open_backend: Open, tmp_path: Path):
    await keep(open_backend("first"), ann=member("ann"), bob=member("bob"))
    second = open_backend("second")
    assert stored(tmp_path / "second") == {}
    assert await second.sessions.fetch(ANN)
    assert await second.sessions.fetch(CID)  # there is none
    assert stored(tmp_path / "second") == {ANN: member("ann")}
    await second.close()


async def test_read_marks_of_accounts_are_there_from_the_start(open_backend: Open, tmp_path: Path):
    first = open_backend("first")
    first.sessions.save("storage-seen", {"ann": {"lobby": 7}})
    first.sessions.save("storage-levels", {"ann": {"lobby": "nothing"}})
    await first.close()
    await open_backend("second").close()
    assert stored(tmp_path / "second") == {
        "storage-seen": {"ann": {"lobby": 7}},
        "storage-levels": {"ann": {"lobby": "nothing"}},
    }


async def test_file_of_another_time_counts_as_little_as_none(open_backend: Open, tmp_path: Path):
    await keep(open_backend("first"), ann={"member": {"id": "ann"}, "seen": 1}, bob=member("bob"))
    shutil.copytree(tmp_path / "first", tmp_path / "third")
    (tmp_path / "third" / f"{ANN}.json").write_text(json.dumps(member("ann, before")))
    (tmp_path / "third" / f"{CID}.json").write_text(json.dumps(member("cid, who has signed out")))
    third = open_backend("third")
    for name in ANN, BOB, CID:
        assert await third.sessions.fetch(name)
    assert stored(tmp_path / "third") == {ANN: {"member": {"id": "ann"}, "seen": 1}, BOB: member("bob")}
    await third.close()


async def test_all_sessions_are_copied_little_by_little_and_no_others_stay(
    open_backend: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    people = {f"person{number}": member(f"person{number}") for number in range(3 * session_mirror.BATCH)}
    await keep(open_backend("first"), **people)
    (tmp_path / "second").mkdir()
    (tmp_path / "second" / f"{CID}.json").write_text(json.dumps(member("cid, who has signed out")))
    second = open_backend("second")
    second.sessions.save(ANN, member("ann"))  # joins meanwhile; NiceGUI writes her file
    (tmp_path / "second" / f"{ANN}.json").write_text(json.dumps(member("ann")))
    later = SimpleNamespace(time=lambda: time.time() + 0.1)  # than the times that file systems keep
    monkeypatch.setattr(session_mirror, "time", later)
    second.sessions.start()
    assert second.sessions._mirroring
    await second.sessions._mirroring
    assert stored(tmp_path / "second") == {f"storage-user-{name}": values for name, values in people.items()} | {
        ANN: member("ann")
    }
    await second.close()


async def test_member_who_signs_out_while_the_engine_hangs_stays_signed_out(
    engine: EngineProcess, open_backend: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_module, "REFUSED_AFTER", 0.2)
    monkeypatch.setattr(module, "RETRY_AFTER", 0.05)
    monkeypatch.setattr(module, "MAX_KNOWN", 1)
    await keep(open_backend("first", engine), ann=member("ann"), bob=member("bob"))
    second = open_backend("second", engine)
    assert await second.sessions.fetch(ANN)
    with engine.hung():
        second.sessions.save(ANN, {})
        (tmp_path / "second" / f"{ANN}.json").unlink()  # as NiceGUI does
        assert await second.sessions.fetch(ANN)
        assert not await second.sessions.fetch(BOB)  # who may be signed in
    assert await second.sessions.fetch(ANN)
    assert await second.sessions.fetch(BOB)
    assert stored(tmp_path / "second") == {BOB: member("bob")}
    await second.close()
    third = open_backend("third", engine)
    assert await third.sessions.fetch(ANN)
    assert stored(tmp_path / "third") == {}
    await third.close()


async def test_known_session_does_not_wait_for_an_engine_that_hangs(
    engine: EngineProcess, open_backend: Open, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(engine_module, "REFUSED_AFTER", 60)
    monkeypatch.setattr(module, "PATIENCE", 0.1)
    await keep(open_backend("first", engine), ann=member("ann"))
    second = open_backend("second", engine)
    assert await second.sessions.fetch(ANN)
    with engine.hung():
        assert await second.sessions.fetch(ANN)
        assert stored(tmp_path / "second") == {ANN: member("ann")}
    await second.close()


async def test_emptied_engine_signs_nobody_out(engine: EngineProcess, open_backend: Open, tmp_path: Path):
    await keep(open_backend("first", engine), ann=member("ann"), bob=member("bob"))
    second = open_backend("second", engine)
    assert await second.sessions.fetch(ANN)
    engine.empty()
    assert await second.sessions.fetch(ANN)
    assert not await second.sessions.fetch(BOB)  # who may be signed in
    assert stored(tmp_path / "second") == {ANN: member("ann")}
    await second.close()


async def test_emptied_engine_gets_a_session_that_has_just_changed(
    engine: EngineProcess, open_backend: Open, tmp_path: Path
):
    await keep(open_backend("first", engine), ann=member("ann"))
    second = open_backend("second", engine)
    for store in second.stores.by_name.values():
        store.load()
    assert await second.sessions.fetch(ANN)
    second.sessions.save(ANN, {**member("ann"), "seen": 7})  # NiceGUI writes its file up to a second later
    second.sessions.save(BOB, member("bob"))
    await second.sessions.written()
    engine.empty()
    await second.stores.messages.append([posted(1)])
    third = open_backend("third", engine)
    for name in ANN, BOB:
        assert await third.sessions.fetch(name)
    assert stored(tmp_path / "third") == {ANN: {**member("ann"), "seen": 7}, BOB: member("bob")}
    for backend in second, third:
        await backend.close()


async def test_emptied_engine_gets_the_sessions_again(engine: EngineProcess, open_backend: Open, tmp_path: Path):
    await keep(open_backend("first", engine), ann=member("ann"), bob=member("bob"))
    second = open_backend("second", engine)
    for store in second.stores.by_name.values():
        store.load()
    second.sessions.start()
    assert second.sessions._mirroring
    await second.sessions._mirroring
    engine.empty()
    await second.stores.messages.append([posted(1)])
    third = open_backend("third", engine)
    assert await third.sessions.fetch(BOB)
    assert stored(tmp_path / "third") == {BOB: member("bob")}
    for backend in second, third:
        await backend.close()


@pytest.mark.parametrize("is_filled", [False, True], ids=["saved", "filled"])
async def test_sessions_expire_in_the_engine(
    is_filled: bool, engine: EngineProcess, open_backend: Open, tmp_path: Path
):
    contents = {ANN: member("ann"), BOB: {"former": {"id": "bob"}}, "storage-seen": {"ann": {}}}
    if is_filled:
        (tmp_path / "first").mkdir()
        for name, values in contents.items():
            (tmp_path / "first" / f"{name}.json").write_text(json.dumps(values))
    backend = open_backend("first", engine)
    if not is_filled:
        for name, values in contents.items():
            backend.sessions.save(name, values)
    await backend.close()
    left = {name: engine.client.ttl(f"{{{tmp_path.name}}}:session:{name}") for name in contents}
    assert left.pop("storage-seen") == -1  # never
    assert left == {
        ANN: pytest.approx(EXPIRED_AFTER.total_seconds(), abs=60),
        BOB: pytest.approx(LEFT_AFTER.total_seconds(), abs=60),
    }


async def test_sessions_fetched_at_once_are_all_there(open_backend: Open, tmp_path: Path):
    people = {f"person{number}": member(f"person{number}") for number in range(50)}
    await keep(open_backend("first"), **people)
    second = open_backend("second")
    names = [f"storage-user-{name}" for name in people]
    assert all(await asyncio.gather(*(second.sessions.fetch(name) for name in names * 2)))
    assert stored(tmp_path / "second").keys() == set(names)
    await second.close()
