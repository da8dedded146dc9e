"""The folder `files`: a folder for each room, with files named by their SHA-256, and one for uploads."""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator, Collection, Set
from contextlib import suppress
from dataclasses import dataclass
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from chat.storage.json_files.disk import make_private_folder, open_to_append, sync_folder, unusable

if TYPE_CHECKING:
    from hashlib import _Hash as HASH

UPLOADS = "uploads"  # no room's id
SMALL = ".small"
BUFFER = 512_000  # bytes that are written at once


@dataclass(frozen=True, slots=True)
class _Stored:
    size: int
    at: float


class FilesFolder:
    """Files in a folder, which is created with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._found: dict[str, dict[str, _Stored]] = {}

    @property
    def total(self) -> int:
        return sum(stored.size for room in self._found.values() for stored in room.values())

    @property
    def rooms(self) -> list[str]:
        return [room_id for room_id, stored in self._found.items() if stored]

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
        with suppress(FileNotFoundError):
            shutil.rmtree(self._folder / UPLOADS)
        for room in os.scandir(self._folder):
            if room.is_dir(follow_symlinks=False):
                names = [file.name for file in os.scandir(room) if not file.name.endswith(SMALL)]
                self._found[room.name] = {name: self._stored(room.name, name) for name in names}
                with suppress(OSError):  # it has files
                    Path(room.path).rmdir()

    async def receive(self, upload_id: str, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        await asyncio.to_thread(self._prepare, UPLOADS)
        path = self.uploaded(upload_id)
        descriptor = await asyncio.to_thread(open_to_append, path, os.O_WRONLY | os.O_EXCL)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                return await _write(file, chunks)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def uploaded(self, upload_id: str) -> Path:
        return self._folder / UPLOADS / upload_id

    def small(self, upload_id: str) -> Path:
        return self._folder / UPLOADS / f"{upload_id}{SMALL}"

    async def replace(self, upload_id: str, remade: Path) -> None:
        await asyncio.to_thread(remade.replace, self.uploaded(upload_id))

    async def drop(self, upload_id: str) -> None:
        for path in (self.uploaded(upload_id), self.small(upload_id)):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    async def keep(self, upload_id: str, room_id: str, content: str) -> None:
        await asyncio.to_thread(self._keep, upload_id, room_id, content)
        self._found.setdefault(room_id, {})[content] = self._stored(room_id, content)

    def contents(self, room_id: str) -> Set[str]:
        return self._found.get(room_id, {}).keys()

    def find(self, room_id: str, content: str, *, small: bool = False) -> Path | None:
        if content not in self.contents(room_id):
            return None
        path = self._path(room_id, content, SMALL if small else "")
        return path if path.is_file() else None

    def oldest(self) -> tuple[str, str] | None:
        every = ((stored.at, room_id, name) for room_id, room in self._found.items() for name, stored in room.items())
        found = min(every, default=None)
        return found and found[1:]

    async def remove(self, room_id: str, contents: Collection[str]) -> None:
        known = self._found.get(room_id, {})
        await asyncio.to_thread(self._remove, room_id, contents)
        for content in contents:
            known.pop(content, None)

    def _prepare(self, name: str) -> None:
        if self._folder.is_symlink():
            raise OSError(errno.ELOOP, "it is a symbolic link", str(self._folder))
        is_new = not self._folder.exists()
        make_private_folder(self._folder)
        if is_new:
            sync_folder(self._folder.parent)
        if not (self._folder / name).exists():
            make_private_folder(self._folder / name)
            sync_folder(self._folder)

    def _keep(self, upload_id: str, room_id: str, content: str) -> None:
        self._prepare(room_id)
        for source, suffix in ((self.small(upload_id), SMALL), (self.uploaded(upload_id), "")):
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

    def _stored(self, room_id: str, content: str) -> _Stored:
        found = self._path(room_id, content).lstat()
        size = found.st_size
        with suppress(FileNotFoundError):
            size += self._path(room_id, content, SMALL).lstat().st_size
        return _Stored(size, found.st_mtime)


async def _write(file: RawIOBase, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
    digest, size, buffer = sha256(), 0, bytearray()
    async for chunk in chunks:
        buffer += chunk
        size += len(chunk)
        if len(buffer) >= BUFFER:
            await asyncio.to_thread(_write_part, file, digest, bytes(buffer))
            buffer.clear()
    await asyncio.to_thread(_write_part, file, digest, bytes(buffer))
    await asyncio.to_thread(os.fsync, file.fileno())
    return digest.hexdigest(), size


def _write_part(file: RawIOBase, digest: "HASH", data: bytes) -> None:
    digest.update(data)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]


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
