"""The shared chat state: the use cases of one running chat, and the only way to change it.

Each method decides by the room and hands the event to the pipeline, which stores, applies and publishes it.
"""

from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4

from chat.domain.accounts.events import AccountDeleted, AccountEvent
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands.parser import parse, unescape
from chat.domain.commands.replies import Prompt, Reply
from chat.domain.errors import ChatError, MessageRefused, TextRefused
from chat.domain.events import EphemeralEvent, Event
from chat.domain.messages.events import (
    AuthorAnonymized,
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagesPurged,
)
from chat.domain.messages.message import Message, is_message_id
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.people.events import MemberLeft
from chat.domain.people.people import People
from chat.domain.permissions import Permission, require
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.direct_rooms import WriteDirect
from chat.domain.rooms.events import DirectoryEvent, RoomDeleted
from chat.domain.rooms.moderation_actions import ModerationAction, ReportMessage
from chat.domain.rooms.moderation_decisions import ModerationOutcome
from chat.domain.rooms.room import Room
from chat.domain.rooms.room_info import LOBBY, RoomInfo
from chat.domain.rooms.room_policy import RoomPolicy
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.state import clock
from chat.state.calls import CallService
from chat.state.commands import CommandService
from chat.state.event_bus import EventBus, Listener
from chat.state.event_pipeline import EventPipeline
from chat.state.every_room import EveryRoom
from chat.state.members import MemberService
from chat.state.messages import MessageService
from chat.state.moderation import ModerationService
from chat.state.password_guard import PasswordGuard
from chat.state.rate_limits import ActionRateLimiter
from chat.state.room_commands import RoomCommandService
from chat.state.room_links import RoomLinkService
from chat.state.room_loader import RoomLoader
from chat.state.rooms import RoomService
from chat.state.search import Found, MessageSearch
from chat.state.sent_commands import SentCommands
from chat.state.storage_health import StorageHealth
from chat.state.timers import Timers
from chat.state.unread_rooms import UnreadRooms
from chat.storage.base import Stores
from chat.text.markup.renderer import shown_mentions, to_plain

T = TypeVar("T")

GONE = (MessageDeleted, MessageEdited, MessagesPurged, HistoryCleared, AuthorAnonymized, RoomDeleted)


class Chat:
    """One running chat. Build it, `start()` it, and call it from pages and routes of one event loop."""

    def __init__(
        self,
        stores: Stores,
        admin_password: SharedPassword,
        *,
        grace: timedelta,
        message_rate: str,
        room_policy: RoomPolicy = RoomPolicy.ADMINS,
    ) -> None:
        self._stores = stores
        self.storage_health = StorageHealth(stores)
        history, self.directory = stores.messages.load(), stores.rooms.load()
        moderation = stores.moderation.load()
        moderation.to_plain = partial(to_plain, limit=2 * TEXT_LIMIT, shows_spoilers=True)
        self.people = People(grace, moderation, stores.accounts.load())
        self._state = ChatState(self.people, history, self.directory, shown_mentions)
        self.lobby = self._state.lobby
        self._bus = EventBus()
        self._guard = PasswordGuard(admin_password)
        self.pipeline = EventPipeline(self._bus, stores.audit_log, self._guard.check_event, self.directory.is_private)
        self.pipeline.attach(EphemeralEvent, self._state.apply)
        self.pipeline.attach(MessageEvent, self._state.apply)
        self.pipeline.open_room(LOBBY, stores.messages)
        self.pipeline.attach(DirectoryEvent, self._state.apply, stores.rooms)
        self.pipeline.attach(StoredModerationEvent, self._state.apply, stores.moderation)
        self.pipeline.attach(AccountEvent, self._state.apply, stores.accounts)
        self._loader = RoomLoader(self._state, stores.histories, self.pipeline)
        self._loader.note_last()
        self.rooms = RoomService(
            self.people, self.directory, self.pipeline, self._loader, limit=self._limit, policy=room_policy
        )
        self.room_links = RoomLinkService(self.people, self.directory, self.pipeline, self._limit)
        self.room_commands = RoomCommandService(self.people, self.directory, self.rooms)
        self.unread = UnreadRooms(self._state, self._bus)
        self._calls = CallService(self._state, self._loader, self.unread)
        self._rate_limiter = ActionRateLimiter(message_rate)
        self.members = MemberService(self._state, self.pipeline, self._loader, self._guard, self._rate_limiter)
        self.moderation = ModerationService(
            self.people, self.pipeline, stores.audit_log, EveryRoom(self.directory, self._loader)
        )
        self._messages = MessageService(self.pipeline, self.moderation)
        self._commands = CommandService(
            self._messages,
            self.moderation,
            self.pipeline,
            admin_password,
            members=self.members,
            rooms=self.room_commands,
            write_direct=self._write_direct,
        )
        self._sent = SentCommands()
        self._search = MessageSearch(self._state, self._loader, stores.histories)
        self.subscribe(lambda _: self.pipeline.start(self.rooms.end_rooms_of_guests()), MemberLeft)
        self.subscribe(lambda event: self.pipeline.start(self.rooms.leave_all(event.account.id)), AccountDeleted)
        self.subscribe(lambda event: self._search.forget(event.room_id), *GONE)
        self._timers = Timers(self._state, self.pipeline, self.rooms)

    def subscribe(self, listener: Listener, *kinds: type[Event], room_id: str | None = None) -> Callable[[], None]:
        """Call `listener` with events of these kinds, or of all kinds; with a `room_id`, only with those of that room.

        Return a function that unsubscribes.
        """
        return self._bus.subscribe(listener, *kinds, room_id=room_id)

    async def start(self) -> None:
        """Start the timers that end grace periods and typing, and unload rooms; look for calls in all rooms."""
        await self._timers.start()
        await self._loader.start()
        await self._calls.start()

    async def close(self) -> None:
        """Store everything that was accepted, and close the stores."""
        await self._timers.close()
        await self._calls.close()
        self._search.close()
        await self.pipeline.close()
        await self._loader.close()
        await self._stores.close()

    def type(self, member_id: str, room_id: str, is_typing: bool) -> None:
        """Show the member as typing in a room that is loaded, or no longer. Raises `RoomRefused`."""
        info = self.directory.room_for(member_id, room_id)
        if room := self._state.rooms.get(info.id):
            self.pipeline.apply_and_publish(*room.type(member_id, is_typing and not info.is_archived, clock.now()))

    # Rooms. Every method takes the room, and passes the same door.

    @asynccontextmanager
    async def enter(self, member_id: str, room_id: object, *, to_write: bool = False) -> AsyncIterator[Room]:
        """Keep a room loaded that the member may see. Raises `NotHere`, `RoomRefused`."""
        self.people.member(member_id)
        if to_write:
            self.rooms.check_can_write(member_id, self.directory.room_for(member_id, room_id))
        async with self.look_into(member_id, room_id) as room:
            yield room

    @asynccontextmanager
    async def look_into(self, member_id: str, room_id: object) -> AsyncIterator[Room]:
        """Keep a room loaded that the member, who need not be here, may see. Raises `RoomRefused`."""
        info = self.directory.room_for(member_id, room_id)
        async with self._loader.use(info.id) as room:
            yield room

    def loaded(self, room_id: str) -> Room:
        """Return a room that is loaded."""
        return self._state.rooms[room_id]

    def keep_loaded(self, room: Room) -> Callable[[], None]:
        """Keep a room loaded that is, until the returned function is called."""
        return self._loader.keep(room.id)

    async def post(
        self, member_id: str, room_id: object, text: str, message_id: str, reply_to: str | None = None
    ) -> Reply | Prompt | None:
        """Post a message, or run the command in it. Return when it is stored and published.

        What is sent again with its `message_id` is posted or acts once. Returns the reply for this member alone.
        Raises a `ChatError` if it is refused; then nothing changed.
        """
        async with self.enter(member_id, room_id, to_write=True) as room:
            if not is_message_id(message_id):
                raise MessageRefused("message-gone")
            if room.conversation.has_posted(member_id, message_id):
                return None
            self._limit_unless_sent_again(member_id, message_id, text)
            found = parse(text)
            if found is None:
                member, text = self.people.member(member_id), unescape(text)
                event = room.conversation.post(member, text, message_id, clock.now(), reply_to=reply_to)
                await self._messages.post(room, event)
                return None
            return await self._sent.run_once(
                member_id, message_id, lambda: self._commands.run(room, member_id, found, message_id, reply_to)
            )

    async def open_direct(self, member_id: str, others: Iterable[object]) -> RoomInfo:
        """Show the member the room of these people; raises `TextRefused` if that comes too fast, or a `ChatError`."""
        self._limit(member_id)
        info, _ = await self.rooms.open_direct(member_id, others)
        return info

    async def post_direct(self, member_id: str, others: Iterable[object], text: str, message_id: str) -> RoomInfo:
        """Post to these people only, in the room that they have for that; the first message creates it."""
        info, is_new = await self.rooms.open_direct(member_id, others)
        try:
            await self.post(member_id, info.id, text, message_id)
        except ChatError:
            if is_new:
                await self.rooms.close_direct(member_id, info.id)
            raise
        return info

    async def _write_direct(self, member_id: str, request: WriteDirect, message_id: str) -> RoomInfo:
        if request.text:
            return await self.post_direct(member_id, request.member_ids, request.text, message_id)
        info, _ = await self.rooms.open_direct(member_id, request.member_ids)
        return info

    async def edit(self, member_id: str, room_id: object, message_id: object, text: str, sent_as: str = "") -> None:
        """Change the member's own message; raises `TextRefused`, `MessageRefused`, `CommandRefused`, `NotAllowed`.

        An edit that is sent again with its own id `sent_as` acts once.
        """
        async with self.enter(member_id, room_id, to_write=True) as room:
            sent_as = sent_as or uuid4().hex
            self._limit_unless_sent_again(member_id, sent_as, text)
            edit = partial(self._messages.edit, room, member_id, message_id, text)
            await self._sent.run_once(member_id, sent_as, edit)

    async def delete(self, member_id: str, room_id: object, message_id: object) -> None:
        """Delete a message, also on disk; raises `MessageRefused`, `NotAllowed`, `TextRefused`."""
        self._limit(member_id)
        async with self.enter(member_id, room_id) as room:
            await self._messages.delete(room, member_id, message_id)

    async def delete_reported(self, member_id: str, message_id: object) -> None:
        """Delete a reported message, also in a room that the moderator may not see; raises as `delete` does."""
        require(self.people.member(member_id).role, Permission.HANDLE_REPORTS)
        report = self.people.moderation.reports.open_for(message_id)
        if report is None:
            raise MessageRefused("report-gone")
        async with self._loader.use(report.room_id) as room:
            await self._messages.delete(room, member_id, message_id)

    async def react(self, member_id: str, room_id: object, message_id: object, emoji: object) -> None:
        """Add the member's reaction, or take it back; raises a `ChatError`."""
        self._limit(member_id)
        async with self.enter(member_id, room_id, to_write=True) as room:
            await self._messages.react(room, member_id, message_id, emoji)

    async def search(self, member_id: str, query: object, limit: int, present: Callable[[Found], T]) -> T:
        """Return the newest `limit` messages that match, as `present`, which a thread calls, makes them.

        Searches all rooms that the member may see. Raises `NotHere`, or a `ChatError` if there is no query.
        """
        self.people.member(member_id)
        return await self._search.run(member_id, query, limit, present)

    async def mentions(self, member_id: str) -> list[Message]:
        """Return the newest messages, in all rooms, that mention the member or reply to them, newest first.

        Raises `NotHere`, `TextRefused`.
        """
        self._limit(member_id)
        return await self._calls.mentions(member_id)

    async def clear(self, member_id: str, room_id: object) -> None:
        """Delete the history, also on disk; raises `NotAllowed`."""
        async with self.enter(member_id, room_id) as room:
            await self._messages.clear(room, member_id)

    async def perform(self, member_id: str, room_id: object, action: ModerationAction) -> ModerationOutcome | None:
        """Moderate in a room; raises a `ChatError`. What is done in all rooms, if at all, has no outcome."""
        async with self.enter(member_id, room_id) as room:
            return await self.moderation.perform(member_id, room, action)

    async def report(self, member_id: str, room_id: object, message_id: object, reason: object = "") -> None:
        """Report a message to the moderators; raises `MessageRefused`, `TextRefused`, `NotAllowed`."""
        self._limit(member_id)
        await self.perform(member_id, room_id, ReportMessage(message_id, reason))

    def _limit(self, member_id: str, text: object = "") -> None:
        if left := self._rate_limiter.hit("write", self.people.moderation.identifiers_of(member_id), text):
            raise TextRefused("too-fast", left=left)

    def _limit_unless_sent_again(self, member_id: str, message_id: str, text: object) -> None:
        if not self._sent.has(member_id, message_id):
            self._limit(member_id, text)
