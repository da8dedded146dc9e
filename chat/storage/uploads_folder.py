"""The folder of uploads, where files are received and examined before a message has them."""

import asyncio
import errno
import os
import shutil
from collections.abc import AsyncIterator
from contextlib import suppress
from hashlib import sha256
from io import RawIOBase
from pathlib import Path
from typing import TYPE_CHECKING

from chat.storage.json_files.disk.disk import make_private_folder, open_to_append, sync_folder

if TYPE_CHECKING:
    from hashlib import _Hash

UPLOADS = "uploads"  # no room's id
SMALL = ".small"
BUFFER = 512_000  # bytes that are written at once


class UploadsFolder:
    """Uploads in a folder below `folder`, both of which are created with the first of them."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def receive(self, upload_id: str, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        await asyncio.to_thread(self._prepare, UPLOADS)
        path = self.upload_path(upload_id)
        descriptor = await asyncio.to_thread(open_to_append, path, os.O_WRONLY | os.O_EXCL)
        try:
            with os.fdopen(descriptor, "wb", buffering=0) as file:
                return await _write(file, chunks)
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def upload_path(self, upload_id: str) -> Path:
        return self._folder / UPLOADS / upload_id

    def small_path(self, upload_id: str) -> Path:
        return self._folder / UPLOADS / f"{upload_id}{SMALL}"

    async def replace_upload(self, upload_id: str, remade: Path) -> None:
        await asyncio.to_thread(remade.replace, self.upload_path(upload_id))

    async def drop_upload(self, upload_id: str) -> None:
        for path in (self.upload_path(upload_id), self.small_path(upload_id)):
            await asyncio.to_thread(path.unlink, missing_ok=True)

    def _drop_all(self) -> None:
        with suppress(FileNotFoundError):
            shutil.rmtree(self._folder / UPLOADS)

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


async def _write(file: RawIOBase, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
    digest, size, written = sha256(), 0, 0
    buffer: list[bytes] = []
    async for chunk in chunks:
        buffer.append(chunk)
        size += len(chunk)
        if size - written >= BUFFER:
            written = size
            await asyncio.to_thread(_write_part, file, digest, buffer)
            buffer = []
    await asyncio.to_thread(_write_part, file, digest, buffer)
    await asyncio.to_thread(os.fsync, file.fileno())
    return digest.hexdigest(), size


def _write_part(file: RawIOBase, digest: "_Hash", chunks: list[bytes]) -> None:
    data = b"".join(chunks)
    digest.update(data)
    rest = memoryview(data)
    while rest:
        rest = rest[file.write(rest) or 0 :]
