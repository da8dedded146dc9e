"""What moderators put in force, on disk: it survives, it is for its owner only, and every act has its line."""

import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from chat.domain.audit import Entry, entry
from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.moderation.events import Banned, Muted, RoomLocked, SlowModeChanged, UserRef, WordFilterChanged
from chat.domain.moderation.events import MessageReported as Reported
from chat.domain.moderation.state import Moderation
from chat.storage.json_files.atomic_file import AtomicFile
from chat.storage.json_files.audit_log import AuditLog
from chat.storage.json_files.moderation import JsonModerationStore

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
MARKS = frozenset({"member:bob", "session:s", "address:192.0.2.1"})
ACTS = [
    Muted("lobby", ANN, BOB, NOON, NOON + timedelta(minutes=5), MARKS, "loud"),
    Banned("lobby", ANN, BOB, NOON, None, MARKS, "spam"),
    SlowModeChanged("lobby", ANN, NOON, 30),
    RoomLocked("lobby", ANN, NOON, True),
    WordFilterChanged("lobby", ANN, NOON, frozenset({"darn"}), frozenset()),
    Reported("lobby", ANN, BOB, NOON, "message01", "spam"),
]


async def keep(folder: Path, acts: list = ACTS) -> Moderation:
    files, state = JsonModerationStore(folder), Moderation()
    for act in acts:
        line = entry(act, act.by, act.at)
        assert line
        await files.keep(state, act, line)
        state.apply(act)
    return state


def modes_in(folder: Path) -> dict[str, int]:
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()}


def names_in(folder: Path) -> str:
    return " ".join(path.name for path in folder.iterdir())


async def test_all_that_is_in_force_survives(tmp_path: Path):
    state, found = await keep(tmp_path), JsonModerationStore(tmp_path).load()
    assert list(found.mutes) == list(state.mutes)
    assert list(found.bans) == list(state.bans)
    assert (found.slow_mode.seconds, found.locked, found.words) == (30, True, {"darn"})
    assert list(found.reports) == list(state.reports)


async def test_what_is_over_is_let_go_of(tmp_path: Path):
    await keep(tmp_path, [ACTS[0], RoomLocked("lobby", ANN, NOON + timedelta(minutes=5), True)])
    assert list(JsonModerationStore(tmp_path).load().mutes) == []


async def test_nobody_else_may_read_it(tmp_path: Path):
    await keep(tmp_path)
    modes = modes_in(tmp_path)
    assert {"moderation.json", "audit.jsonl"} <= set(modes)
    assert set(modes.values()) == {0o600}


async def test_every_act_has_a_line_without_addresses(tmp_path: Path):
    await keep(tmp_path)
    lines = [json.loads(line) for line in (tmp_path / "audit.jsonl").read_text().splitlines()]
    assert [line["act"] for line in lines] == ["mute", "ban", "slow", "lock", "filter", "report"]
    assert lines[0] == {
        "at": "2026-05-01T12:00:00Z", "room": "lobby", "by": {"id": "ann", "name": "Ann"}, "act": "mute",
        "whom": {"id": "bob", "name": "Bob"}, "why": "loud", "until": "2026-05-01T12:05:00Z",
    }  # fmt: skip
    assert "192.0.2.1" not in (tmp_path / "audit.jsonl").read_text()


async def test_the_log_only_grows(tmp_path: Path):
    await keep(tmp_path)
    before = (tmp_path / "audit.jsonl").read_bytes()
    await keep(tmp_path)
    assert (tmp_path / "audit.jsonl").read_bytes().startswith(before)
    assert [line.act for line in await JsonModerationStore(tmp_path).latest(2)] == ["report", "filter"]
    assert await JsonModerationStore(tmp_path).audit() == (tmp_path / "audit.jsonl").read_bytes()


def test_a_line_that_a_crash_tore_off_spoils_no_other(tmp_path: Path):
    path = tmp_path / "audit.jsonl"
    path.write_bytes(b'{"at":"2026-05-01T12:0')
    AuditLog(path).append(Entry(NOON, "lobby", ANN, "clear"))
    assert AuditLog(path).latest() == [Entry(NOON, "lobby", ANN, "clear")]
    assert path.read_bytes().startswith(b'{"at":"2026-05-01T12:0\n')


def test_no_log_is_an_empty_one(tmp_path: Path):
    assert AuditLog(tmp_path / "audit.jsonl").latest() == []
    assert AuditLog(tmp_path / "audit.jsonl").content() == b""


def test_a_line_that_does_not_fit_on_the_disk_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    log = AuditLog(tmp_path / "audit.jsonl")
    log.append(Entry(NOON, "lobby", ANN, "clear"))
    before, write = log.path.read_bytes(), os.write

    def run_full(descriptor: int, data: bytes) -> int:
        if len(data) < 20:
            raise OSError(28, "No space left on device")
        return write(descriptor, data[: len(data) // 2])

    monkeypatch.setattr(os, "write", run_full)
    with pytest.raises(OSError, match="No space"):
        log.append(Entry(NOON, "lobby", ANN, "clear"))
    assert log.path.read_bytes() == before


BROKEN: dict[str, Callable[[Path, pytest.MonkeyPatch], None]] = {
    "state": lambda folder, patch: patch.setattr(AtomicFile, "write", _full),
    "audit": lambda folder, patch: patch.setattr(AuditLog, "append", _full),
}


def _full(*args: object, **options: object) -> None:
    raise OSError(28, "No space left on device")


@pytest.mark.parametrize("what", BROKEN)
async def test_an_act_that_can_not_be_kept_is_in_neither_file(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, what: str
):
    state = await keep(tmp_path, ACTS[:1])
    line = entry(ACTS[1], ANN, NOON)
    assert line
    with monkeypatch.context() as patch:
        BROKEN[what](tmp_path, patch)
        with pytest.raises(HistoryUnwritable):
            await JsonModerationStore(tmp_path).keep(state, ACTS[1], line)
    assert list(JsonModerationStore(tmp_path).load().bans) == []
    assert [found.act for found in AuditLog(tmp_path / "audit.jsonl").latest()] == ["mute"]


async def test_a_broken_file_is_set_aside_and_the_backup_is_used(tmp_path: Path):
    await keep(tmp_path, ACTS[:2])
    (tmp_path / "moderation.json").write_text("{")
    found = JsonModerationStore(tmp_path).load()
    assert list(found.mutes)
    assert "moderation.json.corrupt-" in names_in(tmp_path)


def test_a_newer_file_is_refused(tmp_path: Path):
    (tmp_path / "moderation.json").write_text('{"version": 2}')
    with pytest.raises(StartupError, match="version 2 is newer"):
        JsonModerationStore(tmp_path).load()


def test_a_ban_written_by_hand_may_have_no_zone(tmp_path: Path):
    ban = {
        "whom": {"id": "bob", "name": "Bob"}, "by": {"id": "", "name": ""}, "at": "2026-05-01T12:00:00",
        "until": "2026-05-02T12:00:00", "marks": ["member:bob"],
    }  # fmt: skip
    (tmp_path / "moderation.json").write_text(json.dumps({"bans": [ban]}))
    assert JsonModerationStore(tmp_path).load().bans.find({"member:bob"}, NOON)
