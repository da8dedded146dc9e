"""The operator's command `python main.py copy-files to-bucket` (or `to-folder`), for a chat that is stopped."""

import asyncio
from pathlib import Path

from chat.config.settings import Settings
from chat.domain.errors import StartupError
from chat.open_stores import IN_BUCKET
from chat.storage.json_files.disk.folder_lock import FolderLock


def copy_files(settings: Settings, direction: str) -> list[str]:
    """Copy the files that are missing there; return lines for the operator. Raises `StartupError`."""
    if settings.files_url is None:
        raise StartupError("CHAT_FILES_URL: copying needs the address of the bucket, in both directions")
    folder = settings.data_dir.resolve()
    lock = FolderLock(folder)
    lock.acquire()
    try:
        copied = asyncio.run(_copy(settings.files_url.get_secret_value(), folder, direction))
    except OSError as problem:
        raise StartupError(f"{direction}: {problem}. Run it again: what was copied stays.") from None
    finally:
        lock.release()
    return [f"Copied {direction}: {copied} files. Those that were there already stay as they are."]


async def _copy(url: str, folder: Path, direction: str) -> int:
    from chat.storage.bucket.connection import Bucket  # noqa: PLC0415 - only this needs obstore
    from chat.storage.bucket.copying import copy_to_bucket, copy_to_folder  # noqa: PLC0415
    from chat.storage.bucket.url import parse_bucket_url  # noqa: PLC0415

    copied = 0
    for name, within in IN_BUCKET.items():
        bucket, files = Bucket.at(parse_bucket_url(url).within(within)), folder / name
        bucket.verify()
        copied += await (copy_to_bucket(files, bucket) if direction == "to-bucket" else copy_to_folder(bucket, files))
    return copied
