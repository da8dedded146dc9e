"""Uploads as a use case: files that members have sent, and that no message has yet."""

import asyncio
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from uuid import uuid4

import structlog

from chat.domain.errors import FileRefused, TextRefused
from chat.domain.messages.attachment import Attachment, clean_file_name, extension_of, with_extension
from chat.domain.people.people import People
from chat.media.file_types import file_type, may_be_picture, usual_extension
from chat.media.pictures import Pictures
from chat.state import clock
from chat.state.door import RoomDoor
from chat.state.rate_limits import ActionRateLimiter
from chat.state.upload_limits import UploadLimits, UploadQuota
from chat.storage.base import FileStore

KEPT = 6 * 60 * 60.0  # seconds for which an upload waits for its message
MAX_WAITING = 30  # uploads of a member; the oldest ends
AT_ONCE = 4  # of a member

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Upload:
    """A file that its sender may attach to a message."""

    id: str
    member_id: str
    attachment: Attachment
    at: float


class UploadService:
    """Receives files. Without a `store`, it refuses them."""

    def __init__(
        self, people: People, door: RoomDoor, store: FileStore | None, limits: UploadLimits, rates: ActionRateLimiter
    ) -> None:
        self.limits = limits
        self._people = people
        self._door = door
        self._store = store
        self._rates = rates
        self.quota = UploadQuota(limits)
        self.pictures = Pictures()
        self._waiting: dict[str, Upload] = {}
        self._receiving: Counter[str] = Counter()

    @property
    def is_on(self) -> bool:
        return self._store is not None

    async def receive(self, member_id: str, room_id: object, name: object, chunks: AsyncIterator[bytes]) -> Upload:
        """Store a file for a message in this room.

        Raises `FileRefused`, `NotHere`, `RoomRefused`, `SpeechRefused`, `TextRefused`; then nothing is left of it.
        """
        if self._store is None:
            raise FileRefused("uploads-off")
        async with self._door.enter(member_id, room_id, to_write=True) as room:
            room.check_can_post(self._people.member(member_id), clock.now())
            known = self._people.moderation.identifiers_of(member_id)
            if left := self._rates.hit("upload", known):
                raise TextRefused("too-fast", left=left)
            with self._turn(member_id):
                upload = await self._receive(
                    self._store, member_id, clean_file_name(name), self.quota.counted(chunks, known)
                )
        await self._drop_old(member_id)
        self._waiting[upload.id] = upload
        log.info("file uploaded", member=member_id, type=upload.attachment.type, size=upload.attachment.size)
        return upload

    async def discard(self, member_id: str, upload_id: object) -> None:
        """Remove an upload that its sender doesn't want to attach."""
        if self.find(member_id, upload_id):
            await self.drop([str(upload_id)])

    def find(self, member_id: str, upload_id: object) -> Upload | None:
        found = self._waiting.get(upload_id) if isinstance(upload_id, str) else None
        return found if found and found.member_id == member_id else None

    async def drop(self, upload_ids: Collection[str]) -> None:
        """Remove uploads that are attached now, or that nobody wants."""
        for upload_id in upload_ids:
            if self._waiting.pop(upload_id, None) and self._store:
                await self._store.drop(upload_id)

    async def drop_expired(self) -> None:
        """Remove uploads that wait for hours."""
        oldest = time.monotonic() - KEPT
        await self.drop([upload.id for upload in self._waiting.values() if upload.at < oldest])

    async def _receive(self, store: FileStore, member_id: str, name: str, chunks: AsyncIterator[bytes]) -> Upload:
        upload_id = uuid4().hex
        try:
            content, size = await store.receive(upload_id, chunks)
            attachment = await self._examine(store, upload_id, Attachment(content, name, "", size))
        except OSError as problem:
            await store.drop(upload_id)
            log.error("upload can't be stored", problem=str(problem))
            raise FileRefused("storage-full") from None
        except BaseException:
            await store.drop(upload_id)
            raise
        return Upload(upload_id, member_id, attachment, time.monotonic())

    async def _examine(self, store: FileStore, upload_id: str, found: Attachment) -> Attachment:
        if not found.size:
            raise FileRefused("file-empty")
        path = store.uploaded(upload_id)
        if await asyncio.to_thread(may_be_picture, path):
            remade = path.with_name(f"{path.name}.remade")
            try:
                picture = await self.pictures.remake(path, remade, store.small(upload_id))
                if picture:
                    await store.replace(upload_id, remade)
            finally:
                await asyncio.to_thread(remade.unlink, missing_ok=True)
            if picture:
                name = found.name
                if usual_extension(picture.type) not in _alike(name):
                    name = with_extension(name, usual_extension(picture.type))
                return Attachment(
                    picture.content, name, picture.type, picture.size, picture.width, picture.height,
                    picture.placeholder, picture.is_animated,
                )  # fmt: skip
        return replace(found, type=await asyncio.to_thread(file_type, path, extension_of(found.name)))

    @contextmanager
    def _turn(self, member_id: str) -> Iterator[None]:
        if self._receiving[member_id] >= AT_ONCE:
            raise TextRefused("too-fast", left=1)
        self._receiving[member_id] += 1
        try:
            yield
        finally:
            self._receiving[member_id] -= 1
            if not self._receiving[member_id]:
                del self._receiving[member_id]

    async def _drop_old(self, member_id: str) -> None:
        own = [upload.id for upload in self._waiting.values() if upload.member_id == member_id]
        await self.drop(own[: max(0, len(own) + 1 - MAX_WAITING)])


def _alike(name: str) -> set[str]:
    extension = extension_of(name).lower()
    return {extension, ".jpg" if extension in {".jpeg", ".jfif", ".jpe"} else extension}
