"""Files and folders that aren't quite what a disk offers: mounted files, folders without fsync, other encodings."""

import errno
import os
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from chat.domain.errors import HistoryUnwritable, StartupError
from chat.storage.json_files.disk.disk import WITHOUT_SYNC
from chat.storage.json_files.message_store import JsonMessageStore
from tests.storage.kinds import JSON, KINDS, OpenedStore, OpenStore
from tests.storage.samples import CLEARED, posted

every_json_store = pytest.mark.parametrize("open_store", JSON.values(), ids=JSON)


def json_file(folder: Path) -> Path:
    [file] = [file for file in folder.iterdir() if file.suffix == ".json"]
    return file


@contextmanager
def mounted(file: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Mount a file onto itself, as `docker run -v` does; if that isn't permitted, replacing it fails the same way."""
    if subprocess.run(["mount", "--bind", file, file], capture_output=True, check=False).returncode == 0:
        try:
            yield
        finally:
            subprocess.run(["umount", file], check=True)
        return
    replace = Path.replace

    def refuse(self: Path, target: Path) -> Path:
        if target == file:
            raise OSError(errno.EBUSY, os.strerror(errno.EBUSY))
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", refuse)
        yield


@every_json_store
async def test_file_mounted_on_its_own_is_refused_at_start(
    open_store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    opened = open_store(folder)
    await opened.store.append(opened.kind.events[:1])
    await opened.store.close()
    file, before = json_file(folder), json_file(folder).read_bytes()
    with mounted(file, monkeypatch), pytest.raises(StartupError, match=r"json .*mount its folder instead") as refused:
        open_store(folder)
    assert "\n" not in str(refused.value)
    assert file.read_bytes() == before
    assert not list(folder.glob("*.tmp"))
    again = open_store(folder)
    assert again.kind.content(again.loaded) == again.replayed(again.kind.events[:1])
    await again.store.close()


@pytest.mark.parametrize("content", [b"", b'{"version": 3, "messages": []}'])
async def test_mounted_history_is_refused_whatever_is_in_it(
    path: Path, limit: int, content: bytes, monkeypatch: pytest.MonkeyPatch
):
    path.write_bytes(content)
    with mounted(path, monkeypatch), pytest.raises(StartupError):
        JsonMessageStore(path, limit).load()


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
async def test_store_never_says_writable_while_writes_fail(kind, folder: Path, monkeypatch: pytest.MonkeyPatch):
    opened = OpenedStore(kind, folder)
    await opened.store.append(kind.events[:1])
    with mounted(json_file(folder), monkeypatch):
        with pytest.raises(kind.problem):
            await opened.store.append(kind.events[1:2])
        for _ in range(3):
            assert not (await opened.store.check()).writable
    assert (await opened.store.check()).writable
    await opened.store.append(kind.events[1:2])
    assert opened.after_crash() == opened.replayed(kind.events[:2])
    await opened.store.close()


async def test_journal_is_not_called_writable_while_nothing_can_be_deleted(path: Path, monkeypatch: pytest.MonkeyPatch):
    store = JsonMessageStore(path, 1000)
    store.load()
    with mounted(path, monkeypatch):
        await store.append([posted(1)])
        with pytest.raises(HistoryUnwritable):
            await store.append([CLEARED])
        for _ in range(2):
            assert not (await store.check()).writable
    assert (await store.check()).writable
    await store.close()


Fsync = Callable[[int], None]


def without_folder_sync(number: int) -> Fsync:
    fsync = os.fsync

    def sync(descriptor: int) -> None:
        if os.path.isdir(f"/proc/self/fd/{descriptor}"):  # noqa: PTH112
            raise OSError(number, os.strerror(number))
        fsync(descriptor)

    return sync


@every_json_store
@pytest.mark.parametrize("number", sorted(WITHOUT_SYNC), ids=errno.errorcode.get)
async def test_folder_without_fsync_is_used(
    open_store: OpenStore, folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(os, "fsync", without_folder_sync(number))
    opened = open_store(folder)
    await opened.store.append(opened.kind.events)
    assert opened.after_crash() == opened.replayed(opened.kind.events)
    assert (await opened.store.check()).writable
    await opened.store.close()


@every_json_store
async def test_folder_that_cannot_be_opened_is_used(
    open_store: OpenStore, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    real = os.open

    def windows(path, flags, *others, **more):
        if os.path.isdir(path):  # noqa: PTH112
            raise PermissionError(errno.EACCES, os.strerror(errno.EACCES))
        return real(path, flags, *others, **more)

    with monkeypatch.context() as patch:
        patch.setattr(os, "open", windows)
        opened = open_store(folder)
        await opened.store.append(opened.kind.events)
    assert opened.after_crash() == opened.replayed(opened.kind.events)
    await opened.store.close()


@every_json_store
@pytest.mark.parametrize("number", [errno.EIO, errno.ENOSPC], ids=errno.errorcode.get)
async def test_folder_that_fails_to_sync_is_not(
    open_store: OpenStore, folder: Path, number: int, monkeypatch: pytest.MonkeyPatch
):
    opened = open_store(folder)
    monkeypatch.setattr(os, "fsync", without_folder_sync(number))
    with pytest.raises(opened.kind.problem):
        await opened.store.append(opened.kind.events[:1])


@every_json_store
@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
async def test_file_saved_with_a_byte_order_mark_is_read(open_store: OpenStore, folder: Path, encoding: str):
    opened = open_store(folder)
    await opened.store.append(opened.kind.events)
    await opened.store.close()
    file = json_file(folder)
    mark = "\ufeff" if encoding.endswith("e") else ""
    file.write_text(mark + file.read_text(), encoding)
    again = open_store(folder)
    assert again.kind.content(again.loaded) == again.replayed(again.kind.events)
    assert not list(folder.glob("*.corrupt-*"))
    await again.store.close()


async def test_half_a_character_is_a_broken_file(path: Path):
    path.write_bytes("\ufeff{}".encode("utf-16-le")[:-1])
    JsonMessageStore(path, 100).load()
    assert len(list(path.parent.glob("*.corrupt-*"))) == 1
