"""The patch of the files of sessions."""

import asyncio
import inspect
import json
import os
from pathlib import Path

import pytest
from nicegui.persistence import FilePersistentDict
from nicegui.testing import User

from chat.framework.patches import session_files
from chat.web.identity import Identity
from chat.web.session import AccountData, Session
from chat.web.sessions import SHARED, Sessions
from tests.support.scene_page import until
from tests.unit.framework.contract import source_hash


@pytest.fixture
def data(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilePersistentDict:
    monkeypatch.setattr(session_files, "INTERVAL", 0.3)
    session_files.write_sessions_seldom()
    return FilePersistentDict(tmp_path / "storage-user-ann.json", encoding="utf-8")


def saved(data: FilePersistentDict) -> dict:
    return json.loads(data.filepath.read_text()) if data.filepath.exists() else {}


async def written(data: FilePersistentDict, value: int) -> int:
    """Wait until the value is on disk; return how often the file was written meanwhile."""
    versions = set()
    async with asyncio.timeout(5):
        while True:
            if data.filepath.exists():
                versions.add(data.filepath.stat().st_ino)
            if saved(data) == {"value": value}:
                return len(versions)
            await asyncio.sleep(0.001)


def test_method_is_the_one_the_patch_was_written_for():
    assert source_hash(inspect.unwrap(FilePersistentDict.backup)) == "5531d36a9ec2"
    assert source_hash(FilePersistentDict.initialize_sync) == "2b5a0cb93a7d"


async def test_many_changes_are_written_once(data: FilePersistentDict):
    await data.initialize()
    for number in range(100):
        data["value"] = number
        await asyncio.sleep(0)
    assert not data.filepath.exists()
    assert await written(data, 99) == 1
    data["value"] = 100
    await written(data, 100)


async def test_other_processes_get_a_change_at_once_and_those_that_follow_together(data: FilePersistentDict):
    copies: list[dict] = []
    session_files.write_sessions_seldom(lambda name, values: copies.append(dict(values)))
    data = FilePersistentDict(data.filepath)
    await data.initialize()
    for number in range(100):
        data["value"] = number
    assert copies == [{"value": 0}]
    await written(data, 99)
    assert copies == [{"value": 0}, {"value": 99}]


async def test_other_processes_get_what_stays_after_signing_out_with_it(data: FilePersistentDict):
    copies: list[dict] = []
    session_files.write_sessions_seldom(lambda name, values: copies.append(dict(values)))
    data = FilePersistentDict(data.filepath)
    await data.initialize()
    session = Session("ann", data, {}, AccountData())
    session.identity = Identity("ann", "Ann")
    session.preferences = session.preferences.choose("scheme", "dark")
    session.leave()
    left = Session("ann", copies[-1], {}, AccountData())
    assert (left.identity, left.former_identity) == (None, Identity("ann", "Ann"))
    assert left.preferences.scheme == "dark"


@pytest.mark.parametrize("credential", session_files.CREDENTIALS)
async def test_signing_in_or_out_is_written_at_once(
    data: FilePersistentDict, monkeypatch: pytest.MonkeyPatch, credential: str
):
    monkeypatch.setattr(session_files, "INTERVAL", 60)
    await data.initialize()
    data["value"] = 0
    for value in {"id": "ann"}, None, {"id": "bob"}:
        data[credential] = value
        await until(lambda value=value: saved(data).get(credential) == value)
    data["value"] = 1
    data.clear()
    await until(lambda: not data.filepath.exists())


async def test_nothing_is_lost_when_the_chat_stops(data: FilePersistentDict, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_files, "INTERVAL", 60)
    for number in range(3):
        data["value"] = number
    session_files.write_changed_sessions([data])
    await written(data, 2)


async def test_nothing_of_accounts_is_lost_either(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_files, "INTERVAL", 60)
    for name in SHARED:
        (tmp_path / f"{name}.json").write_text('{"bob": {}}')
    sessions = Sessions(lambda member_id: None, tmp_path)
    for data in sessions.loaded:
        data["ann"] = {"lobby": 7}
    session_files.write_changed_sessions(sessions.loaded)
    for name in SHARED:
        await until(lambda name=name: "ann" in json.loads((tmp_path / f"{name}.json").read_text()))


async def test_data_of_accounts_that_was_loaded_before_is_patched_too(
    user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(FilePersistentDict, "backup", inspect.unwrap(FilePersistentDict.backup))
    sessions, copies = Sessions(lambda member_id: None, tmp_path), list[str]()
    session_files.write_sessions_seldom(lambda name, values: copies.append(name))
    for data in sessions.loaded:
        data["ann"] = {"lobby": 7}
    assert tuple(copies) == SHARED


def test_patch_is_applied_once():
    session_files.write_sessions_seldom()
    session_files.write_sessions_seldom()
    assert FilePersistentDict.backup.__wrapped__ is inspect.unwrap(FilePersistentDict.backup)


async def test_file_that_is_read_counts_as_used_but_is_not_written(data: FilePersistentDict):
    data.filepath.write_text('{"value": 1}')
    os.utime(data.filepath, (0, 0))
    before = data.filepath.stat()
    await data.initialize()
    assert data == {"value": 1}
    assert not hasattr(data, "waiting")
    after = data.filepath.stat()
    assert (after.st_ino, after.st_mtime > before.st_mtime) == (before.st_ino, True)
    data["value"] = 2
    await written(data, 2)


@pytest.mark.parametrize("content", ["[1]", None], ids=["damaged", "missing"])
async def test_file_that_cannot_be_read_leaves_a_session_that_is_kept(data: FilePersistentDict, content: str | None):
    if content is not None:
        data.filepath.write_text(content)
    await data.initialize()
    assert data == {}
    assert data.filepath.exists() == (content is not None)
    data["value"] = 1
    await written(data, 1)
