"""Files in a folder: what its names are, and what the disk may do to it; `test_file_stores.py` has the contract."""

import errno
import os
from hashlib import sha256
from pathlib import Path

import pytest

from chat.storage.files_folder import FilesFolder
from tests.support.stored_files import CAKE, TEA, chunks


def hashed(content: bytes) -> str:
    return sha256(content).hexdigest()


def files_in(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def store(tmp_path: Path) -> FilesFolder:
    store = FilesFolder(tmp_path / "files")
    store.open()
    return store


async def test_folder_is_only_made_for_a_file(store: FilesFolder, tmp_path: Path):
    assert not (tmp_path / "files").exists()
    assert await store.receive("one", chunks(TEA)) == (hashed(TEA), len(TEA))
    assert files_in(tmp_path) == {"files/uploads/one"}
    assert (tmp_path / "files").stat().st_mode & 0o777 == 0o700
    assert store.upload_path("one").stat().st_mode & 0o777 == 0o600
    assert store.upload_path("one").read_bytes() == TEA


async def test_upload_becomes_a_file_of_a_room_with_its_small_picture(store: FilesFolder, tmp_path: Path):
    await store.receive("one", chunks(TEA))
    store.small_path("one").write_bytes(b"small")
    await store.keep("one", "lobby", hashed(TEA))
    await store.drop_upload("one")
    assert files_in(tmp_path / "files") == {f"lobby/{hashed(TEA)}", f"lobby/{hashed(TEA)}.small"}
    assert store.total == len(TEA) + 5


async def test_upload_to_a_full_disk_leaves_nothing(
    store: FilesFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def is_full(_: int) -> None:
        raise OSError(errno.ENOSPC, "full")

    monkeypatch.setattr(os, "fsync", is_full)
    with pytest.raises(OSError, match="full"):
        await store.receive("one", chunks(TEA))
    assert files_in(tmp_path) == set()


async def test_file_is_kept_where_links_are_not_possible(
    store: FilesFolder, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    def refuse(*_: object) -> None:
        raise OSError(errno.EPERM, "no links here")

    monkeypatch.setattr(Path, "hardlink_to", refuse)
    await store.receive("one", chunks(TEA))
    await store.keep("one", "lobby", hashed(TEA))
    await store.drop_upload("one")
    assert files_in(tmp_path / "files") == {f"lobby/{hashed(TEA)}"}


async def test_next_start_finds_the_files_and_drops_uploads(store: FilesFolder, tmp_path: Path):
    for name, content in (("one", TEA), ("two", CAKE)):
        await store.receive(name, chunks(content))
        await store.keep(name, "lobby", hashed(content))
    os.utime(tmp_path / "files" / "lobby" / hashed(CAKE), (1, 1))
    await store.remove("lobby", [])
    again = FilesFolder(tmp_path / "files")
    again.open()
    assert again.contents("lobby") == {hashed(TEA), hashed(CAKE)}
    assert (again.rooms, again.total) == (["lobby"], len(TEA) + len(CAKE))
    assert again.oldest() == ("lobby", hashed(CAKE))
    assert not (tmp_path / "files" / "uploads").exists()


async def test_planted_link_is_not_followed(store: FilesFolder, tmp_path: Path):
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "files").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(OSError, match="symbolic link"):
        await store.receive("one", chunks(TEA))
    assert files_in(tmp_path / "elsewhere") == set()
