"""Avatars as a use case: pictures that people choose, and that they or a moderator remove.

Those of account holders stay; those of guests are kept while they are here.
"""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import aclosing, contextmanager, suppress
from uuid import uuid4

import structlog

from chat.domain.accounts.events import AccountDeleted, AvatarChanged
from chat.domain.errors import FileRefused, TextRefused
from chat.domain.messages.attachment import Attachment, Upload
from chat.domain.people.avatars import change_picture
from chat.domain.people.events import MemberLeft
from chat.domain.people.people import People
from chat.media.pictures import MIDDLE, Crop
from chat.media.signatures import claimed_format
from chat.state import clock
from chat.state.files.uploads import UploadService
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import ActionRateLimiter
from chat.storage.file_store import FileStore, FilesUnreachable, StoredFile

log = structlog.get_logger()


class AvatarService:
    """Keeps exactly the current picture of each person. Without a `store`, there are none."""

    def __init__(
        self,
        people: People,
        pipeline: EventPipeline,
        store: FileStore | None,
        uploads: UploadService,
        rates: ActionRateLimiter,
    ) -> None:
        people.shows_pictures = store is not None
        self._people = people
        self._pipeline = pipeline
        self._store = store
        self._uploads = uploads
        self._rates = rates
        self._choosing: set[str] = set()
        self._lock = asyncio.Lock()  # a picture is not removed while it is chosen again

    @property
    def is_on(self) -> bool:
        return self._store is not None

    async def choose(self, member_id: str, chunks: AsyncIterator[bytes], crop: Crop = MIDDLE) -> None:
        """Make a square of what comes in the member's picture, durably if they have an account.

        Raises `FileRefused`, `NotAllowed`, `NotHere`, `SpeechRefused`, `TextRefused`, `AccountsUnwritable`; then
        nothing is left of it.
        """
        if self._store is None:
            raise self._uploads.refusal
        self._decide(member_id, "any")  # refused before anything is received
        known = self._people.moderation.identifiers_of(member_id)
        if left := self._rates.hit("picture", known):
            raise TextRefused("too-fast", left=left)
        with self._turn(member_id):
            try:
                async with aclosing(self._uploads.quota.counted(chunks, known)) as counted:
                    await self._choose(self._store, member_id, counted, crop)
            except FilesUnreachable:
                raise FileRefused("files-unreachable") from None
            except OSError as problem:
                log.error("picture can't be stored", member=member_id, problem=str(problem))
                raise FileRefused("storage-full") from None
            finally:
                await self._remove(member_id)

    async def remove(self, member_id: str) -> None:
        """Remove the member's picture; raises `NotAllowed`, `NotHere`, `AccountsUnwritable`."""
        await self._pipeline.decide(lambda: self._decide(member_id, ""))

    def kept(self, member_id: str) -> str:
        """Return the picture of a guest who comes back after a restart, or an empty text."""
        picture = self._store.newest(member_id) if self._store else ""
        if self._store and picture:
            self._store.note(member_id, [_attachment(picture)])  # it goes with them
        return picture

    async def find(self, member_id: str, beginning: str) -> StoredFile | None:
        """Return the picture of a person if its hash has this `beginning`. Raises `FilesUnreachable`."""
        picture = self._people.avatar_of(member_id).picture
        if not self._store or not picture or not picture.startswith(beginning):
            return None
        return await self._store.find(member_id, picture)

    def follow(self, event: AvatarChanged | AccountDeleted | MemberLeft) -> None:
        """Remove the former picture of a person."""
        member_id = event.account.id if isinstance(event, AccountDeleted) else event.member_id
        if self._store and isinstance(event, AvatarChanged) and event.picture:
            self._store.note(member_id, [_attachment(event.picture)])  # another process may have stored it
        if self._store and self._store.contents(member_id):
            self._pipeline.start(self._remove(member_id))

    async def remove_unused(self) -> None:
        """Remove the pictures of people who are gone, and those that a crash left."""
        if not await self._refresh():
            return
        for member_id in self._owners():
            await self._remove(member_id)

    async def start(self) -> None:
        """Show guests who were back before this knew their pictures; remove unused ones of account holders.

        Those of guests stay, who may come back.
        """
        if not await self._refresh():
            return
        for member_id in self._owners():
            member = self._people.members.get(member_id)
            if self._people.accounts.get(member_id):
                await self._remove(member_id)
            elif member and not member.picture:
                change = AvatarChanged(member.ref, member.ref, clock.now(), self.kept(member_id))
                self._pipeline.apply_and_publish(change)

    async def _choose(self, store: FileStore, member_id: str, chunks: AsyncIterator[bytes], crop: Crop) -> None:
        upload_id = uuid4().hex
        try:
            attachment = await self._receive(store, upload_id, chunks, crop)
            attachment = (await store.share_upload(Upload(upload_id, member_id, attachment))).attachment
            picture = attachment.content
            async with self._lock:
                await store.keep(upload_id, member_id, picture)
                await self._pipeline.decide(lambda: self._decide(member_id, picture))
        finally:
            await store.drop_upload(upload_id)

    async def _refresh(self) -> bool:
        """Find out which pictures there are; tell whether that is known."""
        if self._store:
            with suppress(OSError):  # logged by the store
                await self._store.refresh()
                return True
        return False

    async def _receive(self, store: FileStore, upload_id: str, chunks: AsyncIterator[bytes], crop: Crop) -> Attachment:
        """Store an upload as a picture of a person."""
        await store.receive(upload_id, chunks)
        path = store.upload_path(upload_id)
        square = path.with_name(f"{path.name}.remade")
        try:
            claimed = await asyncio.to_thread(claimed_format, path)
            picture = await self._uploads.pictures.make_square(path, square, crop) if claimed else None
            if picture is None:
                raise FileRefused("picture-unknown")
            await store.replace_upload(upload_id, square)
        finally:
            await asyncio.to_thread(square.unlink, missing_ok=True)
        return _attachment(picture.content, picture.size)

    def _decide(self, member_id: str, picture: str) -> AvatarChanged:
        member = self._people.member(member_id)
        return change_picture(self._people.moderation, member, picture, clock.now())

    @contextmanager
    def _turn(self, member_id: str) -> Iterator[None]:
        if member_id in self._choosing:
            raise TextRefused("too-fast", left=1)
        self._choosing.add(member_id)
        try:
            yield
        finally:
            self._choosing.discard(member_id)

    def _owners(self) -> list[str]:
        return list(self._store.rooms) if self._store else []

    async def _remove(self, member_id: str) -> None:
        """Remove all pictures of a person but the one they show."""
        if self._store is None:
            return
        async with self._lock:
            unused = self._store.contents(member_id) - {self._people.avatar_of(member_id).picture}
            try:
                await self._store.remove(member_id, unused)
            except OSError as problem:
                log.error("pictures can't be removed", member=member_id, problem=str(problem))


def _attachment(picture: str, size: int = 0) -> Attachment:
    return Attachment(picture, "", "image/webp", size)
