"""Messages as a use case: posts, edits, deletions and reactions of members in the rooms that they may see."""

from functools import partial
from uuid import uuid4

from chat.domain.commands.parser import parse, unescape
from chat.domain.commands.replies import Prompt, Reply
from chat.domain.errors import CommandRefused, MessageRefused
from chat.domain.messages.message import is_message_id
from chat.domain.permissions import Permission, require
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.room import Room
from chat.state import clock
from chat.state.commands import CommandService
from chat.state.files.files import FileService, Wanted
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.state.pipeline.sent_commands import SentCommands
from chat.state.rate_limits import WriteLimit
from chat.state.rooms.room_access import RoomAccess
from chat.state.rooms.room_loader import RoomLoader
from chat.state.rooms.room_messages import RoomMessages
from chat.storage.peers import Peers


class MessageService:
    """Changes messages. A `ChatError` refuses what a method is asked for; then nothing changed.

    Every method checks access to the room (`NotHere`, `RoomRefused`); most count against the rate limits
    (`TextRefused`).
    """

    def __init__(
        self,
        state: ChatState,
        pipeline: EventPipeline,
        loader: RoomLoader,
        room_access: RoomAccess,
        limit: WriteLimit,
        *,
        messages: RoomMessages,
        commands: CommandService,
        files: FileService,
        peers: Peers | None = None,
    ) -> None:
        self._state = state
        self._people = state.people
        self._pipeline = pipeline
        self._loader = loader
        self._room_access = room_access
        self._limit = limit
        self._messages = messages
        self._commands = commands
        self._files = files
        self._sent = SentCommands(peers)

    async def post(
        self,
        member_id: str,
        room_id: object,
        text: str,
        message_id: str,
        reply_to: str | None = None,
        *,
        files: Wanted = (),
    ) -> Reply | Prompt | None:
        """Post a message with these uploaded files, or run the command in it. Return when it is stored and published.

        A message sent again with its `message_id` is posted or acts once. Returns the reply for this member alone.
        """
        async with self._room_access.enter(member_id, room_id, to_write=True) as room:
            if not is_message_id(message_id):
                raise MessageRefused("message-gone")
            if room.conversation.posted.has(member_id, message_id):
                return None
            self._count_unless_sent_again(member_id, message_id, text)
            found = parse(text)
            if found is None:
                await self._post(room, member_id, unescape(text), message_id, reply_to=reply_to, files=files)
                return None
            if files:
                raise CommandRefused("command-with-files")
            return await self._sent.run_once(
                member_id, message_id, lambda: self._commands.run(room, member_id, found, message_id, reply_to)
            )

    async def _post(
        self, room: Room, member_id: str, text: str, message_id: str, *, reply_to: str | None, files: Wanted
    ) -> None:
        async with self._files.attach(member_id, room, files) as attachments:
            member = self._people.member(member_id)
            event = room.conversation.post(
                member, text, message_id, clock.now(), reply_to=reply_to, attachments=attachments
            )
            await self._messages.post(room, event)

    def type(self, member_id: str, room_id: str, is_typing: bool) -> None:
        """Show the member as typing in a room that is loaded, or no longer. Raises `RoomRefused`."""
        info = self._state.directory.room_for(member_id, room_id)
        if room := self._state.rooms.get(info.id):
            self._pipeline.apply_and_publish(*room.type(member_id, is_typing and not info.is_archived, clock.now()))

    async def edit(self, member_id: str, room_id: object, message_id: object, text: str, sent_as: str = "") -> None:
        """Change the text of the member's own message. An edit sent again with its id `sent_as` acts once.

        Raises `TextRefused`, `MessageRefused`, `CommandRefused`, `SpeechRefused`, `NotAllowed`.
        """
        async with self._room_access.enter(member_id, room_id, to_write=True) as room:
            sent_as = sent_as or uuid4().hex
            self._count_unless_sent_again(member_id, sent_as, text)
            edit = partial(self._messages.edit, room, member_id, message_id, text)
            await self._sent.run_once(member_id, sent_as, edit)

    async def describe_picture(
        self, member_id: str, room_id: object, message_id: object, position: object, alt: object
    ) -> None:
        """Describe a picture of the member's own message.

        Raises `TextRefused`, `MessageRefused`, `CommandRefused`, `SpeechRefused`, `NotAllowed`.
        """
        async with self._room_access.enter(member_id, room_id, to_write=True) as room:
            self._limit.count(member_id, alt)
            await self._messages.describe_picture(room, member_id, message_id, position, alt)

    async def react(self, member_id: str, room_id: object, message_id: object, emoji: object) -> None:
        """Add the member's reaction, or take it back.

        Raises `MessageRefused`, `CommandRefused`, `SpeechRefused`, `NotAllowed`; `ChatError` for an unknown emoji.
        """
        async with self._room_access.enter(member_id, room_id, to_write=True) as room:
            self._limit.count(member_id)
            await self._messages.react(room, member_id, message_id, emoji)

    async def remove_preview(self, member_id: str, room_id: object, message_id: object) -> None:
        """Remove the preview of a link in a message; raises as `delete` does."""
        async with self._room_access.enter(member_id, room_id) as room:
            self._limit.count(member_id)
            await self._messages.remove_preview(room, member_id, message_id)

    async def delete(self, member_id: str, room_id: object, message_id: object) -> None:
        """Delete a message, also on disk; raises `MessageRefused`, `NotAllowed`."""
        async with self._room_access.enter(member_id, room_id) as room:
            self._limit.count(member_id)
            await self._messages.delete(room, member_id, message_id)

    async def delete_reported(self, member_id: str, room_id: object, message_id: object) -> None:
        """Delete a reported message, also in a room that the moderator may not see; raises as `delete` does.

        Doesn't count against the rate limits.
        """
        require(self._people.member(member_id).role, Permission.HANDLE_REPORTS)
        report = self._people.moderation.reports.open_for(room_id, message_id)
        if report is None:
            raise MessageRefused("report-gone")
        async with self._loader.use(report.room_id) as room:
            await self._messages.delete(room, member_id, message_id)

    async def clear(self, member_id: str, room_id: object) -> None:
        """Delete the history, also on disk; raises `NotAllowed`."""
        async with self._room_access.enter(member_id, room_id) as room:
            await self._messages.clear(room, member_id)

    def _count_unless_sent_again(self, member_id: str, message_id: str, text: object) -> None:
        if not self._sent.has(member_id, message_id):
            self._limit.count(member_id, text)
