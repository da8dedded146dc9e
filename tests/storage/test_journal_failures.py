"""The journal on a failing disk, and next to other programs."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest

from chat.domain.messages.events import MessageEvent, numbered
from chat.storage.json_files.disk.journal import ExternallyModified, Journal
from chat.storage.json_files.history.history_format import parse_event
from tests.storage.journaled import lines
from tests.storage.samples import posted
from tests.support.disk import Disk


def events(start: int, count: int) -> list[MessageEvent]:
    return [numbered(posted(number), number) for number in range(start, start + count)]


def loaded(path: Path) -> list[MessageEvent]:
    return [event for _, event in Journal(path).load(parse_event)]


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "journal"


# Failing disks.


def long(number: int) -> MessageEvent:
    return numbered(posted(number, "x" * 4000), number)


def test_full_disk_leaves_the_events_unchanged_and_is_used_again_once_free(disk: Disk, path: Path):
    journal = Journal(path)
    journal.append(lines([long(1)]))
    before = path.read_bytes()
    disk.fill()
    with pytest.raises(OSError):
        journal.append(lines([long(2), long(3)]))
    with pytest.raises(OSError):
        journal.check()
    assert path.read_bytes() == before
    assert [file.name for file in disk.files()] == ["journal"]
    disk.free()
    journal.check()
    journal.append(lines([long(4)]))
    assert loaded(path) == [long(1), long(4)]


def test_full_disk_leaves_no_new_file(disk: Disk, path: Path):
    journal = Journal(path)
    disk.fill()
    with pytest.raises(OSError):
        journal.append(lines([long(1), long(2)]))
    assert disk.files() == []
    disk.free()
    journal.append(lines([long(3)]))
    assert loaded(path) == [long(3)]


def refuse(*_: object) -> None:
    raise OSError(5, "Input/output error")


def in_turn(*functions: Callable[..., object]) -> Callable[..., object]:
    """Return a function that calls each of these once, in order."""
    remaining = iter(functions)

    def call(*arguments: object) -> object:
        return next(remaining)(*arguments)

    return call


@pytest.mark.parametrize("before", [0, 2], ids=("new file", "old file"))
def test_half_written_batch_is_truncated(path: Path, monkeypatch: pytest.MonkeyPatch, before: int):
    journal = Journal(path)
    if before:
        journal.append(lines(events(1, before)))
    write = os.write
    most = in_turn(lambda file, data: write(file, data[: len(data) * 3 // 4]), refuse)
    monkeypatch.setattr(os, "write", most)
    with pytest.raises(OSError):
        journal.append(lines(events(10, 5)))
    monkeypatch.undo()
    assert loaded(path) == events(1, before)
    journal.append(lines(events(20, 1)))
    assert loaded(path) == [*events(1, before), *events(20, 1)]


def test_unsynced_batch_is_truncated(path: Path, monkeypatch: pytest.MonkeyPatch):
    journal = Journal(path)
    journal.append(lines(events(1, 1)))
    monkeypatch.setattr(os, "fsync", in_turn(refuse, os.fsync))
    with pytest.raises(OSError):
        journal.append(lines(events(2, 1)))
    monkeypatch.undo()
    journal.append(lines(events(3, 1)))
    assert loaded(path) == [*events(1, 1), *events(3, 1)]


def test_file_that_can_be_neither_written_nor_truncated_gets_no_more_events(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    journal = Journal(path)
    journal.append(lines(events(1, 1)))
    write = os.write
    monkeypatch.setattr(os, "write", in_turn(lambda file, data: write(file, data[:20]), refuse))
    monkeypatch.setattr(os, "ftruncate", refuse)
    with pytest.raises(OSError):
        journal.append(lines(events(2, 1)))
    monkeypatch.undo()
    with pytest.raises(ExternallyModified):
        journal.append(lines(events(3, 1)))


# Other programs.


def test_vanished_journal_is_reported_until_it_is_emptied(path: Path):
    journal = Journal(path)
    journal.append(lines(events(1, 1)))
    path.unlink()
    for number in (2, 3):
        with pytest.raises(ExternallyModified):
            journal.append(lines(events(number, 1)))
    journal.drop(3)
    journal.append(lines(events(4, 1)))
    assert loaded(path) == events(4, 1)


def test_journal_changed_by_another_program_is_kept(path: Path):
    journal = Journal(path)
    journal.append(lines(events(1, 1)))
    path.write_bytes(b"notes of an editor")
    with pytest.raises(ExternallyModified):
        journal.append(lines(events(2, 1)))
    assert path.read_bytes() == b"notes of an editor"
    journal.empty()
    [kept] = path.parent.iterdir()
    assert kept.name.startswith("journal.changed-")
    assert kept.read_bytes() == b"notes of an editor"


def test_dropping_events_keeps_content_of_another_program(path: Path):
    journal = Journal(path)
    journal.append(lines(events(1, 3)))
    path.write_bytes(b"notes of an editor")
    journal.drop(2)
    assert path.read_bytes() == b"notes of an editor"
    journal.drop(3)
    [kept] = path.parent.iterdir()
    assert kept.read_bytes() == b"notes of an editor"
