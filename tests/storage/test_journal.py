"""The journal: facts in lines, durable one after the other, and what becomes of lines that are broken or too new."""

import json
import os
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest
from structlog.testing import capture_logs

from chat.domain.errors import StartupError
from chat.domain.events import (
    AuthorAnonymized,
    DurableEvent,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessagePosted,
    Reacted,
    TopicChanged,
)
from chat.domain.messages.message import Kind, Message, Quote
from chat.storage.json_files.history_format import dump_event, parse_event
from chat.storage.json_files.journal import ExternallyModified, Journal, Numbered
from tests.support.disk import Disk

NOON = datetime(2026, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)
FULL = Message(
    "message001",
    "lobby",
    "ann",
    "Änn",
    'مرحبا 🦊\n\t"<b>"\\\u2028@Bob',
    NOON,
    Kind.ACTION,
    Quote("message000", "bob", "Bob", "what?"),
    {"Bob": "bob"},
    {"👍🏽": {"bob": "Bob"}},
    NOON + timedelta(seconds=1),
)
FACTS: list[DurableEvent] = [
    MessagePosted("lobby", FULL),
    MessagePosted("lobby", Message("message002", "lobby", "bob", "Bob", "plain", NOON)),
    MessageEdited("lobby", "message001", "höre", {"Bob": "bob"}, NOON),
    MessageDeleted("lobby", "message001", "ann"),
    Reacted("lobby", "message001", "🎉", "bob", "Bob", False),
    TopicChanged("lobby", "Tee & Kuchen", "ann", "Änn", NOON),
    HistoryCleared("lobby", "ann", "Änn", NOON),
    AuthorAnonymized("lobby", "ann", "x1y2", NOON),
]


def numbered(start: int, count: int) -> list[Numbered]:
    return [(number, said(number)) for number in range(start, start + count)]


def said(number: int) -> MessagePosted:
    return MessagePosted("lobby", Message(f"message{number:03}", "lobby", "ann", "Ann", f"Message {number}", NOON))


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()}


# Lines.


def test_a_line_is_readable_and_says_what_it_is():
    line = dump_event(17, said(1)).decode()
    assert line.startswith('{"n":17,"version":2,"kind":"MessagePosted","room":"lobby","message":{"id":"message001"')
    assert line.endswith("}\n")
    assert json.loads(line)["message"]["at"] == "2026-05-01T12:30:15.123456Z"
    assert "مرحبا 🦊" in dump_event(1, MessagePosted("lobby", FULL)).decode()


@pytest.mark.parametrize("event", FACTS, ids=lambda event: type(event).__name__)
def test_a_fact_comes_back_as_it_was(event: DurableEvent):
    line = dump_event(5, event)
    assert line.count(b"\n") == 1
    assert parse_event(line) == (5, event)


def test_no_kind_of_lasting_fact_is_left_out_here():
    assert {type(event) for event in FACTS} == set(get_args(DurableEvent))


@pytest.mark.parametrize("event", FACTS, ids=lambda event: type(event).__name__)
def test_times_come_back_in_utc(event: DurableEvent):
    line = dump_event(5, event).replace(b"T12:30:15.123456Z", b"T14:30:15.123456+02:00")
    assert parse_event(line) == (5, event)
    found = parse_event(line.replace(b"+02:00", b""))[1]
    at = found.message.at if isinstance(found, MessagePosted) else getattr(found, "at", NOON)
    assert at.utcoffset() == timedelta(0)


# The file.


def test_no_file_is_no_facts(path: Path):
    assert Journal(path).load() == []
    assert names(path) == set()


def test_what_is_appended_is_there_for_the_next_who_loads(path: Path):
    journal = Journal(path)
    journal.append(numbered(1, 3))
    journal.append(numbered(4, 1))
    assert Journal(path).load() == numbered(1, 4)


def test_facts_that_came_together_cost_one_write_and_one_fsync(path: Path, monkeypatch: pytest.MonkeyPatch):
    journal = Journal(path)
    journal.append(numbered(1, 1))
    steps: list[str] = []
    for name in ("write", "fsync"):
        monkeypatch.setattr(os, name, noting(steps, name))
    journal.append(numbered(2, 50))
    assert steps == ["write journal", "fsync journal"]


def test_a_new_file_is_durable_with_its_name(path: Path, monkeypatch: pytest.MonkeyPatch):
    steps: list[str] = []
    for name in ("write", "fsync"):
        monkeypatch.setattr(os, name, noting(steps, name))
    Journal(path).append(numbered(1, 2))
    assert steps == ["write journal", "fsync journal", f"fsync {path.parent.name}"]


def noting(steps: list[str], name: str):
    function = getattr(os, name)

    def noted(descriptor: int, *arguments: object) -> object:
        steps.append(f"{name} {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        return function(descriptor, *arguments)

    return noted


def test_facts_up_to_a_number_are_dropped(path: Path):
    journal = Journal(path)
    for start in (1, 4, 7):
        journal.append(numbered(start, 3))
    journal.drop(5)
    assert Journal(path).load() == numbered(6, 4)
    journal.append(numbered(10, 1))
    journal.drop(5)
    journal.drop(8)
    assert Journal(path).load() == numbered(9, 2)
    assert names(path) == {"journal"}


def test_with_the_last_fact_the_file_goes(path: Path):
    journal = Journal(path)
    journal.append(numbered(1, 3))
    journal.drop(3)
    assert names(path) == set()
    journal.append(numbered(4, 1))
    assert Journal(path).load() == numbered(4, 1)


def test_a_temporary_file_of_a_crash_goes_when_it_is_emptied(path: Path):
    Journal(path).append(numbered(1, 1))
    path.with_name("journal.tmp").write_bytes(b"a secret")
    journal = Journal(path)
    journal.load()
    journal.empty()
    assert names(path) == set()


# Broken lines.


def test_a_line_torn_anywhere_is_dropped_and_said(path: Path):
    journal = Journal(path)
    journal.append(numbered(1, 2))
    whole = path.read_bytes()
    last = dump_event(3, MessagePosted("lobby", FULL))
    for length in range(1, len(last)):
        path.write_bytes(whole + last[:length])
        with capture_logs() as said_in_log:
            journal = Journal(path)
            assert journal.load() == numbered(1, 2)
        assert [entry["event"] for entry in said_in_log] == ["journal ends within a line, which is dropped"]
        journal.empty()
        assert names(path) == set()


def test_zeros_at_the_end_after_a_power_cut_are_a_torn_line(path: Path):
    Journal(path).append(numbered(1, 2))
    path.write_bytes(path.read_bytes() + dump_event(3, said(3))[:20] + bytes(500))
    assert Journal(path).load() == numbered(1, 2)


BROKEN = {
    "not json": b"Dear diary",
    "empty": b"",
    "zeros": bytes(100),
    "not utf-8": dump_event(3, said(3)).replace(b"Ann", b"\xff\xfe")[:-1],
    "half a line": dump_event(3, said(3))[:40],
    "two lines in one": dump_event(3, said(3))[:40] + dump_event(4, said(4))[:-1],
    "a list": b"[]",
    "no number": dump_event(3, said(3)).replace(b'"n":3,', b"")[:-1],
    "a number that is none": dump_event(3, said(3)).replace(b'"n":3,', b'"n":"3",')[:-1],
    "no version": dump_event(3, said(3)).replace(b'"version":2,', b"")[:-1],
    "no kind": dump_event(3, said(3)).replace(b'"kind":"MessagePosted",', b"")[:-1],
    "no message": b'{"n":3,"version":2,"kind":"MessagePosted","room":"lobby"}',
    "deep": b'{"n":3,"version":2,"kind":"MessagePosted","room":' + b"[" * 100_000,
}


@pytest.mark.parametrize("line", BROKEN.values(), ids=BROKEN)
def test_a_broken_line_ends_what_is_read_and_the_file_is_kept_aside(path: Path, line: bytes):
    content = b"".join(
        [dump_event(1, said(1)), dump_event(2, said(2)), line + b"\n", dump_event(4, said(4)), dump_event(5, said(5))]
    )
    path.write_bytes(content)
    journal = Journal(path)
    assert journal.load() == numbered(1, 2)
    assert path.read_bytes() == content
    with capture_logs() as said_in_log:
        journal.empty()
    [aside] = path.parent.iterdir()
    assert aside.name.startswith("journal.corrupt-")
    assert journal.quarantined == aside.name
    assert aside.read_bytes() == content
    [entry] = said_in_log
    assert entry["kept_as"] == aside.name
    assert entry["problem"].startswith("line 3: ")


NEWER = {
    "kind": (b'{"n":3,"version":2,"kind":"PollOpened","room":"lobby"}', "'PollOpened' is a kind of fact that"),
    "version": (b'{"n":3,"version":3,"kind":"MessagePosted"}', "version 3 is newer than this program"),
    "version and shape": (b'{"version":4,"facts":[]}', "version 4 is newer than this program"),
}


@pytest.mark.parametrize(("line", "problem"), NEWER.values(), ids=NEWER)
def test_facts_from_a_newer_program_are_refused_and_left_alone(path: Path, line: bytes, problem: str):
    content = dump_event(1, said(1)) + dump_event(2, said(2)) + line + b"\n" + dump_event(4, said(4))
    path.write_bytes(content)
    with pytest.raises(StartupError, match=problem) as refused:
        Journal(path).load()
    assert str(refused.value).startswith("journal, line 3: ")
    assert "\n" not in str(refused.value)
    assert path.read_bytes() == content


# A disk that fails.


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Disk]:
    disk = Disk(tmp_path)
    yield disk
    disk.close()


def long(number: int) -> Numbered:
    return number, MessagePosted("lobby", replace(said(number).message, text="x" * 4000))


def test_a_full_disk_leaves_the_facts_as_they_were_and_is_used_again_when_there_is_room(disk: Disk, path: Path):
    journal = Journal(path)
    journal.append([long(1)])
    before = path.read_bytes()
    disk.fill()
    with pytest.raises(OSError):
        journal.append([long(2), long(3)])
    with pytest.raises(OSError):
        journal.check()
    assert path.read_bytes() == before
    assert [file.name for file in disk.files()] == ["journal"]
    disk.free()
    journal.check()
    journal.append([long(4)])
    assert Journal(path).load() == [long(1), long(4)]


def test_a_full_disk_gets_no_new_file(disk: Disk, path: Path):
    journal = Journal(path)
    disk.fill()
    with pytest.raises(OSError):
        journal.append([long(1), long(2)])
    assert disk.files() == []
    disk.free()
    journal.append([long(3)])
    assert Journal(path).load() == [long(3)]


def refuse(*_: object) -> None:
    raise OSError(5, "Input/output error")


def one_after_the_other(*functions: Callable[..., object]) -> Callable[..., object]:
    """A function that is each of these for one call."""
    left = iter(functions)

    def call(*arguments: object) -> object:
        return next(left)(*arguments)

    return call


@pytest.mark.parametrize("before", [0, 2], ids=("new file", "old file"))
def test_a_batch_that_is_only_half_written_is_cut_off(path: Path, monkeypatch: pytest.MonkeyPatch, before: int):
    journal = Journal(path)
    if before:
        journal.append(numbered(1, before))
    write = os.write
    most = one_after_the_other(lambda file, data: write(file, data[: len(data) * 3 // 4]), refuse)
    monkeypatch.setattr(os, "write", most)
    with pytest.raises(OSError):
        journal.append(numbered(10, 5))
    monkeypatch.undo()
    assert Journal(path).load() == numbered(1, before)
    journal.append(numbered(20, 1))
    assert Journal(path).load() == [*numbered(1, before), *numbered(20, 1)]


def test_what_cannot_be_synced_is_not_kept(path: Path, monkeypatch: pytest.MonkeyPatch):
    journal = Journal(path)
    journal.append(numbered(1, 1))
    monkeypatch.setattr(os, "fsync", one_after_the_other(refuse, os.fsync))
    with pytest.raises(OSError):
        journal.append(numbered(2, 1))
    monkeypatch.undo()
    journal.append(numbered(3, 1))
    assert Journal(path).load() == [*numbered(1, 1), *numbered(3, 1)]


def test_what_can_neither_be_written_nor_cut_off_is_never_added_to(path: Path, monkeypatch: pytest.MonkeyPatch):
    journal = Journal(path)
    journal.append(numbered(1, 1))
    write = os.write
    monkeypatch.setattr(os, "write", one_after_the_other(lambda file, data: write(file, data[:20]), refuse))
    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(OSError):
        journal.append(numbered(2, 1))
    monkeypatch.undo()
    with pytest.raises(ExternallyModified):
        journal.append(numbered(3, 1))


# Other programs.


def test_a_journal_that_vanished_is_told_until_it_is_emptied(path: Path):
    journal = Journal(path)
    journal.append(numbered(1, 1))
    path.unlink()
    for number in (2, 3):
        with pytest.raises(ExternallyModified):
            journal.append(numbered(number, 1))
    journal.drop(3)
    journal.append(numbered(4, 1))
    assert Journal(path).load() == numbered(4, 1)


def test_a_journal_changed_by_another_program_is_kept_aside(path: Path):
    journal = Journal(path)
    journal.append(numbered(1, 1))
    path.write_bytes(b"notes of an editor")
    with pytest.raises(ExternallyModified):
        journal.append(numbered(2, 1))
    [aside] = path.parent.iterdir()
    assert aside.name.startswith("journal.changed-")
    assert aside.read_bytes() == b"notes of an editor"


def test_dropping_does_not_touch_what_another_program_wrote(path: Path):
    journal = Journal(path)
    journal.append(numbered(1, 3))
    path.write_bytes(b"notes of an editor")
    journal.drop(2)
    assert path.read_bytes() == b"notes of an editor"
    journal.drop(3)
    [aside] = path.parent.iterdir()
    assert aside.read_bytes() == b"notes of an editor"
