"""Files that decide who may do what: whatever happens to one, nobody gets a right by it, and nothing is lost."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from chat.domain.errors import StartupError
from chat.storage.json_files.stores import json_stores
from tests.storage.kinds import KINDS, Kind, OpenedStore

DECIDING = [kind for kind in KINDS if kind.name != "messages"]
every_deciding_file = pytest.mark.parametrize("kind", DECIDING, ids=lambda kind: kind.name)


def with_fields(**fields: Any) -> Callable[[bytes], bytes]:
    return lambda data: json.dumps(json.loads(data) | fields).encode()


def twice(data: bytes) -> bytes:
    """Write an empty second list after the file's first one."""
    name = next(name for name, value in json.loads(data).items() if isinstance(value, list) and value)
    return data.rstrip()[:-1] + f', "{name}": []}}'.encode()


BROKEN: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda data: b"",
    "white space": lambda data: b"  \n",
    "truncated": lambda data: data[: len(data) // 2],
    "without its last bracket": lambda data: data.rstrip()[:-1],
    "not JSON": lambda data: b"Dear diary",
    "null": lambda data: b"null",
    "a list": lambda data: b"[" + data + b"]",
    "zeros": lambda data: bytes(len(data)),
    "zeros at its end": lambda data: data + bytes(512),
    "a NUL in its middle": lambda data: data[:40] + b"\0" + data[41:],
    "not UTF-8": lambda data: data.replace(b"n", b"\xff"),
    "half of a character": lambda data: data.replace(b"an", b"\\ud83d", 1),
    "text as its version": with_fields(version="2"),
    "version 0": with_fields(version=0),
    "a fraction as its version": with_fields(version=2.5),
    "a huge version": lambda data: b'{"version": ' + b"9" * 5000 + b"}",
    "another field": with_fields(owner="mallory"),
    "its content twice": twice,
    "two files in one": lambda data: data + data,
    "another program's file": lambda data: b'{"version": 1, "name": "left-pad", "dependencies": {}}',
}
SAMPLES = {"empty", "truncated", "a list", "zeros at its end", "its content twice"}
every_broken_file = pytest.mark.parametrize(
    "damage",
    [pytest.param(BROKEN[name], marks=() if name in SAMPLES else pytest.mark.exhaustive) for name in BROKEN],
    ids=BROKEN,
)


def link_to_itself(file: Path) -> None:
    file.unlink()
    file.symlink_to(file)


def folder_in_its_place(file: Path) -> None:
    file.unlink()
    file.mkdir()


def pipe_in_its_place(file: Path) -> None:
    file.unlink()
    os.mkfifo(file)


def from_the_future(file: Path) -> None:
    file.write_text('{"version": 99, "people": {}}')


UNUSABLE: dict[str, Callable[[Path], None]] = {
    "a link to itself": link_to_itself,
    "a folder": folder_in_its_place,
    "a pipe": pipe_in_its_place,
    "a later version": from_the_future,
}


async def lived(kind: Kind, folder: Path) -> Path:
    """Store this kind's events and stop; return the file."""
    opened = OpenedStore(kind, folder)
    await opened.store.append(kind.events)
    await opened.store.close()
    return folder / f"{kind.name}.json"


def picture(folder: Path) -> dict[str, object]:
    return {
        path.name: (path.lstat(), path.read_bytes() if path.is_file() else None) for path in sorted(folder.iterdir())
    }


def refusal(folder: Path, kind: Kind) -> str:
    """Expect the start to be refused, with everything left as it was; return the line."""
    before = picture(folder)
    with pytest.raises(StartupError) as refused:
        json_stores(folder, 100).verify()
    assert {name: data for name, (_, data) in picture(folder).items()} == {
        name: data for name, (_, data) in before.items()
    }
    [line] = str(refused.value).splitlines()
    assert str(folder / f"{kind.name}.json") in line
    return line


def without_backups(file: Path) -> None:
    for number in (1, 2):
        file.with_name(f"{file.name}.backup-{number}").unlink(missing_ok=True)


@every_deciding_file
@every_broken_file
async def test_broken_file_without_a_backup_stops_the_start_and_nothing_changes(
    kind: Kind, damage: Callable[[bytes], bytes], folder: Path
):
    file = await lived(kind, folder)
    without_backups(file)
    file.write_bytes(damage(file.read_bytes()))
    line = refusal(folder, kind)
    assert "is broken: " in line
    assert "Replace it by a good copy" in line
    assert not [secret for secret in ("argon2", "192.0.2.1") if secret in line]


@every_deciding_file
@every_broken_file
async def test_broken_file_is_kept_and_its_copy_with_the_last_change_is_used(
    kind: Kind, damage: Callable[[bytes], bytes], folder: Path
):
    file = await lived(kind, folder)
    broken = damage(file.read_bytes())
    file.write_bytes(broken)
    opened = OpenedStore(kind, folder)
    assert kind.content(opened.loaded) == opened.replayed(kind.events)
    status = await opened.store.check()
    assert status.restored_from == f"{file.name}.backup-1"
    assert (folder / str(status.quarantined)).read_bytes() == broken
    assert opened.after_crash() == opened.replayed(kind.events)
    await opened.store.close()


@every_deciding_file
@pytest.mark.parametrize("damage", UNUSABLE.values(), ids=UNUSABLE)
@pytest.mark.parametrize("has_backups", [True, False], ids=("backups", "no backup"))
async def test_foreign_file_stops_the_start_in_spite_of_backups(
    kind: Kind, damage: Callable[[Path], None], folder: Path, has_backups: bool
):
    file = await lived(kind, folder)
    if not has_backups:
        without_backups(file)
    damage(file)
    refusal(folder, kind)


@every_deciding_file
async def test_unreadable_file_stops_the_start(kind: Kind, folder: Path, monkeypatch: pytest.MonkeyPatch):
    file, real = await lived(kind, folder), os.open

    def deny(path: Any, *arguments: Any, **options: Any) -> int:  # root may read everything
        if path == file:
            raise PermissionError(13, "Permission denied", str(path))
        return real(path, *arguments, **options)

    monkeypatch.setattr(os, "open", deny)
    assert "can't be used: Permission denied" in refusal(folder, kind)


@every_deciding_file
async def test_missing_file_is_restored_from_its_copy(kind: Kind, folder: Path):
    file = await lived(kind, folder)
    file.unlink()
    opened = OpenedStore(kind, folder)
    assert kind.content(opened.loaded) == opened.replayed(kind.events)
    assert (await opened.store.check()).restored_from == f"{file.name}.backup-1"
    assert file.exists()


@every_deciding_file
async def test_missing_file_with_a_broken_copy_stops_the_start(kind: Kind, folder: Path):
    file = await lived(kind, folder)
    without_backups(file)
    file.rename(f"{file}.backup-1").write_bytes(b"?")
    assert f"it is missing, and in {file.name}.backup-1, " in refusal(folder, kind)


@every_deciding_file
async def test_broken_file_with_a_copy_of_a_later_version_stops_the_start(kind: Kind, folder: Path):
    file = await lived(kind, folder)
    file.write_bytes(b"?")
    from_the_future(file.with_name(f"{file.name}.backup-1"))
    assert f"{file.name}.backup-1: version 99 is newer" in refusal(folder, kind)


@every_deciding_file
async def test_file_emptied_in_place_after_a_start_leaves_its_copies_intact(kind: Kind, folder: Path):
    file = await lived(kind, folder)
    OpenedStore(kind, folder)  # ends without a write, as in a crash
    os.truncate(file, 0)
    opened = OpenedStore(kind, folder)
    assert kind.content(opened.loaded) == opened.replayed(kind.events)


@every_deciding_file
async def test_one_broken_file_leaves_the_others_untouched(kind: Kind, folder: Path):
    for other in KINDS:
        await lived(other, folder)
    file = folder / f"{kind.name}.json"
    without_backups(file)
    file.write_bytes(b"?")
    refusal(folder, kind)


# While the chat is running.


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
@pytest.mark.parametrize("notices", ["check", "close", "append"])
@pytest.mark.parametrize("damage", ["broken", "older", "missing"])
async def test_file_changed_under_the_running_chat_is_kept_and_put_right(
    kind: Kind, damage: str, folder: Path, notices: str
):
    opened, [first, *more, last] = OpenedStore(kind, folder), kind.events
    await opened.store.append([first])
    [file] = [path for path in folder.iterdir() if path.suffix == ".json"]
    changed = file.read_bytes() if damage == "older" else b"{"
    await opened.store.append(more)
    file.unlink()
    if damage != "missing":
        file.write_bytes(changed)
    if notices == "append":
        await opened.store.append([last])
    elif notices == "check":
        assert (await opened.store.check()).writable
    stored = kind.events if notices == "append" else kind.events[:-1]
    if notices != "close":
        assert opened.after_crash() == opened.replayed(stored)
    await opened.store.close()
    again = OpenedStore(kind, folder)
    assert kind.content(again.loaded) == again.replayed(stored)
    kept = [path.read_bytes() for path in folder.glob("*.changed-*")]
    assert kept == ([] if damage == "missing" else [changed])
