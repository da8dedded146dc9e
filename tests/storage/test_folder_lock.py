"""One process at a time uses a data folder."""

import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.folder_lock import FolderInUse, FolderLock

LOCK = """
import sys, pathlib
from chat.storage.json_files.disk.folder_lock import FolderLock
FolderLock(pathlib.Path(sys.argv[1])).acquire()
"""
NOBODY = 65534


@pytest.fixture
def locked_folder(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir(mode=0o500)
    return folder


@pytest.fixture
def unprivileged() -> Iterator[None]:
    """Have the permissions of a user to whom nothing belongs, if the tests are run by root."""
    if os.geteuid() != 0:
        yield
        return
    os.seteuid(NOBODY)
    yield
    os.seteuid(0)


def test_folder_is_created_and_locked_until_it_is_released(tmp_path: Path):
    one, two = FolderLock(tmp_path / "data" / "chat"), FolderLock(tmp_path / "data" / "chat")
    one.acquire()
    with pytest.raises(FolderInUse, match=r"chat_log\.json is in use by another process"):
        two.acquire()
    one.release()
    two.acquire()
    two.release()


def test_other_process_is_rejected(tmp_path: Path):
    lock = FolderLock(tmp_path)
    lock.acquire()
    command = [sys.executable, "-c", LOCK, tmp_path]
    other = subprocess.run(command, capture_output=True, text=True, check=False)
    lock.release()
    assert "FolderInUse" in other.stderr


def test_folders_whose_histories_are_links_to_one_file_share_the_lock(tmp_path: Path):
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "chat_log.json").symlink_to(tmp_path / "chat_log.json")
    lock = FolderLock(tmp_path)
    lock.acquire()
    with pytest.raises(FolderInUse):
        FolderLock(tmp_path / "other").acquire()
    lock.release()


def test_link_in_place_of_the_lock_is_not_followed(tmp_path: Path):
    victim = tmp_path / "victim"
    victim.write_text("precious")
    (tmp_path / "chat_log.json.lock").symlink_to(victim)
    with pytest.raises(StartupError, match="can't be used") as refused:
        FolderLock(tmp_path).acquire()
    assert len(str(refused.value).splitlines()) == 1
    assert victim.read_text() == "precious"


def test_history_that_leads_nowhere_is_named(tmp_path: Path):
    (tmp_path / "chat_log.json").symlink_to(tmp_path / "gone" / "chat_log.json")
    with pytest.raises(StartupError, match=r"no file can be created in .*gone"):
        FolderLock(tmp_path).acquire()


@pytest.mark.skipif(not Path("/proc/version").exists(), reason="only Linux has such a folder")
@pytest.mark.parametrize("folder", ["/proc", "/proc/sys", "/proc/data/chat"])
def test_folder_that_holds_no_files_is_named(folder: str):
    with pytest.raises(StartupError, match=f"^CHAT_DATA_DIR: no file can be created in {folder}$"):
        FolderLock(Path(folder)).acquire()


def test_file_or_dead_link_in_place_of_the_folder_is_named(tmp_path: Path):
    (tmp_path / "file").touch()
    (tmp_path / "link").symlink_to("nowhere")
    for place in tmp_path / "file", tmp_path / "file" / "data", tmp_path / "link":
        with pytest.raises(StartupError, match=f"^CHAT_DATA_DIR: {place} is not a folder$"):
            FolderLock(place).acquire()


def test_folder_without_permission_is_named(locked_folder: Path, unprivileged: None):
    for place in locked_folder, locked_folder / "chat":
        with pytest.raises(StartupError, match=f"^CHAT_DATA_DIR: {place}.* can't be used: Permission denied$"):
            FolderLock(place).acquire()
