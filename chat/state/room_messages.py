"""Posts, edits, deletions and reactions in one room. Callers have passed its door."""

import structlog

from chat.domain.commands.parser import parse, unescape
from chat.domain.errors import ChatError, TextRefused
from chat.domain.messages.events import MessagePosted
from chat.domain.rooms.room import Room
from chat.state import clock
from chat.state.event_pipeline import EventPipeline
from chat.state.moderation import ModerationService
from chat.state.previews import PreviewService
from chat.text.emoji import normalize_emoji

log = structlog.get_logger()


class RoomMessages:
    """Changes the messages of a room, in memory and on disk."""

    def __init__(self, pipeline: EventPipeline, moderation: ModerationService, previews: PreviewService) -> None:
        self._pipeline = pipeline
        self._moderation = moderation
        self._previews = previews

    async def post(self, room: Room, event: MessagePosted) -> None:
        """Submit a message that was decided."""
        author, moderation = event.message.author, room.moderation
        # Counted before it is stored, so that slow mode refuses a second message while the first is being written.
        moderation.record_post(room.id, author, event.message.at)
        try:
            await self._pipeline.submit(event)
        except ChatError:
            moderation.undo_post(room.id, author)
            raise
        self._previews.look_for(event.message, event.message.link)

    async def edit(self, room: Room, member_id: str, message_id: object, text: str) -> None:
        """Raises `TextRefused`, `MessageRefused`, `NotAllowed`, `SpeechRefused`."""
        if parse(text):
            raise TextRefused("command-in-edit")
        member, moderation = room.people.member(member_id), room.moderation
        event = room.conversation.edit(member, message_id, unescape(text), clock.now())
        before = room.conversation.message(message_id)
        moderation.record_post(room.id, member_id, event.at, is_edit=True)
        try:
            await self._pipeline.submit(event)
        except ChatError:
            moderation.undo_post(room.id, member_id, is_edit=True)
            raise
        if event.link != before.link:
            self._previews.look_for(before, event.link)

    async def describe_picture(
        self, room: Room, member_id: str, message_id: object, position: object, alt: object
    ) -> None:
        """Raises `MessageRefused`, `NotAllowed`, `SpeechRefused`."""
        member = room.people.member(member_id)
        event = room.conversation.describe_picture(member, message_id, position, alt, clock.now())
        await self._pipeline.submit(event)

    async def remove_preview(self, room: Room, member_id: str, message_id: object) -> None:
        """Raises `MessageRefused`, `NotAllowed`."""
        member, message = room.people.member(member_id), room.conversation.message(message_id)
        author_role = room.people.role_of(message.author)
        await self._pipeline.submit(room.conversation.remove_preview(member, message_id, clock.now(), author_role))

    async def delete(self, room: Room, member_id: str, message_id: object) -> None:
        """Raises `MessageRefused`, `NotAllowed`."""
        member, message = room.people.member(member_id), room.conversation.message(message_id)
        author_role = room.people.role_of(message.author)
        await self._pipeline.submit(room.conversation.delete(member, message_id, clock.now(), author_role))
        if message.author != member_id:
            await self._moderation.resolve_deleted(member_id, room, message.id)
        log.info("message deleted", actor=member_id, message=message_id)

    async def react(self, room: Room, member_id: str, message_id: object, emoji: object) -> None:
        """Add the member's reaction, or take it back; raises a `ChatError`."""
        member = room.people.member(member_id)
        room.check_can_post(member, clock.now())
        await self._pipeline.submit(room.conversation.react(member, message_id, normalize_emoji(emoji)))

    async def clear(self, room: Room, member_id: str) -> None:
        """Raises `NotAllowed`, `RoomRefused` in a direct room."""
        await self._pipeline.submit(room.conversation.clear(room.people.member(member_id), clock.now()))
        log.info("history cleared", actor=member_id)
