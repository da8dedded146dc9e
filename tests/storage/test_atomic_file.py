"""`AtomicFile` survives crashes, keeps backups and never overwrites what another program wrote."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.storage.json_files.disk.atomic_file import AtomicFile
from chat.storage.json_files.validation import Unreadable


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "file"


def parse(data: bytes) -> str:
    if not data.startswith(b"good"):
        raise Unreadable("not good")
    return data.decode()


def open_file(path: Path) -> AtomicFile:
    file = AtomicFile(path)
    read(file)
    return file


def read(file: AtomicFile) -> str | None:
    """Return the content as a store does that starts anew if there is nothing good."""
    try:
        found = file.read(parse)
    except Unreadable:
        found = None
    file.adopt()
    return found


def names(path: Path) -> set[str]:
    return {entry.name for entry in path.parent.iterdir()}


def only(path: Path, pattern: str) -> Path:
    [found] = path.parent.glob(pattern)
    return found


def test_missing_file_has_no_content(path: Path):
    assert AtomicFile(path).read(parse) is None
    assert names(path) == set()


def test_written_content_is_read_back(path: Path):
    open_file(path).write([b"good 1"])
    assert read(AtomicFile(path)) == "good 1"
    assert path.read_bytes() == b"good 1"


def test_first_backup_holds_the_content_before_the_last_write(path: Path):
    file = open_file(path)
    for number in range(3):
        file.write([b"good %d" % number])
    assert path.with_name("file.backup-1").read_bytes() == b"good 1"


def test_second_backup_holds_the_content_at_start(path: Path):
    path.write_bytes(b"good start")
    file = open_file(path)
    for number in range(3):
        file.write([b"good %d" % number])
    assert path.with_name("file.backup-2").read_bytes() == b"good start"


def test_only_backups_remain_next_to_the_file(path: Path):
    for _ in range(3):
        file = open_file(path)
        file.write([b"good 1"])
        file.write([b"good 2"])
        open_file(path)
        file.probe([b"good 3"])
    assert names(path) == {"file", "file.backup-1", "file.backup-2"}


def test_content_is_synced_before_the_rename_and_the_rename_before_write_returns(
    path: Path, monkeypatch: pytest.MonkeyPatch
):
    file = open_file(path)
    steps: list[str] = []
    fsync, replace = os.fsync, os.replace

    def record_fsync(descriptor: int) -> None:
        steps.append(f"fsync {Path(f'/proc/self/fd/{descriptor}').readlink().name}")
        fsync(descriptor)

    def record_replace(source: Path, target: Path) -> None:
        steps.append(f"replace {Path(target).name}")
        replace(source, target)

    monkeypatch.setattr(os, "fsync", record_fsync)
    monkeypatch.setattr(os, "replace", record_replace)
    file.write([b"good"])
    assert steps == ["fsync file.tmp", "replace file", f"fsync {path.parent.name}"]


def test_broken_file_is_quarantined_with_its_bytes(path: Path):
    path.write_bytes(b"broken \xff")
    file = AtomicFile(path)
    assert read(file) is None
    assert file.quarantined == only(path, "file.corrupt-*").name
    assert only(path, "file.corrupt-*").read_bytes() == b"broken \xff"
    assert not path.exists()


def test_files_quarantined_in_the_same_second_get_different_names(path: Path):
    for number in range(5):
        path.write_bytes(b"broken %d" % number)
        open_file(path)
    quarantined = sorted(entry.read_bytes() for entry in path.parent.glob("file.corrupt-*"))
    assert quarantined == [b"broken %d" % number for number in range(5)]


def test_newest_good_backup_replaces_a_broken_file(path: Path):
    path.write_bytes(b"good start")
    file = open_file(path)
    file.write([b"good 1"])
    file.write([b"good 2"])
    path.write_bytes(b"broken")
    file = AtomicFile(path)
    assert read(file) == "good 1"
    assert file.restored_from == "file.backup-1"


def test_older_backup_is_used_if_the_newer_one_is_broken(path: Path):
    path.write_bytes(b"good start")
    file = open_file(path)
    file.write([b"good 1"])
    file.write([b"good 2"])
    path.write_bytes(b"broken")
    path.with_name("file.backup-1").write_bytes(b"broken as well")
    file = AtomicFile(path)
    assert read(file) == "good start"
    assert file.restored_from == "file.backup-2"


def test_file_changed_by_another_program_is_kept(path: Path):
    file = open_file(path)
    file.write([b"good 1"])
    path.write_bytes(b"by an editor")
    file.write([b"good 2"])
    assert path.read_bytes() == b"good 2"
    assert only(path, "file.changed-*").read_bytes() == b"by an editor"


def test_vanished_file_is_written_again(path: Path):
    file = open_file(path)
    file.write([b"good 1"])
    path.unlink()
    file.write([b"good 2"])
    assert path.read_bytes() == b"good 2"


def test_content_may_come_in_chunks(path: Path):
    open_file(path).write(b"good %d " % number for number in range(3))
    assert path.read_bytes() == b"good 0 good 1 good 2 "


def test_dropping_backups_leaves_only_the_new_content(path: Path):
    path.write_bytes(b"good secret")
    file = open_file(open_file(path).path)
    file.write([b"good secret, and more"])
    file.write([b"good"], drop_backups=True)
    assert names(path) == {"file"}
    assert path.read_bytes() == b"good"


def test_failed_write_that_drops_backups_keeps_the_content(path: Path, monkeypatch: pytest.MonkeyPatch):
    file = open_file(path)
    file.write([b"good 1"])

    def refuse(*_: object) -> None:
        raise OSError("no")

    monkeypatch.setattr(os, "replace", refuse)
    with pytest.raises(OSError):
        file.write([b"good 2"], drop_backups=True)
    monkeypatch.undo()
    assert names(path) == {"file"}
    assert read(AtomicFile(path)) == "good 1"


def test_file_without_backups_leaves_none(path: Path):
    for number in range(3):
        file = AtomicFile(path, keeps_backups=False)
        read(file)
        file.write([b"good %d" % number])
        file.write([b"good %d again" % number])
    assert names(path) == {"file"}


def test_failing_source_of_content_changes_nothing(path: Path):
    def chunks() -> Iterator[bytes]:
        yield b"good"
        raise ValueError("no second chunk")

    file = open_file(path)
    file.write([b"good 1"])
    with pytest.raises(ValueError, match="no second chunk"):
        file.write(chunks())
    assert names(path) == {"file"}
    assert path.read_bytes() == b"good 1"


def test_failed_write_changes_nothing(path: Path):
    file = open_file(path)
    file.write([b"good 1"])
    path.with_name("file.tmp").mkdir()
    with pytest.raises(OSError):
        file.write([b"good 2"])
    with pytest.raises(OSError):
        file.probe([b"good 2"])
    path.with_name("file.tmp").rmdir()
    assert path.read_bytes() == b"good 1"
    file.write([b"good 3"])
    assert path.read_bytes() == b"good 3"


def test_probing_changes_nothing(path: Path):
    file = open_file(path)
    file.write([b"good 1"])
    file.probe([b"good 2"])
    assert path.read_bytes() == b"good 1"
    assert names(path) == {"file"}


def test_symbolic_link_is_followed_and_stays_a_link(path: Path):
    elsewhere = path.with_name("elsewhere")
    path.symlink_to(elsewhere)
    open_file(path).write([b"good 1"])
    assert path.is_symlink()
    assert elsewhere.read_bytes() == b"good 1"
