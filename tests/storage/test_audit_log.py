"""`audit.jsonl` is append-only, with one line per audited event and no addresses."""

import asyncio
import json
import os
import stat
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import orjson
import pytest

from chat.domain.accounts.events import InvitationRevoked
from chat.domain.audit import ActionFailed, AuditedEvent, AuditEntry, audit_entry
from chat.domain.errors import HistoryUnwritable
from chat.domain.messages.events import HistoryCleared
from chat.domain.moderation.events import Banned, MessageReported, Muted, RoomLocked
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import (
    DirectoryEvent,
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.users import UserRef
from chat.storage.json_files import audit_log
from chat.storage.json_files.audit_log import JsonAuditLog, dump_entry, parse_entry
from tests.storage.test_audit_migration import ENTRIES
from tests.support.disk import Disk

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
IDENTIFIERS = frozenset({"member:bob", "session:s", "address:192.0.2.1"})
EVENTS: list[AuditedEvent] = [
    Muted("lobby", ANN, BOB, NOON, NOON + timedelta(minutes=5), IDENTIFIERS, "loud"),
    Banned("lobby", ANN, BOB, NOON, None, IDENTIFIERS, "spam"),
    RoomLocked("lobby", ANN, NOON),
    MessageReported("lobby", ANN, BOB, NOON, "message00001", "spam", "Cheap tea!"),
]
CLEARED = HistoryCleared("lobby", ANN, NOON)


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "audit.jsonl"


async def record(path: Path, *events: AuditedEvent) -> None:
    log = JsonAuditLog(path)
    for event in events:
        entry = audit_entry(event)
        assert entry
        await log.append(entry)


async def test_every_event_has_a_line_without_addresses_and_message_texts(path: Path):
    await record(path, *EVENTS)
    lines = [json.loads(line) for line in path.read_text().splitlines()]
    assert [line["kind"] for line in lines] == ["Muted", "Banned", "RoomLocked", "MessageReported"]
    assert lines[0] == {
        "version": 2, "kind": "Muted", "room_id": "lobby", "actor": {"id": "ann", "name": "Ann"},
        "target": {"id": "bob", "name": "Bob"}, "at": "2026-05-01T12:00:00Z", "until": "2026-05-01T12:05:00Z",
        "reason": "loud",
    }  # fmt: skip
    assert "192.0.2.1" not in path.read_text()
    assert "Cheap tea" not in path.read_text()


TEA, PLANS = (
    RoomInfo("tea", RoomKind.PUBLIC, "Tea", "tea", "Hot", "ann", NOON),
    RoomInfo("plans", RoomKind.PRIVATE, "Plans", "plans", "Secret", "ann", NOON, frozenset({"ann", "bob"})),
)
ROOMS: list[DirectoryEvent] = [
    *(RoomCreated(ANN, NOON, room) for room in (TEA, PLANS)),
    RoomRenamed("plans", ANN, NOON, "Ideas", "ideas", "Plans", True),
    RoomArchived("plans", ANN, NOON, "Plans", True),
    RoomReopened("plans", ANN, NOON, "Plans", True),
    MemberAdded("plans", ANN, BOB, NOON),
    MemberRemoved("plans", ANN, BOB, NOON),
]


@pytest.mark.parametrize("event", ROOMS, ids=lambda event: type(event).__name__)
def test_entry_about_a_room_names_no_private_one_and_survives_a_round_trip(event: DirectoryEvent):
    entry = audit_entry(event)
    assert entry
    line = dump_entry(entry)
    assert parse_entry(line) == entry
    assert not any(text in line for text in (b"Plans", b"Ideas", b"ideas", b"Secret", b"Hot"))


@pytest.mark.parametrize("entry", ENTRIES, ids=lambda entry: type(entry).__name__)
def test_entry_survives_a_round_trip(entry: AuditedEvent):
    for written in (entry, ActionFailed(entry)):
        line = dump_entry(written)
        assert line.count(b"\n") == 1
        assert parse_entry(line) == written
        assert orjson.loads(line)["version"] == 2


def test_every_audited_event_has_an_actor_and_a_time():
    for kind in get_args(AuditedEvent):
        assert {"actor", "at"} <= set(kind.__dataclass_fields__), kind


async def test_file_is_readable_by_its_owner_only(path: Path):
    await record(path, CLEARED)
    assert [(file.name, stat.S_IMODE(file.stat().st_mode)) for file in path.parent.iterdir()] == [(path.name, 0o600)]


async def test_log_is_append_only(path: Path):
    await record(path, *EVENTS)
    before = path.read_bytes()
    await record(path, *EVENTS)
    assert path.read_bytes().startswith(before)
    assert len(path.read_bytes()) == 2 * len(before)
    assert [type(entry).__name__ for entry in await JsonAuditLog(path).latest(2)] == ["MessageReported", "RoomLocked"]
    assert await JsonAuditLog(path).content() == path.read_bytes()


async def test_entries_recorded_concurrently_are_all_stored(path: Path):
    log = JsonAuditLog(path)
    entries = [InvitationRevoked(ANN, NOON, f"id-{number}") for number in range(20)]
    await asyncio.gather(*map(log.append, entries))
    assert await log.latest(100) == entries[::-1]


async def test_entry_is_synced_and_so_is_the_name_of_a_new_file(path: Path, monkeypatch: pytest.MonkeyPatch):
    steps: list[str] = []
    fsync = os.fsync

    def record_fsync(descriptor: int) -> None:
        steps.append(Path(f"/proc/self/fd/{descriptor}").readlink().name)
        fsync(descriptor)

    monkeypatch.setattr(os, "fsync", record_fsync)
    await record(path, CLEARED, CLEARED)
    assert steps == [path.name, path.parent.name, path.name]


async def test_line_torn_by_a_crash_does_not_affect_others(path: Path):
    path.write_bytes(b'{"version":2,"kind":"HistoryCl')
    await record(path, CLEARED)
    assert await JsonAuditLog(path).latest(10) == [CLEARED]
    assert path.read_bytes().startswith(b'{"version":2,"kind":"HistoryCl\n')


async def test_missing_log_is_empty(path: Path):
    assert await JsonAuditLog(path).latest(10) == []
    assert await JsonAuditLog(path).content() == b""
    assert not path.exists()


async def test_line_that_does_not_fit_on_the_disk_is_removed(path: Path, monkeypatch: pytest.MonkeyPatch):
    await record(path, CLEARED)
    before, write = path.read_bytes(), os.write

    def run_full(descriptor: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", run_full)
    with pytest.raises(HistoryUnwritable):
        await record(path, CLEARED)
    assert path.read_bytes() == before


async def test_reading_a_long_log_does_not_block_the_event_loop(path: Path, monkeypatch: pytest.MonkeyPatch):
    await record(path, *[CLEARED] * 20)
    threads: set[threading.Thread] = set()

    def record_and_parse(line: bytes) -> AuditEntry:
        threads.add(threading.current_thread())
        return parse_entry(line)

    monkeypatch.setattr(audit_log, "parse_entry", record_and_parse)
    assert len(await JsonAuditLog(path).latest(100)) == 20
    assert threads
    assert threading.current_thread() not in threads


async def test_check_detects_a_full_disk_and_its_recovery(disk: Disk, folder: Path):
    log = JsonAuditLog(folder / "audit.jsonl")
    await log.append(CLEARED)
    disk.fill()
    assert not (await log.check()).writable
    disk.free()
    assert (await log.check()).writable
    assert [file.name for file in disk.files()] == ["audit.jsonl"]


async def test_status_tells_of_an_append_that_failed_and_of_one_that_succeeded(path: Path):
    log = JsonAuditLog(path)
    status = await log.check()
    path.mkdir()
    with pytest.raises(HistoryUnwritable):
        await log.append(CLEARED)
    assert not status.writable
    path.rmdir()
    await log.append(CLEARED)
    assert status.writable
    assert status.last_write
