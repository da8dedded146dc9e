"""The patch of the files of sessions."""

import asyncio
import inspect
import json
from pathlib import Path

import pytest
from nicegui.persistence import FilePersistentDict
from nicegui.testing import User

from chat.framework.patches import session_files
from tests.support.scene_page import until
from tests.unit.framework.contract import source_hash


@pytest.fixture
def data(user: User, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> FilePersistentDict:
    monkeypatch.setattr(session_files, "INTERVAL", 0.3)
    session_files.write_sessions_seldom()
    return FilePersistentDict(tmp_path / "storage-user-ann.json", encoding="utf-8")


async def written(data: FilePersistentDict, value: int) -> int:
    """Wait until the value is on disk; return how often the file was written meanwhile."""
    versions = set()
    async with asyncio.timeout(5):
        while True:
            if data.filepath.exists():
                versions.add(data.filepath.stat().st_ino)
                if json.loads(data.filepath.read_text()) == {"value": value}:
                    return len(versions)
            await asyncio.sleep(0.001)


def test_method_is_the_one_the_patch_was_written_for():
    assert source_hash(inspect.unwrap(FilePersistentDict.backup)) == "5531d36a9ec2"


async def test_first_change_is_written_at_once_and_many_changes_once(data: FilePersistentDict):
    data["value"] = 0
    assert await written(data, 0) == 1
    for number in range(100):
        data["value"] = number
        await asyncio.sleep(0)
    assert json.loads(data.filepath.read_text()) == {"value": 0}
    assert await written(data, 99) <= 2


async def test_change_after_a_pause_is_written_at_once(data: FilePersistentDict):
    data["value"] = 0
    await until(lambda: not hasattr(data, "written"))
    data["value"] = 1
    assert not hasattr(data, "is_changed")
    await written(data, 1)


async def test_signing_in_or_out_is_written_at_once(data: FilePersistentDict, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_files, "INTERVAL", 60)
    data["value"] = 0
    await written(data, 0)
    for member in {"id": "ann"}, None, {"id": "bob"}:
        data["member"] = member
        await until(lambda member=member: json.loads(data.filepath.read_text()).get("member") == member)
    data.clear()
    await until(lambda: not data.filepath.exists())
    data.written.cancel()


async def test_nothing_is_lost_when_the_chat_stops(data: FilePersistentDict, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(session_files, "INTERVAL", 60)
    for number in range(3):
        data["value"] = number
    session_files.write_changed_sessions([data])
    await written(data, 2)


def test_patch_is_applied_once():
    session_files.write_sessions_seldom()
    session_files.write_sessions_seldom()
    assert FilePersistentDict.backup.__wrapped__ is inspect.unwrap(FilePersistentDict.backup)
