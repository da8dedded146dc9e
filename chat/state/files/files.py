"""The files of messages as a use case: attached when a message is posted, and found again to be read."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import replace

import structlog

from chat.domain.errors import FileRefused, MessageRefused
from chat.domain.messages.attachment import ATTACHMENTS_LIMIT, Attachment, Upload, clean_alt
from chat.domain.rooms.room import Room
from chat.state.files.file_cleanup import FileCleanup
from chat.state.files.uploads import UploadService
from chat.state.rooms.room_access import RoomAccess
from chat.storage.file_store import FileStore, FilesUnreachable, StoredFile

Wanted = Sequence[tuple[str, str]]
"""The ids of uploads, each with the description of the picture."""

log = structlog.get_logger()


class FileService:
    """Attaches uploads to messages, and opens the files of messages."""

    def __init__(
        self, room_access: RoomAccess, uploads: UploadService, store: FileStore | None, cleanup: FileCleanup
    ) -> None:
        self._room_access = room_access
        self._uploads = uploads
        self._store = store
        self._cleanup = cleanup

    @asynccontextmanager
    async def attach(self, member_id: str, room: Room, wanted: Wanted) -> AsyncIterator[tuple[Attachment, ...]]:
        """Make uploads durably files of a room, for a message that is posted meanwhile.

        If that fails, they wait for the next attempt. Raises `FileRefused`.
        """
        if not wanted or self._store is None:
            yield ()
            return
        if len(wanted) > ATTACHMENTS_LIMIT:
            raise FileRefused("files-too-many", limit=ATTACHMENTS_LIMIT)
        uploads = [await self._find(member_id, upload_id) for upload_id, _ in wanted]
        async with self._attached(self._store, room, uploads):
            yield tuple(_described(upload, alt) for upload, (_, alt) in zip(uploads, wanted, strict=True))

    @asynccontextmanager
    async def attach_picture(self, room: Room, picture: bytes) -> AsyncIterator[Attachment | None]:
        """Attach a picture that no member sent; None if it isn't a picture. Raises `FileRefused`."""
        upload = await self._uploads.take_picture(picture)
        if upload is None or self._store is None:
            yield None
            return
        try:
            async with self._attached(self._store, room, [upload]):
                yield upload.attachment
        finally:
            await self._uploads.drop([upload.id])

    async def open(
        self, member_id: str, room_id: object, message_id: str, position: int, *, small: bool = False
    ) -> tuple[Attachment, StoredFile]:
        """Return a file of a message in a room that the member may see.

        Raises `RoomRefused`, `MessageRefused`, `FilesUnreachable`.
        """
        async with self._room_access.view(member_id, room_id) as room:
            message = room.conversation.history.get(message_id)
            if message is None or not 0 <= position < len(message.files) or self._store is None:
                raise MessageRefused("message-gone")
            attachment = message.files[position]
            file = await self._store.find(room.id, attachment.content, small=small)
            if file is None:
                raise MessageRefused("message-gone")
            return attachment, file

    async def find(self, room: Room, content: str) -> StoredFile | None:
        """Return a file of a room that was entered, None once it was removed. Raises `FilesUnreachable`."""
        return await self._store.find(room.id, content) if self._store else None

    @asynccontextmanager
    async def _attached(self, store: FileStore, room: Room, uploads: Sequence[Upload]) -> AsyncIterator[None]:
        async with self._cleanup.hold(room.id, [upload.attachment.content for upload in uploads]):
            for upload in uploads:
                await self._keep(store, upload, room.id)
            yield
            await self._uploads.drop([upload.id for upload in uploads])
        self._cleanup.make_room()

    async def _find(self, member_id: str, upload_id: str) -> Upload:
        try:
            upload = await self._uploads.find(member_id, upload_id)
        except FilesUnreachable:
            raise FileRefused("files-unreachable") from None
        if upload is None:
            raise FileRefused("file-gone")
        return upload

    async def _keep(self, store: FileStore, upload: Upload, room_id: str) -> None:
        try:
            await store.keep(upload.id, room_id, upload.attachment.content)
        except FileNotFoundError:
            raise FileRefused("file-gone") from None
        except FilesUnreachable:
            raise FileRefused("files-unreachable") from None
        except OSError as problem:
            log.error("file can't be stored", room=room_id, problem=str(problem))
            raise FileRefused("storage-full") from None


def _described(upload: Upload, alt: str) -> Attachment:
    return replace(upload.attachment, alt=clean_alt(alt) if upload.attachment.is_picture else "")
