"""Store folders, and data of format version 2."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores
from tests.storage.version_2 import VERSION_2
from tests.support.disk import Disk


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


@pytest.fixture
def path(folder: Path) -> Path:
    return folder / "chat_log.json"


@pytest.fixture(params=(100, 1000), ids=("rewritten", "journal"))
def limit(request: pytest.FixtureRequest) -> int:
    """History limit: small enough to rewrite the file each time, or large enough for a journal."""
    return request.param


@pytest.fixture
def disk(folder: Path) -> Iterator[Disk]:
    disk = Disk(folder)
    yield disk
    disk.close()


@pytest.fixture
def data_folder(tmp_path: Path) -> Path:
    """Return a copy of all files of version 2."""
    return shutil.copytree(VERSION_2 / "data_folder", tmp_path / "data")


@pytest.fixture
def stores(data_folder: Path) -> Stores:
    return json_stores(data_folder, 100)


@pytest.fixture
def long_folder(tmp_path: Path) -> Path:
    """Return a copy of a folder with a long version 2 history."""
    return shutil.copytree(VERSION_2 / "long_history", tmp_path / "long")
