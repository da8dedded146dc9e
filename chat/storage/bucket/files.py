"""The files of a chat in a bucket, named like those in the folder; for several processes, or without a disk."""

import asyncio
import re
import time
from collections.abc import AsyncIterator, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

import structlog
from cachetools import LRUCache
from pydantic import TypeAdapter

from chat.domain.messages.attachment import Attachment, Upload
from chat.storage.bucket.connection import Bucket
from chat.storage.bucket.url import parse_bucket_url
from chat.storage.file_index import FileIndex, StoredSize
from chat.storage.file_store import FilesUnreachable
from chat.storage.uploads_folder import SMALL, UPLOADS, UploadsFolder

DESCRIPTION = ".json"
DESCRIPTION_LIMIT = 100_000  # bytes
BLOCK = 1_000_000  # bytes that are read at once
CHUNK = 64_000  # bytes that are handed on at once
IN_PROGRESS = 60 * 60.0  # seconds for which a file may be that of a message which another process is posting
ABANDONED = 12 * 60 * 60.0  # seconds after which no message comes for an upload
MAX_REMEMBERED = 10_000

log = structlog.get_logger()

_UPLOAD = TypeAdapter(Upload)
FILE_OF_ROOM = re.compile(rf"([a-z0-9-]{{1,40}})/([0-9a-f]{{64}})(?:{re.escape(SMALL)})?")
_OF_UPLOAD = re.compile(rf"{UPLOADS}/[0-9a-f]{{32}}(?:\.\w+)?")


class FilesBucket(UploadsFolder, FileIndex):
    """Files in a bucket; uploads are examined in a folder first.

    Each upload has its own name there, even if its content is the same as another's: one process may be deleting what
    another one stores. A file that isn't known to be of a message counts once it is an hour old.
    """

    def __init__(self, bucket: Bucket, folder: Path) -> None:
        UploadsFolder.__init__(self, folder)
        FileIndex.__init__(self)
        self._bucket = bucket
        self._new: dict[str, dict[str, StoredSize]] = {}
        self._sizes: LRUCache[str, int] = LRUCache(MAX_REMEMBERED)

    @classmethod
    def at(cls, url: str, folder: Path, within: str = "") -> "FilesBucket":
        """Return the files in a bucket, or in the folder `within` it."""
        return cls(Bucket.at(parse_bucket_url(url).within(within)), folder)

    @property
    def rooms(self) -> list[str]:
        return list({*super().rooms, *(room_id for room_id, files in self._new.items() if files)})

    def open(self) -> None:
        """Raises `StartupError`."""
        self._drop_all()
        if any(self._folder.glob("*/*")):
            log.warning("files in the folder aren't used; `copy-files to-bucket` copies them", folder=str(self._folder))
        self._bucket.verify()

    async def receive(self, upload_id: str, chunks: AsyncIterator[bytes]) -> tuple[str, int]:
        await self._bucket.check()
        return await super().receive(upload_id, chunks)

    async def share_upload(self, upload: Upload) -> Upload:
        name = sha256(f"{upload.attachment.content} {upload.id}".encode()).hexdigest()
        shared = replace(upload, attachment=replace(upload.attachment, content=name))
        if upload.attachment.is_picture:
            await self._bucket.put(_uploaded(upload.id, SMALL), self.small_path(upload.id))
        await self._bucket.put(_uploaded(upload.id), self.upload_path(upload.id))
        await self._bucket.put(_uploaded(upload.id, DESCRIPTION), _UPLOAD.dump_json(shared))
        await super().drop_upload(upload.id)
        return shared

    async def find_upload(self, upload_id: str) -> Upload | None:
        try:
            return _UPLOAD.validate_json(
                await self._bucket.read(_uploaded(upload_id, DESCRIPTION), slice(0, DESCRIPTION_LIMIT))
            )
        except (FileNotFoundError, ValueError):
            return None

    async def drop_upload(self, upload_id: str) -> None:
        await super().drop_upload(upload_id)
        with suppress(FilesUnreachable):  # `refresh` removes it
            await self._bucket.delete([_uploaded(upload_id, suffix) for suffix in (DESCRIPTION, "", SMALL)])

    async def keep(self, upload_id: str, room_id: str, content: str) -> None:
        await asyncio.gather(
            self._bucket.copy(_uploaded(upload_id), f"{room_id}/{content}"),
            self._copy_small(upload_id, room_id, content),
        )

    def note(self, room_id: str, attachments: Iterable[Attachment]) -> None:
        known, new = self._found.setdefault(room_id, {}), self._new.get(room_id, {})
        for attachment in attachments:
            if attachment.content and attachment.content not in known:
                listed = new.pop(attachment.content, None)
                known[attachment.content] = listed or StoredSize(attachment.size, time.time())

    async def refresh(self) -> None:
        begun, abandoned = time.time(), list[str]()
        found: dict[str, dict[str, StoredSize]] = {}
        async for path, size, at in self._bucket.every():
            if ours := FILE_OF_ROOM.fullmatch(path):
                room_id, content = ours.groups()
                before = found.setdefault(room_id, {}).get(content, StoredSize(0, at))
                found[room_id][content] = StoredSize(before.size + size, min(before.at, at))
            elif _OF_UPLOAD.fullmatch(path) and at < begun - ABANDONED:
                abandoned.append(path)
        self._replace_index(found, begun)
        if abandoned:
            await self._bucket.delete(abandoned)

    async def find(self, room_id: str, content: str, *, small: bool = False) -> "BucketFile | None":
        path = f"{room_id}/{content}{SMALL if small else ''}"
        if path not in self._sizes:
            try:
                self._sizes[path] = await self._bucket.size(path)
            except FileNotFoundError:
                return None
        return BucketFile(self._bucket, path, self._sizes[path])

    async def remove(self, room_id: str, contents: Collection[str]) -> None:
        paths = [f"{room_id}/{content}{suffix}" for content in contents for suffix in (SMALL, "")]
        if paths:
            await self._bucket.delete(paths)
        self._forget(room_id, contents)
        for path in paths:
            self._sizes.pop(path, None)

    def _every(self, room_id: str) -> dict[str, StoredSize]:
        return super()._every(room_id) | self._new.get(room_id, {})

    async def _copy_small(self, upload_id: str, room_id: str, content: str) -> None:
        with suppress(FileNotFoundError):  # it is no picture
            await self._bucket.copy(_uploaded(upload_id, SMALL), f"{room_id}/{content}{SMALL}")

    def _replace_index(self, found: dict[str, dict[str, StoredSize]], begun: float) -> None:
        """Replace the index by what was found, except for files that were added since."""
        former, self._found, self._new = self._found, {}, {}
        for room_id, files in found.items():
            known = former.get(room_id, {})
            for content, stored in files.items():
                is_known = content in known or stored.at < begun - IN_PROGRESS
                (self._found if is_known else self._new).setdefault(room_id, {})[content] = stored
        for room_id, known in former.items():
            later = {content: stored for content, stored in known.items() if stored.at >= begun}
            self._found[room_id] = later | self._found.get(room_id, {})


@dataclass(frozen=True, slots=True)
class BucketFile:
    """A file in the bucket, to be read block by block: a slow reader doesn't occupy a connection."""

    bucket: Bucket
    path: str
    size: int

    async def read(self, part: slice) -> AsyncIterator[bytes]:
        for start in range(part.start, part.stop, BLOCK):
            block = await self.bucket.read(self.path, slice(start, min(start + BLOCK, part.stop)))
            for at in range(0, len(block), CHUNK):
                yield block[at : at + CHUNK]


def _uploaded(upload_id: str, suffix: str = "") -> str:
    return f"{UPLOADS}/{upload_id}{suffix}"
