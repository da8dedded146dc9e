"""Previews of links as a use case: found after a message was posted, which they never delay."""

import asyncio
from contextlib import suppress
from dataclasses import replace

from chat.domain.errors import ChatError
from chat.domain.messages.message import Message
from chat.domain.people.people import People
from chat.previews.finder import Found, PreviewFinder
from chat.state import clock
from chat.state.files.files import FileService
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.rate_limits import ActionRateLimiter
from chat.state.rooms.room_loader import RoomLoader
from chat.storage.ending import end


class PreviewService:
    """Adds previews to messages; none without a `finder`."""

    def __init__(
        self,
        people: People,
        pipeline: EventPipeline,
        loader: RoomLoader,
        rates: ActionRateLimiter,
        *,
        files: FileService,
        finder: PreviewFinder | None,
    ) -> None:
        self._people = people
        self._pipeline = pipeline
        self._loader = loader
        self._rates = rates
        self._files = files
        self._finder = finder
        self._tasks: set[asyncio.Task[None]] = set()

    def look_for(self, message: Message, link: str) -> None:
        """Begin to look for the preview of a link in a message, unless its author posts many."""
        identifiers = self._people.moderation.identifiers_of(message.author)
        if self._finder and link and not self._rates.hit("preview", identifiers):
            task = asyncio.create_task(self._add(self._finder, message, link))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def close(self) -> None:
        """Cancel pending searches for previews."""
        await end(*self._tasks)
        if self._finder:
            await self._finder.close()

    async def _add(self, finder: PreviewFinder, message: Message, link: str) -> None:
        if found := await finder.find(link):
            with suppress(ChatError, OSError):  # the message or its room is gone, or the disk is full
                await self._show(found, message, link)

    async def _show(self, found: Found, message: Message, link: str) -> None:
        async with self._loader.use(message.room) as room, self._files.attach_picture(room, found.picture) as picture:
            preview = replace(found.preview, picture=picture)
            await self._pipeline.submit(room.conversation.add_preview(message.id, link, preview, clock.now()))
