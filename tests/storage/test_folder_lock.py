"""One process at a time uses a data folder."""

import subprocess
import sys
from pathlib import Path

import pytest

from chat.domain.errors import StartupError
from chat.storage.json_files.disk.folder_lock import FolderInUse, FolderLock

LOCK = """
import sys, pathlib
from chat.storage.json_files.disk.folder_lock import FolderLock
FolderLock(pathlib.Path(sys.argv[1])).acquire()
"""


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


def test_file_in_place_of_the_folder_is_named(tmp_path: Path):
    (tmp_path / "data").touch()
    with pytest.raises(StartupError, match=r"CHAT_DATA_DIR: .*data can't be used"):
        FolderLock(tmp_path / "data").acquire()
