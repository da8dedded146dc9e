"""Files are copied from the folder into a bucket, and back: what is there already stays."""

import shutil
from pathlib import Path

import obstore
import pytest
from obstore.store import MemoryStore

from chat.config.settings import Settings
from chat.domain.errors import StartupError
from chat.storage.bucket.connection import Bucket
from chat.storage.bucket.copying import copy_to_bucket, copy_to_folder
from chat.storage.files_folder import FilesFolder
from chat.subcommands.copy_files import copy_files
from tests.support.bucket import BucketServer, shared_bucket_server
from tests.support.stored_files import CAKE, TEA, read, share

LONG = bytes(range(256)) * 5_000  # several blocks


@pytest.fixture
def memory() -> MemoryStore:
    return MemoryStore()


@pytest.fixture
def bucket(memory: MemoryStore) -> Bucket:
    return Bucket(memory, memory)


async def test_files_are_the_same_there_and_back(bucket: Bucket, memory: MemoryStore, tmp_path: Path):
    folder = tmp_path / "files"
    store = FilesFolder(folder)
    files = [await share(store, TEA, is_picture=True), await share(store, CAKE, "attic"), await share(store, LONG)]
    (folder / "lobby" / "notes.txt").write_text("not of the chat")
    before = {path: path.read_bytes() for path in folder.glob("*/*") if path.suffix != ".txt"}
    assert await copy_to_bucket(folder, bucket) == 4
    assert await copy_to_bucket(folder, bucket) == 0
    shutil.rmtree(folder)
    obstore.put(memory, "x/notes.txt", b"not of the chat")
    assert await copy_to_folder(bucket, folder) == 4
    assert await copy_to_folder(bucket, folder) == 0
    assert {path: path.read_bytes() for path in folder.glob("*/*")} == before
    again = FilesFolder(folder)
    again.open()
    assert await read(await again.find("lobby", files[0].content, small=True)) == b"small"
    assert (folder / "lobby").stat().st_mode & 0o777 == 0o700


async def test_file_that_was_copied_in_part_is_copied_again(bucket: Bucket, memory: MemoryStore, tmp_path: Path):
    folder = tmp_path / "files"
    file = await share(FilesFolder(folder), TEA)
    path = f"lobby/{file.content}"
    obstore.put(memory, path, b"te")
    assert await copy_to_bucket(folder, bucket) == 1
    (folder / path).write_bytes(b"te")
    assert await copy_to_folder(bucket, folder) == 1
    assert (folder / path).read_bytes() == TEA


def settings(data_dir: Path, **given: str) -> Settings:
    return Settings(data_dir=data_dir, **given)  # type: ignore[arg-type]


def test_command_copies_and_names_what_is_missing(tmp_path: Path):
    with pytest.raises(StartupError, match="CHAT_FILES_URL"):
        copy_files(settings(tmp_path), "to-bucket")
    url = shared_bucket_server().url()
    contents = {f"files/lobby/{'0' * 64}": TEA, f"avatars/{'a' * 12}/{'1' * 64}": CAKE}  # of a room, and of a person
    for path, content in contents.items():
        (tmp_path / path).parent.mkdir(parents=True)
        (tmp_path / path).write_bytes(content)
    copied = [copy_files(settings(tmp_path, files_url=url), "to-bucket") for _ in range(2)]
    assert [line.split(".")[0] for lines in copied for line in lines] == [
        "Copied to-bucket: 2 files",
        "Copied to-bucket: 0 files",
    ]
    other = tmp_path / "other"
    other.mkdir()
    assert copy_files(settings(other, files_url=url), "to-folder")[0].startswith("Copied to-folder: 2 files")
    assert {path: (other / path).read_bytes() for path in contents} == contents


def test_command_says_that_the_server_is_away(tmp_path: Path):
    server = BucketServer()
    url = server.url()
    server.kill()
    with pytest.raises(StartupError, match=r"to-folder: .* Run it again") as refused:
        copy_files(settings(tmp_path, files_url=url), "to-folder")
    assert "hush" not in str(refused.value)
