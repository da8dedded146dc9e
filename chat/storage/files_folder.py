"""The folder `files`: a folder for each room, with files named by their SHA-256, and one for uploads."""

import asyncio
import os
import shutil
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from chat.domain.messages.attachment import Attachment, Upload
from chat.storage.file_index import FileIndex, StoredSize
from chat.storage.json_files.disk.disk import sync_folder, unusable
from chat.storage.uploads_folder import SMALL, UploadsFolder

CHUNK = 256_000  # bytes that are read at once


class FilesFolder(UploadsFolder, FileIndex):
    """Files in a folder, which is created with the first of them."""

    def __init__(self, folder: Path) -> None:
        UploadsFolder.__init__(self, folder)
        FileIndex.__init__(self)

    def open(self) -> None:
        """Raises `StartupError`."""
        try:
            self._open()
        except OSError as problem:
            raise unusable(self._folder, problem) from None

    def _open(self) -> None:
        self._found.clear()
        if not self._folder.is_dir():
            return
        self._drop_all()
        for room in os.scandir(self._folder):
            if room.is_dir(follow_symlinks=False):
                names = [file.name for file in os.scandir(room) if not file.name.endswith(SMALL)]
                self._found[room.name] = {name: self._stored(room.name, name) for name in names}
                with suppress(OSError):  # it has files
                    Path(room.path).rmdir()

    async def share_upload(self, upload: Upload) -> Upload:
        return upload

    async def find_upload(self, upload_id: str) -> Upload | None:
        return None

    async def keep(self, upload_id: str, room_id: str, content: str) -> None:
        await asyncio.to_thread(self._keep, upload_id, room_id, content)
        self._found.setdefault(room_id, {})[content] = self._stored(room_id, content)

    def note(self, room_id: str, attachments: Iterable[Attachment]) -> None:
        pass

    async def refresh(self) -> None:
        pass

    async def find(self, room_id: str, content: str, *, small: bool = False) -> "FolderFile | None":
        if content not in self.contents(room_id):
            return None
        path = self._path(room_id, content, SMALL if small else "")
        return FolderFile(path, path.stat().st_size) if path.is_file() else None

    async def remove(self, room_id: str, contents: Collection[str]) -> None:
        await asyncio.to_thread(self._remove, room_id, contents)
        self._forget(room_id, contents)

    def _keep(self, upload_id: str, room_id: str, content: str) -> None:
        self._prepare(room_id)
        for source, suffix in ((self.small_path(upload_id), SMALL), (self.upload_path(upload_id), "")):
            if source.exists() or not suffix:
                _link(source, self._path(room_id, content, suffix))
        sync_folder(self._folder / room_id)

    def _remove(self, room_id: str, contents: Collection[str]) -> None:
        folder = self._folder / room_id
        if not folder.exists():
            return
        for content in contents:
            self._path(room_id, content).unlink(missing_ok=True)
            self._path(room_id, content, SMALL).unlink(missing_ok=True)
        sync_folder(folder)

    def _path(self, room_id: str, content: str, suffix: str = "") -> Path:
        return self._folder / room_id / f"{content}{suffix}"

    def _stored(self, room_id: str, content: str) -> StoredSize:
        found = self._path(room_id, content).lstat()
        size = found.st_size
        with suppress(FileNotFoundError):
            size += self._path(room_id, content, SMALL).lstat().st_size
        return StoredSize(size, found.st_mtime)


@dataclass(frozen=True, slots=True)
class FolderFile:
    """A file on the disk, to be read."""

    path: Path
    size: int

    async def read(self, part: slice) -> AsyncIterator[bytes]:
        with await asyncio.to_thread(self.path.open, "rb", buffering=0) as file:
            file.seek(part.start)
            left: int = part.stop - part.start
            while left and (chunk := await asyncio.to_thread(file.read, min(left, CHUNK))):
                left -= len(chunk)
                yield chunk


def _link(source: Path, target: Path) -> None:
    """Give a file another name, or copy it where the file system has no links."""
    if target.exists():
        return
    try:
        target.hardlink_to(source)
    except OSError:
        part = target.with_name(f"{target.name}.part")
        shutil.copyfile(source, part)
        with part.open("rb+") as file:
            os.fsync(file.fileno())
        part.replace(target)
