"""Reports are appended to the journal beside `moderation.json`, and are safe from crashes and other programs there."""

import asyncio
import os
import shutil
from collections.abc import Callable, Sequence
from itertools import count
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.domain.moderation.events import Banned, MessageReported, ModerationEvent, ReportResolved
from chat.domain.moderation.state import Moderation
from chat.storage.json_files.journaled_store import COMPACT_AFTER_EVENTS, JournaledStore
from chat.storage.json_files.moderation import dump_report, moderation_store
from tests.storage.kinds import reported
from tests.storage.samples import ANN, BOB, later
from tests.storage.test_compaction import failing_for_folders
from tests.storage.test_compactor import eventually
from tests.storage.test_crashes import CRASHED, child, crash_at

BAN = Banned("lobby", ANN, BOB, later(500), None, frozenset({"member:bob"}))
RESOLVED = ReportResolved("lobby", ANN, ANN, later(600), "message00001")
SECRET = MessageReported("lobby", BOB, ANN, later(1), "message00001", "rude", "a secret")


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "moderation.json"


def journal_of(path: Path) -> Path:
    return path.with_name("moderation.json.journal")


def opened(path: Path) -> JournaledStore[Moderation]:
    store = moderation_store(path)
    store.load()
    return store


async def append_each(store: JournaledStore[Moderation], events: Sequence[ModerationEvent]) -> None:
    for event in events:
        await store.append([event])


def content(state: Moderation) -> tuple[object, ...]:
    return list(state.reports), list(state.bans)


def after(events: Sequence[ModerationEvent]) -> tuple[object, ...]:
    state = Moderation()
    for event in events:
        state.apply(event)
    return content(state)


def after_crash(path: Path) -> tuple[object, ...]:
    copy = shutil.copytree(path.parent, path.parent.with_name("copy"), dirs_exist_ok=False)
    found = moderation_store(copy / path.name).load()
    shutil.rmtree(copy)
    return content(found)


def sizes(path: Path) -> dict[str, int]:
    return {file.name: file.stat().st_size for file in path.parent.iterdir()}


# When what is written.


async def test_report_writes_its_own_line_however_many_there_are(path: Path):
    store = opened(path)
    await append_each(store, [reported(number) for number in range(COMPACT_AFTER_EVENTS - 1)])
    await store.append([BAN])
    before = sizes(path)
    assert before["moderation.json"] > 50_000
    await store.append([reported(500)])
    written = sizes(path)[journal_of(path).name]
    assert sizes(path) == before | {journal_of(path).name: written}
    assert written < 1000
    await store.close()


async def test_any_other_change_takes_the_journal_into_the_file_and_its_copy(path: Path):
    store = opened(path)
    await append_each(store, [reported(1), reported(2), BAN])
    assert not journal_of(path).exists()
    copy = path.with_name("moderation.json.backup-1")
    assert path.read_bytes() == copy.read_bytes()
    assert b"message00002" in copy.read_bytes()
    await append_each(store, [reported(3)])
    assert after_crash(path) == after([reported(1), reported(2), BAN, reported(3)])
    await store.close()


async def test_journal_is_compacted_after_a_hundred_reports_and_at_the_end(path: Path):
    store, many = opened(path), [reported(number) for number in range(COMPACT_AFTER_EVENTS)]
    await append_each(store, many[:-1])
    assert not path.exists()
    await store.append(many[-1:])
    await eventually(lambda: path.exists() and not journal_of(path).exists())
    await store.append([reported(500)])
    assert journal_of(path).exists()
    await store.close()
    assert not journal_of(path).exists()
    assert after_crash(path) == after([*many, reported(500)])


async def test_text_of_a_resolved_report_is_in_no_file(path: Path):
    first = opened(path)
    await append_each(first, [SECRET, BAN])
    await first.close()
    store = opened(path)
    await append_each(store, [reported(2), RESOLVED])
    assert [file.name for file in path.parent.iterdir() if b"secret" in file.read_bytes()] == []
    await store.close()


# Crashes.

EARLIER: list[ModerationEvent] = [SECRET, BAN, reported(2), reported(3)]
IN_JOURNAL = reported(6)
SCENES: dict[str, list[ModerationEvent]] = {
    "reports": [reported(4), reported(5)],
    "a ban": [Banned("lobby", ANN, ANN, later(501), None, frozenset({"member:ann"}))],
    "a resolved report": [RESOLVED],
    "the end": [],
}
DEFAULT = {"reports", "a resolved report"}


@pytest.mark.parametrize(
    "events",
    [
        pytest.param(events, marks=() if name in DEFAULT else pytest.mark.exhaustive, id=name)
        for name, events in SCENES.items()
    ],
)
def test_crash_at_any_disk_operation_loses_and_repeats_nothing(path: Path, events: list[ModerationEvent]):
    asyncio.run(append_each(opened(path), EARLIER))
    for step in count():
        copy = shutil.copytree(path.parent, path.parent.with_name("child")) / path.name
        stored, code = child(lambda report, copy=copy, step=step: play(copy, events, step, report))
        whole = [*EARLIER, IN_JOURNAL, *events]
        found = content(moderation_store(copy).load())
        assert found in [after(whole[:end]) for end in range(len(EARLIER) + 1 + stored, len(whole) + 1)]
        if RESOLVED in events and found == after(whole):
            assert not [file.name for file in copy.parent.iterdir() if b"secret" in file.read_bytes()]
        shutil.rmtree(copy.parent)
        if code == 0:
            assert found == after(whole)
            assert step >= 2, "the child was killed"
            return
        assert code == CRASHED


async def play(path: Path, events: list[ModerationEvent], step: int, report: Callable[[], None]) -> None:
    store = opened(path)
    await store.append([IN_JOURNAL])
    crash_at(step)
    for event in events:
        await store.append([event])
        report()
    if not events:
        await store.close()


def test_crash_at_any_step_of_the_start_loses_and_repeats_nothing(path: Path):
    asyncio.run(append_each(opened(path), EARLIER))
    for step in count():
        copy = shutil.copytree(path.parent, path.parent.with_name("child")) / path.name
        _, code = child(lambda _, copy=copy, step=step: start(copy, step))
        assert content(moderation_store(copy).load()) == after(EARLIER)
        shutil.rmtree(copy.parent)
        if code == 0:
            assert step >= 5, "the child was killed"
            return


async def start(path: Path, step: int) -> None:
    crash_at(step)
    moderation_store(path).load()


@pytest.mark.parametrize("every", [97, pytest.param(1, marks=pytest.mark.exhaustive)])
async def test_line_torn_at_any_byte_takes_no_other_report_with_it(path: Path, every: int):
    await append_each(opened(path), EARLIER)
    whole = journal_of(path).read_bytes()
    last = len(whole.splitlines()[-1]) + 1
    for cut in [*range(1, last, every), last]:
        journal_of(path).write_bytes(whole[:-cut])
        assert after_crash(path) == after(EARLIER[:-1])


async def test_report_after_a_write_that_failed_late_is_kept(path: Path, monkeypatch: pytest.MonkeyPatch):
    store = opened(path)
    await append_each(store, EARLIER)
    with monkeypatch.context() as failing:
        failing.setattr(os, "fsync", failing_for_folders(os.fsync))
        with pytest.raises(HistoryUnwritable):
            await store.append([reported(4), RESOLVED])
    await store.append([reported(5)])
    assert "message00005" in str(after_crash(path))
    await store.close()


# Broken lines and other programs.


async def test_broken_line_is_kept_and_takes_no_ban_with_it(path: Path):
    await append_each(opened(path), EARLIER)
    broken = journal_of(path).read_bytes().replace(b'"n":4', b'"n":"4"')
    journal_of(path).write_bytes(broken)
    with capture_logs() as logged:
        store = opened(path)
    assert [entry["event"] for entry in logged] == ["file is broken"]
    assert after_crash(path) == after(EARLIER[:-1])
    status = await store.check()
    assert (path.parent / str(status.quarantined)).read_bytes() == broken
    await store.close()


@pytest.mark.parametrize(
    ("before", "afterwards", "problem"),
    [
        (b'"MessageReported"', b'"MessagePraised"', "'MessagePraised' is a kind of event"),
        (b'"version":7', b'"version":99', "version 99 is newer"),
    ],
)
async def test_line_of_a_newer_program_stops_the_start(path: Path, before: bytes, afterwards: bytes, problem: str):
    await append_each(opened(path), EARLIER)
    newer = journal_of(path).read_bytes().replace(before, afterwards)
    journal_of(path).write_bytes(newer)
    with pytest.raises(StartupError, match=problem):
        moderation_store(path).verify()
    assert journal_of(path).read_bytes() == newer


async def test_line_written_by_hand_may_omit_the_zone_but_not_be_from_the_first_year(path: Path):
    line = dump_report(1, reported(1))
    journal_of(path).write_bytes(line.replace(b'Z"', b'"') + line.replace(b'"n":1', b'"n":2').replace(b"2026", b"0001"))
    assert content(moderation_store(path).load()) == after([reported(1)])


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"notes")], ids=["removed", "changed"])
@pytest.mark.parametrize("notices", ["check", "report", "close"])
async def test_journal_changed_under_the_running_chat_is_put_right(
    path: Path, damage: Callable[[Path], object], notices: str
):
    store, events = opened(path), [*EARLIER]
    await append_each(store, events)
    damage(journal_of(path))
    if notices == "check":
        assert (await store.check()).writable
    elif notices == "report":
        await append_each(store, [reported(4)])
        events.append(reported(4))
    else:
        await store.close()
    assert after_crash(path) == after(events)
    kept = [file.read_bytes() for file in path.parent.glob("*.changed-*")]
    assert kept in ([], [b"notes"])
    await store.close()
