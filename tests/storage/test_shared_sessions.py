"""Sessions that several processes use: what one changes is in the others, and one-time logins work in all of them."""

from collections.abc import AsyncIterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.support.engine import HAS_ENGINE
from tests.support.processes import ChatProcess, eventually, processes

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

ANN = "storage-user-ann"


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[list[ChatProcess]]:
    async with processes(tmp_path) as found:
        yield found


async def test_session_in_use_elsewhere_is_refreshed_and_others_are_fetched(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    refreshed: list[tuple[str, Mapping[str, Any]]] = []
    other.on_changed = lambda name, values: refreshed.append((name, values))
    one.save(ANN, {"member": {"id": "ann"}})
    await one.written()
    assert await other.fetch(ANN)
    assert (both[1].folder / f"{ANN}.json").read_text() == '{"member":{"id":"ann"}}'
    one.save(ANN, {"member": {"id": "ann"}, "seen": {"lobby": 7}})
    await eventually(lambda: refreshed == [(ANN, {"member": {"id": "ann"}, "seen": {"lobby": 7}})])
    one.save(ANN, {})
    await eventually(lambda: len(refreshed) == 2)
    assert refreshed[1] == (ANN, {})
    assert not (both[1].folder / f"{ANN}.json").exists()


async def test_read_marks_of_accounts_from_different_processes_add_up(both: list[ChatProcess], tmp_path: Path):
    one, other = (process.backend.sessions for process in both)
    refreshed: list[Mapping[str, Any]] = []
    other.on_changed = lambda name, values: refreshed.append(values)
    one.save("storage-seen", {"ann": {"lobby": 7}})
    await eventually(lambda: refreshed == [{"ann": {"lobby": 7}}])
    other.save("storage-seen", {"ann": {"lobby": 7}, "bob": {"lobby": 3}})
    one.save("storage-seen", {"ann": {"lobby": 9}})
    await other.written()
    await one.written()
    async with processes(tmp_path, 1) as (third,):
        found = (third.folder / "storage-seen.json").read_text()
        assert found in ('{"ann":{"lobby":9},"bob":{"lobby":3}}', '{"bob":{"lobby":3},"ann":{"lobby":9}}')


async def test_one_time_login_works_once_wherever_it_is_used(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    await one.keep_login("token", b"ann", 60)
    assert await other.find_login("token") == b"ann"
    assert await other.take_login("token")
    assert not await one.take_login("token")
    assert await one.find_login("token") == b""
