"""The files of messages as a use case: attached when a message is posted, and gone with it."""

import math
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog

from chat.domain.errors import ChatError, FileRefused, MessageRefused, RoomRefused
from chat.domain.events import Event
from chat.domain.messages.attachment import ATTACHMENTS_LIMIT, Attachment, Upload, clean_alt
from chat.domain.messages.events import MessagePosted, PreviewAdded
from chat.domain.messages.message import Message
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.events import RoomDeleted
from chat.domain.rooms.reloads import HistoryReloaded
from chat.domain.rooms.room import Room
from chat.state import clock
from chat.state.files.uploads import UploadService
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rooms.door import RoomDoor
from chat.state.rooms.room_loader import RoomLoader
from chat.storage.file_store import FileStore, FilesUnreachable, StoredFile

Wanted = Sequence[tuple[str, str]]
"""The ids of uploads, each with the description of the picture."""

START_INTERVAL = 6 * 60 * 60.0  # seconds

log = structlog.get_logger()


class FileService:
    """Keeps files exactly as long as a message of their room has them."""

    def __init__(
        self,
        state: ChatState,
        pipeline: EventPipeline,
        loader: RoomLoader,
        door: RoomDoor,
        *,
        uploads: UploadService,
        store: FileStore | None,
    ) -> None:
        self._state = state
        self._pipeline = pipeline
        self._loader = loader
        self._door = door
        self._uploads = uploads
        self._store = store
        self._held: Counter[tuple[str, str]] = Counter()
        self._is_making_room = False
        self._next_start = math.inf

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
        """Do the same with a picture that no member sent; None if it is none. Raises `FileRefused`."""
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
        async with self._door.look_into(member_id, room_id) as room:
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

    async def remove_all_of(self, member_id: str) -> None:
        """Remove the files of a member's messages in all rooms. Raises `HistoryUnwritable`, `RoomRefused`."""
        for room_id in list(self._store.rooms) if self._store else []:
            with suppress(RoomRefused):  # it ended
                async with self._loader.visit(room_id) as room:
                    await self._take_off(room, lambda message: message.author == member_id)

    async def start(self) -> None:
        """Remove what a process left that ended: files that no message has."""
        if self._store is None:
            return
        self._next_start = time.monotonic() + START_INTERVAL
        try:
            await self._store.refresh()
        except OSError:  # logged by the store
            self._next_start = 0
            return
        with ThreadPoolExecutor(1) as executor:
            for room_id in list(self._store.rooms):
                if self._state.directory.get(room_id) is None:
                    await self._remove(room_id, set(self._store.contents(room_id)))
                    continue
                before = set(self._store.contents(room_id))
                with suppress(ChatError):  # what can't be read keeps its files
                    messages = await self._loader.messages(room_id, executor)
                    self._note(room_id, messages)
                    used = {content for message in messages for content in message.contents}
                    await self._remove(room_id, before - used - self._in_use(room_id))

    async def tidy(self) -> None:
        """Do the same again every few hours, and soon where it failed."""
        if time.monotonic() >= self._next_start:
            await self.start()

    def follow(self, event: Event) -> None:
        """Note the files of new messages, and remove those of messages that are gone."""
        room_id: str = getattr(event, "room_id", "")
        if isinstance(event, MessagePosted):
            self._note(room_id, [event.message])
        elif isinstance(event, HistoryReloaded):
            self._note(room_id, event.history)
        elif isinstance(event, PreviewAdded) and event.preview.picture and self._store:
            self._store.note(room_id, [event.preview.picture])
        if self._store and self._store.contents(room_id):
            if isinstance(event, RoomDeleted):
                self._pipeline.start(self._remove(room_id, set(self._store.contents(room_id))))
            elif self._unused(room_id):
                self._pipeline.start(self._remove_unused(room_id))

    @asynccontextmanager
    async def _attached(self, store: FileStore, room: Room, uploads: Sequence[Upload]) -> AsyncIterator[None]:
        held = [(room.id, upload.attachment.content) for upload in uploads]
        self._held.update(held)
        try:
            for upload in uploads:
                await self._keep(store, upload, room.id)
            yield
            await self._uploads.drop([upload.id for upload in uploads])
        finally:
            self._held -= Counter(held)
            await self._remove_unused(room.id)
        if not self._is_making_room and store.total > self._uploads.limits.total:
            self._pipeline.start(self._make_room(store))

    async def _take_off(self, room: Room, is_meant: Callable[[Message], bool]) -> None:
        """Take the files off messages; `follow` removes them then."""
        found = [message for message in room.conversation.history if message.contents and is_meant(message)]
        if found:
            await self._pipeline.submit(room.conversation.remove_files(found, clock.now()))

    def _note(self, room_id: str, messages: Iterable[Message]) -> None:
        if self._store:
            self._store.note(room_id, (file for message in messages for file in message.files))

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

    def _unused(self, room_id: str) -> set[str]:
        if self._store is None or room_id not in self._state.rooms:
            return set()
        return set(self._store.contents(room_id) - self._in_use(room_id))

    def _in_use(self, room_id: str) -> set[str]:
        """Return the files of messages in a room, if it is loaded, and of those that are being posted."""
        room = self._state.rooms.get(room_id)
        held = {content for where, content in self._held if where == room_id}
        return held | room.conversation.history.contents if room else held

    async def _remove_unused(self, room_id: str) -> None:
        await self._remove(room_id, self._unused(room_id))

    async def _remove(self, room_id: str, contents: set[str]) -> None:
        if not contents or self._store is None:
            return
        try:
            await self._store.remove(room_id, contents)
        except OSError as problem:
            self._next_start = 0
            log.error("files can't be removed", room=room_id, problem=str(problem))
        else:
            log.info("files removed", room=room_id, files=len(contents))

    async def _make_room(self, store: FileStore) -> None:
        """Remove the oldest files until all fit."""
        self._is_making_room = True
        try:
            while store.total > self._uploads.limits.total and (oldest := store.oldest()):
                room_id, content = oldest
                async with self._loader.visit(room_id) as room:
                    await self._take_off(room, lambda message: content in message.contents)  # noqa: B023 - at once
                    await self._remove(room_id, {content})
        finally:
            self._is_making_room = False


def _described(upload: Upload, alt: str) -> Attachment:
    return replace(upload.attachment, alt=clean_alt(alt) if upload.attachment.is_picture else "")
