"""Sessions that several processes use: what one changes is in the others, and one-time logins work in all of them."""

import json
from collections.abc import AsyncIterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated
from chat.shared_sessions import catch_up_accounts
from chat.state import clock
from chat.text.nicknames import parse_nickname
from tests.support.engine import HAS_ENGINE
from tests.support.processes import ChatProcess, deaf, eventually, processes

pytestmark = pytest.mark.skipif(not HAS_ENGINE, reason="there is no engine for this system")

ANN = "storage-user-ann"
MEMBER = {"member": {"id": "ann"}}


@pytest.fixture
async def both(tmp_path: Path) -> AsyncIterator[list[ChatProcess]]:
    async with processes(tmp_path) as found:
        yield found


def file_of(process: ChatProcess) -> dict[str, Any] | None:
    """Return what NiceGUI would read."""
    path = process.folder / f"{ANN}.json"
    return json.loads(path.read_text()) if path.exists() else None


async def test_change_elsewhere_reaches_a_session_that_is_known(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    refreshed: list[tuple[str, Mapping[str, Any]]] = []
    assert await other.fetch(ANN)
    other.on_changed = lambda name, values: refreshed.append((name, values))
    one.save(ANN, MEMBER)
    await eventually(lambda: refreshed == [(ANN, MEMBER)])
    assert file_of(both[1]) == MEMBER
    one.save(ANN, {})
    await eventually(lambda: len(refreshed) == 2)
    assert refreshed[1] == (ANN, {})
    assert file_of(both[1]) is None


async def test_request_gets_the_session_that_another_process_has_just_changed(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    refreshed: list[tuple[str, Mapping[str, Any]]] = []
    other.on_changed = lambda name, values: refreshed.append((name, values))
    async with deaf(both[1]):  # what it hears would come too late
        for values in MEMBER, {**MEMBER, "seen": {"lobby": 7}}, {}, MEMBER:
            one.save(ANN, values)
            await one.written()
            assert await other.fetch(ANN)
            assert refreshed[-1] == (ANN, values)
            assert (file_of(both[1]) or {}) == values
        assert await other.fetch(ANN)
        assert len(refreshed) == 4


async def test_session_that_is_created_has_a_file_where_it_was_created(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    one.create(ANN, MEMBER)
    assert await one.fetch(ANN)
    assert file_of(both[0]) == MEMBER
    await one.written()
    assert await other.fetch(ANN)
    assert file_of(both[1]) == MEMBER


async def test_request_finds_the_account_that_another_process_has_just_created(both: list[ChatProcess]):
    one, other = both
    other.backend.sessions.catch_up = partial(catch_up_accounts, other.backend, other.chat)
    async with deaf(other):
        await one.chat.pipeline.submit(AccountCreated(Account("ann", parse_nickname("Ann"), "", clock.now(), 1)))
        assert not other.chat.people.accounts.get("ann")
        assert await other.backend.sessions.fetch(ANN)
        assert other.chat.people.accounts.get("ann")


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


async def test_read_marks_and_levels_of_accounts_are_learned_after_being_cut_off(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    known: dict[str, dict[str, Any]] = {"storage-seen": {}, "storage-levels": {}}
    other.on_changed = lambda name, values: known[name].update(values)
    one.save("storage-seen", {"ann": {"lobby": 7}, "bob": {"lobby": 7}})
    await eventually(lambda: len(known["storage-seen"]) == 2)
    async with deaf(both[1]):
        one.save("storage-seen", {"ann": {"lobby": 9}})
        one.save("storage-levels", {"ann": {"lobby": "nothing"}})
        await one.written()
        other.save("storage-levels", {"cid": {"lobby": "nothing"}})
    await eventually(lambda: known["storage-seen"] == {"ann": {"lobby": 9}, "bob": None})
    await eventually(lambda: known["storage-levels"] == {"ann": {"lobby": "nothing"}})


async def test_sign_out_while_this_process_was_cut_off_reaches_its_pages(both: list[ChatProcess]):
    one, other = (process.backend.sessions for process in both)
    one.save(ANN, MEMBER)
    await one.written()
    assert await other.fetch(ANN)
    changed: list[tuple[str, Mapping[str, Any]]] = []
    other.on_changed = lambda name, values: changed.append((name, values))
    other.in_use = lambda: [ANN]
    async with deaf(both[1]):
        one.save(ANN, {})
        await one.written()
    await eventually(lambda: (ANN, {}) in changed)
    assert file_of(both[1]) is None


async def test_one_time_login_works_once_wherever_it_is_used(both: list[ChatProcess]):
    one, other = (process.backend.sessions.logins for process in both)
    await one.keep("token", b"ann", 60)
    assert await other.find("token") == b"ann"
    assert await other.take("token")
    assert not await one.take("token")
    assert await one.find("token") == b""
