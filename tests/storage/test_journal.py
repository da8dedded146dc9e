"""The journal: durable lines, and the handling of broken and newer ones."""

import os
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from chat.domain.errors import StartupError
from chat.domain.messages.events import MessageEvent, MessagePosted, numbered
from chat.storage.json_files.disk.journal import Journal
from chat.storage.json_files.history.history_format import dump_event, parse_event
from tests.storage.journaled import lines
from tests.storage.samples import posted
from tests.storage.test_history_format import FULL


def events(start: int, count: int) -> list[MessageEvent]:
    return [numbered(posted(number), number) for number in range(start, start + count)]


def loaded(path: Path) -> list[MessageEvent]:
    return events_of(Journal(path))


def events_of(journal: Journal) -> list[MessageEvent]:
    """Return the events in the journal; each has the number of its line."""
    found = journal.load(parse_event)
    assert [number for number, _ in found] == [event.number for _, event in found]
    return [event for _, event in found]


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "journal"


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()}


# The file.


def test_missing_file_has_no_events(path: Path):
    assert loaded(path) == []
    assert names(path) == set()


def test_appended_events_are_loaded(path: Path):
    journal = Journal(path)
    journal.append(lines(events(1, 3)))
    journal.append(lines(events(4, 1)))
    assert loaded(path) == events(1, 4)


def test_batch_takes_one_write_and_one_fsync(path: Path, monkeypatch: pytest.MonkeyPatch):
    journal = Journal(path)
    journal.append(lines(events(1, 1)))
    steps: list[str] = []
    for name in ("write", "fsync"):
        monkeypatch.setattr(os, name, recording(steps, name))
    journal.append(lines(events(2, 50)))
    assert steps == ["write journal", "fsync journal"]


def test_new_file_is_durable_with_its_name(path: Path, monkeypatch: pytest.MonkeyPatch):
    steps: list[str] = []
    for name in ("write", "fsync"):
        monkeypatch.setattr(os, name, recording(steps, name))
    Journal(path).append(lines(events(1, 2)))
    assert steps == ["write journal", "fsync journal", f"fsync {path.parent.name}"]


def recording(steps: list[str], name: str):
    function = getattr(os, name)

    def record(descriptor: int, *arguments: object) -> object:
        steps.append(f"{name} {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        return function(descriptor, *arguments)

    return record


def test_events_up_to_a_number_are_dropped(path: Path):
    journal = Journal(path)
    for start in (1, 4, 7):
        journal.append(lines(events(start, 3)))
    journal.drop(5)
    assert loaded(path) == events(6, 4)
    journal.append(lines(events(10, 1)))
    journal.drop(5)
    journal.drop(8)
    assert loaded(path) == events(9, 2)
    assert names(path) == {"journal"}


def test_file_is_removed_with_its_last_event(path: Path):
    journal = Journal(path)
    journal.append(lines(events(1, 3)))
    journal.drop(3)
    assert names(path) == set()
    journal.append(lines(events(4, 1)))
    assert loaded(path) == events(4, 1)


def test_emptying_removes_the_temporary_file_left_by_a_crash(path: Path):
    Journal(path).append(lines(events(1, 1)))
    path.with_name("journal.tmp").write_bytes(b"a secret")
    journal = Journal(path)
    journal.load(parse_event)
    journal.empty()
    assert names(path) == set()


# Broken lines.


def check_torn_line(path: Path, whole: bytes, torn: bytes) -> None:
    path.write_bytes(whole + torn)
    with capture_logs() as logged:
        journal = Journal(path)
        assert events_of(journal) == events(1, 2)
    assert [entry["event"] for entry in logged] == ["journal ends in the middle of a line, which is dropped"]
    journal.empty()
    assert names(path) == set()


def test_torn_last_line_is_dropped_and_logged(path: Path):
    Journal(path).append(lines(events(1, 2)))
    whole, last = path.read_bytes(), dump_event(numbered(MessagePosted("lobby", FULL), 3))
    for length in (1, len(last) // 2, len(last) - 1):
        check_torn_line(path, whole, last[:length])


@pytest.mark.exhaustive
def test_line_torn_anywhere_is_dropped_and_logged(path: Path):
    Journal(path).append(lines(events(1, 2)))
    whole, last = path.read_bytes(), dump_event(numbered(MessagePosted("lobby", FULL), 3))
    for length in range(1, len(last)):
        check_torn_line(path, whole, last[:length])


def test_zeros_at_the_end_after_a_power_cut_are_a_torn_line(path: Path):
    Journal(path).append(lines(events(1, 2)))
    path.write_bytes(path.read_bytes() + dump_event(numbered(posted(3), 3))[:20] + bytes(500))
    assert loaded(path) == events(1, 2)


BROKEN = {
    "not json": b"Dear diary",
    "empty": b"",
    "zeros": bytes(100),
    "not utf-8": dump_event(numbered(posted(3), 3)).replace(b"Ann", b"\xff\xfe")[:-1],
    "half a line": dump_event(numbered(posted(3), 3))[:40],
    "two lines in one": dump_event(numbered(posted(3), 3))[:40] + dump_event(numbered(posted(4), 4))[:-1],
    "a list": b"[]",
    "no number": dump_event(numbered(posted(3), 3)).replace(b'"n":3,', b"")[:-1],
    "a number in quotes": dump_event(numbered(posted(3), 3)).replace(b'"n":3,', b'"n":"3",')[:-1],
    "no version": dump_event(numbered(posted(3), 3)).replace(b'"version":6,', b"")[:-1],
    "no kind": dump_event(numbered(posted(3), 3)).replace(b'"kind":"MessagePosted",', b"")[:-1],
    "no message": b'{"n":3,"version":3,"kind":"MessagePosted","room_id":"lobby"}',
    "no message, version 2": b'{"n":3,"version":2,"kind":"MessagePosted","room":"lobby"}',
    "deep": b'{"n":3,"version":3,"kind":"MessagePosted","room_id":' + b"[" * 100_000,
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_broken_line_ends_the_events_and_the_file_is_quarantined(path: Path, line: bytes):
    content = b"".join(
        [
            dump_event(numbered(posted(1), 1)),
            dump_event(numbered(posted(2), 2)),
            line + b"\n",
            dump_event(numbered(posted(4), 4)),
            dump_event(numbered(posted(5), 5)),
        ]
    )
    path.write_bytes(content)
    journal = Journal(path)
    assert events_of(journal) == events(1, 2)
    assert path.read_bytes() == content
    with capture_logs() as logged:
        journal.empty()
    [quarantined] = path.parent.iterdir()
    assert quarantined.name.startswith("journal.corrupt-")
    assert journal.quarantined == quarantined.name
    assert quarantined.read_bytes() == content
    [entry] = logged
    assert entry["kept_as"] == quarantined.name
    assert entry["problem"].startswith("line 3: ")


NEWER = {
    "kind": (b'{"n":3,"version":6,"kind":"PollOpened","room_id":"lobby"}', "'PollOpened' is a kind of event that"),
    "kind, version 2": (b'{"n":3,"version":2,"kind":"PollOpened"}', "'PollOpened' is a kind of event that"),
    "version": (b'{"n":3,"version":7,"kind":"MessagePosted"}', "version 7 is newer than this program"),
    "version and shape": (b'{"version":7,"events":[]}', "version 7 is newer than this program"),
}


@pytest.mark.parametrize(("line", "problem"), NEWER.values(), ids=NEWER)
def test_events_of_a_newer_program_are_rejected_and_left_untouched(path: Path, line: bytes, problem: str):
    one, two, four = (dump_event(numbered(posted(number), number)) for number in (1, 2, 4))
    content = one + two + line + b"\n" + four
    path.write_bytes(content)
    with pytest.raises(StartupError, match=problem) as refused:
        Journal(path).load(parse_event)
    assert str(refused.value).startswith("journal, line 3: ")
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content
