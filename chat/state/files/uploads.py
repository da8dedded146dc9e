"""Uploads as a use case: files that members have sent, and not posted yet."""

import asyncio
import re
import time
from collections import Counter
from collections.abc import AsyncIterator, Collection, Iterator
from contextlib import aclosing, contextmanager, suppress
from dataclasses import replace
from uuid import uuid4

import structlog

from chat.domain.errors import FileRefused, TextRefused
from chat.domain.messages.attachment import Attachment, Upload, clean_file_name, extension_of
from chat.domain.people.people import People
from chat.media.file_types import file_type, with_extension_of
from chat.media.pictures import Picture, Pictures
from chat.media.signatures import claimed_format
from chat.state import clock
from chat.state.files.upload_limits import UploadLimits, UploadQuota, UploadsByPerson
from chat.state.rate_limits import ActionRateLimiter
from chat.state.rooms.room_access import RoomAccess
from chat.storage.file_store import FileStore, FilesUnreachable
from chat.storage.peers import Peers

EXPIRES_AFTER = 6 * 60 * 60.0  # seconds without its message
MAX_WAITING = 30  # uploads of a member and a browser; the oldest is dropped
AT_ONCE = 4  # of a member
NEARLY_FULL = 0.8  # of the limit

_ID = re.compile(r"[0-9a-f]{32}")

log = structlog.get_logger()


class UploadService:
    """Receives files. Without a `store`, it refuses them."""

    def __init__(
        self,
        people: People,
        room_access: RoomAccess,
        store: FileStore | None,
        limits: UploadLimits,
        *,
        rates: ActionRateLimiter,
        peers: Peers | None = None,
    ) -> None:
        self.limits = limits
        self._people = people
        self._room_access = room_access
        self._store = store
        self._rates = rates
        self.quota = UploadQuota(limits, peers)
        self.pictures = Pictures()
        self._waiting: dict[str, tuple[Upload, float]] = {}  # since when
        self._by_person = UploadsByPerson(MAX_WAITING)
        self._receiving: Counter[str] = Counter()

    @property
    def is_on(self) -> bool:
        return self._store is not None

    @property
    def is_nearly_full(self) -> bool:
        """Whether all files together take so much that the oldest will soon be removed."""
        return self._store is not None and self._store.total > NEARLY_FULL * self.limits.total

    @property
    def refusal(self) -> FileRefused:
        """Why there are no uploads: the operator wants none, or there is no place for them."""
        return FileRefused("uploads-off") if self.limits.are_off else FileRefused("uploads-homeless")

    async def close(self) -> None:
        await self.pictures.close()

    async def receive(self, member_id: str, room_id: object, name: object, chunks: AsyncIterator[bytes]) -> Upload:
        """Store a file for a message in this room.

        Raises `FileRefused`, `NotHere`, `RoomRefused`, `SpeechRefused`, `TextRefused`; then nothing is left of it.
        """
        if self._store is None:
            raise self.refusal
        async with self._room_access.enter(member_id, room_id, to_write=True) as room:
            room.check_can_post(self._people.member(member_id), clock.now())
            known = self._people.moderation.identifiers_of(member_id)
            if left := self._rates.hit("upload", known):
                raise TextRefused("too-fast", left=left)
            with self._turn(member_id):
                async with aclosing(self.quota.counted(chunks, known)) as counted:
                    upload = await self._receive(self._store, member_id, clean_file_name(name), counted)
        self._waiting[upload.id] = upload, time.monotonic()
        await self.drop(self._by_person.add(upload.id, known))
        log.info("file uploaded", member=member_id, type=upload.attachment.type, size=upload.attachment.size)
        return upload

    async def take_picture(self, picture: bytes) -> Upload | None:
        """Store a picture that no member sent; None if it isn't a picture, or can't be stored."""
        if self._store is None or not picture:
            return None
        try:
            upload = await self._receive(self._store, "", "picture", _single_chunk(picture))
        except FileRefused:
            return None
        self._waiting[upload.id] = upload, time.monotonic()
        if upload.attachment.is_picture:
            return upload
        await self.drop([upload.id])
        return None

    async def discard(self, member_id: str, upload_id: object) -> None:
        """Remove an upload that its sender doesn't want to attach."""
        with suppress(FilesUnreachable):  # it expires
            if found := await self.find(member_id, upload_id):
                await self.drop([found.id])

    async def find(self, member_id: str, upload_id: object) -> Upload | None:
        """Return a member's upload, which another process may have received. Raises `FilesUnreachable`."""
        if not isinstance(upload_id, str) or not _ID.fullmatch(upload_id) or self._store is None:
            return None
        found, _ = self._waiting.get(upload_id) or (await self._store.find_upload(upload_id), 0)
        return found if found and found.member_id == member_id else None

    async def drop(self, upload_ids: Collection[str]) -> None:
        """Remove uploads that are attached now, or no longer wanted."""
        for upload_id in upload_ids:
            self._waiting.pop(upload_id, None)
            self._by_person.discard(upload_id)
            if self._store:
                await self._store.drop_upload(upload_id)

    async def drop_expired(self) -> None:
        """Remove uploads that were not posted within hours."""
        oldest = time.monotonic() - EXPIRES_AFTER
        await self.drop([upload_id for upload_id, (_, since) in self._waiting.items() if since < oldest])

    async def _receive(self, store: FileStore, member_id: str, name: str, chunks: AsyncIterator[bytes]) -> Upload:
        upload_id = uuid4().hex
        try:
            content, size = await store.receive(upload_id, chunks)
            attachment = await self._examine(store, upload_id, Attachment(content, name, "", size))
            return await store.share_upload(Upload(upload_id, member_id, attachment))
        except FilesUnreachable:
            await store.drop_upload(upload_id)
            raise FileRefused("files-unreachable") from None
        except OSError as problem:
            await store.drop_upload(upload_id)
            log.error("upload can't be stored", problem=str(problem))
            raise FileRefused("storage-full") from None
        except BaseException:
            await store.drop_upload(upload_id)
            raise

    async def _examine(self, store: FileStore, upload_id: str, found: Attachment) -> Attachment:
        """Return the attachment with its type. A picture is made anew, without what it says of its camera."""
        if not found.size:
            raise FileRefused("file-empty")
        if picture := await self._remake(store, upload_id):
            name = with_extension_of(picture.type, found.name)
            return Attachment(
                picture.content, name, picture.type, picture.size, picture.width, picture.height,
                picture.placeholder, picture.is_animated,
            )  # fmt: skip
        path = store.upload_path(upload_id)
        return replace(found, type=await asyncio.to_thread(file_type, path, extension_of(found.name)))

    async def _remake(self, store: FileStore, upload_id: str) -> Picture | None:
        """Put a picture that is made anew in place of the upload, and a small one beside it; None if it is none."""
        path = store.upload_path(upload_id)
        if not await asyncio.to_thread(claimed_format, path):
            return None
        remade = path.with_name(f"{path.name}.remade")
        try:
            picture = await self.pictures.remake(path, remade, store.small_path(upload_id))
            if picture:
                await store.replace_upload(upload_id, remade)
            return picture
        finally:
            await asyncio.to_thread(remade.unlink, missing_ok=True)

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


async def _single_chunk(content: bytes) -> AsyncIterator[bytes]:
    yield content
