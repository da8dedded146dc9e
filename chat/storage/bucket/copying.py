"""Copying files of messages from the folder into the bucket, and back."""

import os
from pathlib import Path

from chat.storage.bucket.connection import Bucket
from chat.storage.bucket.files import BLOCK, FILE_OF_ROOM
from chat.storage.json_files.disk.disk import make_private_folder, sync_folder


async def copy_to_bucket(folder: Path, bucket: Bucket) -> int:
    """Copy missing objects, and return their number. Raises `FilesUnreachable`."""
    stored = {path: size async for path, size, _ in bucket.every()}
    missing = {path: file for path, file in _files_of_rooms(folder).items() if stored.get(path) != file.stat().st_size}
    for path, file in missing.items():
        await bucket.put(path, file)
    return len(missing)


async def copy_to_folder(bucket: Bucket, folder: Path) -> int:
    """Copy missing files, and return their number. Raises `OSError`, such as `FilesUnreachable`."""
    copied = 0
    present = {path: file.stat().st_size for path, file in _files_of_rooms(folder).items()}
    async for path, size, at in bucket.every():
        if FILE_OF_ROOM.fullmatch(path) and present.get(path) != size:
            await _fetch(bucket, path, size, folder / path)
            os.utime(folder / path, (at, at))
            copied += 1
    return copied


def _files_of_rooms(folder: Path) -> dict[str, Path]:
    found = {f"{file.parent.name}/{file.name}": file for file in sorted(folder.glob("*/*")) if file.is_file()}
    return {path: file for path, file in found.items() if FILE_OF_ROOM.fullmatch(path)}


async def _fetch(bucket: Bucket, path: str, size: int, file: Path) -> None:
    for parent in (file.parent.parent, file.parent):
        make_private_folder(parent)
    part = file.with_name(f"{file.name}.part")
    with part.open("wb", buffering=0) as out:
        for start in range(0, size, BLOCK):
            out.write(await bucket.read(path, slice(start, min(start + BLOCK, size))))
        os.fsync(out.fileno())
    part.replace(file)
    sync_folder(file.parent)
