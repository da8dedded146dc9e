"""Posts, edits, deletions and reactions in one room. Callers have checked access to it."""

from contextlib import suppress

import structlog

from chat.domain.commands.parser import parse, unescape
from chat.domain.errors import TextRefused
from chat.domain.messages.events import MessagePosted
from chat.domain.rooms.room import Room
from chat.state import clock
from chat.state.files.previews import PreviewService
from chat.state.moderation import ModerationService
from chat.state.pipeline.batch_writer import Outdated
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.text.emoji import normalize_emoji

log = structlog.get_logger()


class RoomMessages:
    """Changes the messages of a room, in memory and on disk."""

    def __init__(self, pipeline: EventPipeline, moderation: ModerationService, previews: PreviewService) -> None:
        self._pipeline = pipeline
        self._moderation = moderation
        self._previews = previews

    async def post(self, room: Room, event: MessagePosted) -> None:
        """Submit a message that was decided. Raises what submitting does, and `SpeechRefused` in slow mode."""
        author, at, moderation = event.message.author, event.message.at, room.moderation
        while True:
            with moderation.storing_post(room.id, author, at), suppress(Outdated):
                await self._pipeline.submit(event, if_current=True)
                self._previews.look_for(event.message, event.message.link)
                return
            # Other processes were faster, perhaps with the same message.
            if room.conversation.posted.has(author, event.message.id):
                return
            moderation.check_slow_mode(room.id, room.people.member(author), at)

    async def edit(self, room: Room, member_id: str, message_id: object, text: str) -> None:
        """Raises `TextRefused`, `MessageRefused`, `NotAllowed`, `SpeechRefused`."""
        if parse(text):
            raise TextRefused("command-in-edit")
        member, moderation = room.people.member(member_id), room.moderation
        event = room.conversation.edit(member, message_id, unescape(text), clock.now())
        before = room.conversation.message(message_id)
        with moderation.storing_post(room.id, member_id, event.at, is_edit=True):
            await self._pipeline.submit(event)
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
