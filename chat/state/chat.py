"""The shared chat state: the use cases of one running chat, and the only way to change it.

Each method decides by the room and hands the event to the pipeline, which stores, applies and publishes it.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from functools import partial
from typing import TypeVar
from uuid import uuid4

import structlog

from chat.domain.accounts.events import AccountEvent, MemberRenamed, RoleChanged
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.client_identity import UNKNOWN_CLIENT, ClientIdentity, identifiers
from chat.domain.commands.parser import parse, unescape
from chat.domain.commands.registry import Command, CommandContext, Outcome
from chat.domain.commands.replies import Prompt, Reply, RoleReply, TemporaryRoleReply, WordFilterReply
from chat.domain.errors import AccountRefused, ChatError, MessageRefused, NameRefused, TextRefused
from chat.domain.events import EphemeralEvent, Event
from chat.domain.messages.events import (
    HistoryCleared,
    MessageDeleted,
    MessageEdited,
    MessageEvent,
    MessagePosted,
    MessagesPurged,
)
from chat.domain.messages.message import is_message_id
from chat.domain.messages.search import Hit
from chat.domain.moderation.events import ModerationEvent, WordFilterChanged
from chat.domain.rooms.moderation_actions import ModerationAction, ReportMessage
from chat.domain.rooms.room import LOBBY, Room
from chat.domain.text.cleaning import TEXT_LIMIT
from chat.domain.users import Member, Nickname, Role
from chat.state import clock
from chat.state.clock import ClockWatch
from chat.state.event_bus import EventBus, Listener
from chat.state.event_pipeline import EventPipeline
from chat.state.moderation import ModerationService
from chat.state.password_guard import PasswordGuard
from chat.state.rate_limits import ActionRateLimiter
from chat.state.search import MessageSearch
from chat.state.sent_commands import SentCommands
from chat.state.storage_health import StorageHealth
from chat.storage.base import Stores
from chat.text.emoji import normalize_emoji
from chat.text.markup.renderer import shown_mentions, to_plain
from chat.text.nicknames import parse_nickname

T = TypeVar("T")

TICK = 0.5  # seconds

log = structlog.get_logger()


class Chat:
    """One running chat. Build it, `start()` it, and call it from pages and routes of one event loop."""

    def __init__(self, stores: Stores, admin_password: SharedPassword, *, grace: timedelta, message_rate: str) -> None:
        self._stores = stores
        self.storage_health = StorageHealth(stores)
        history = stores.messages.load()
        self.room = Room(LOBBY, history, grace, stores.moderation.load(), stores.accounts.load())
        self.room.moderation.to_plain = partial(to_plain, limit=2 * TEXT_LIMIT, shows_spoilers=True)
        self.room.conversation.shown_mentions = shown_mentions
        self._bus = EventBus()
        self._guard = PasswordGuard(admin_password)
        self.pipeline = EventPipeline(self._bus, stores.audit_log, self._guard.check_event)
        self.pipeline.attach(EphemeralEvent, self.room.apply)
        self.pipeline.attach(MessageEvent, self.room.apply, stores.messages)
        self.pipeline.attach(ModerationEvent, self.room.apply, stores.moderation)
        self.pipeline.attach(AccountEvent, self.room.apply, stores.accounts)
        self.moderation = ModerationService(self.room, self.pipeline, stores.audit_log)
        self._admin_password = admin_password
        self._rate_limiter = ActionRateLimiter(message_rate)
        self._commands = SentCommands()
        self._search = MessageSearch(history)
        self.subscribe(self._search.forget, MessageDeleted, MessageEdited, MessagesPurged, HistoryCleared)
        self._clock_watch = ClockWatch()
        self._ticker: asyncio.Task[None] | None = None

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> Callable[[], None]:
        """Call `listener` with events of these kinds, or of all kinds. Return a function that unsubscribes."""
        return self._bus.subscribe(listener, *kinds)

    async def start(self) -> None:
        """Start the timer that ends grace periods and typing."""
        self._ticker = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Store everything that was accepted, and close the stores."""
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker
        self._search.close()
        await self.pipeline.close()
        await self._stores.close()

    # People.

    def check_name(self, member_id: str, text: object) -> Nickname:
        """Return the nickname in `text` if the member may have it; raises `NameRefused`."""
        wanted = parse_nickname(text)
        self.room.check_name(member_id, wanted)
        return wanted

    def check_can_join(self, member_id: str, client_identity: ClientIdentity, role: Role = Role.GUEST) -> None:
        """Raise `EntryRefused` if the member is banned or was just kicked."""
        self.room.moderation.check_can_join(member_id, client_identity, role, clock.now())

    def count_join(self, client_identity: ClientIdentity, name: str) -> None:
        """Count a guest's join; raises `AccountRefused` if there were too many, `TextRefused` for a secret name."""
        if self._rate_limiter.hit("join", identifiers("", client_identity)):
            raise AccountRefused("sign-in-paused")
        self._guard.check(name)

    def connect(self, member: Member, connection_id: str, client_identity: ClientIdentity = UNKNOWN_CLIENT) -> None:
        """Connect a tab; raises `NameRefused` if the name was taken meanwhile, and `EntryRefused`."""
        self.pipeline.apply_and_publish(*self.room.connect(member, connection_id, clock.now(), client_identity))

    def disconnect(self, member_id: str, connection_id: str) -> None:
        self.pipeline.apply_and_publish(self.room.disconnect(member_id, connection_id, clock.now()))

    def set_viewing_latest(self, member_id: str, connection_id: str, is_viewing: bool) -> None:
        """Set whether a tab shows the newest message; a new tab does."""
        self.pipeline.apply_and_publish(self.room.set_viewing_latest(member_id, connection_id, is_viewing))

    def leave(self, member_id: str) -> None:
        self.pipeline.apply_and_publish(*self.room.leave(member_id, clock.now()))

    def type(self, member_id: str, is_typing: bool) -> None:
        self.pipeline.apply_and_publish(*self.room.type(member_id, is_typing, clock.now()))

    async def rename(self, member_id: str, text: object) -> None:
        """Give the member another name, and their account too.

        Raises `NotAllowed`, `NameRefused`, `NotHere`, `SpeechRefused`, `AccountsUnwritable`.
        """
        await self._rename(member_id, parse_nickname(text))

    # Messages.

    async def post(
        self, member_id: str, text: str, message_id: str, reply_to: str | None = None
    ) -> Reply | Prompt | None:
        """Post a message, or run the command in it. Return when it is stored and published.

        What is sent again with its `message_id` is posted or acts once. Returns the reply for this member alone.
        Raises a `ChatError` if it is refused; then nothing changed.
        """
        member, conversation = self.room.member(member_id), self.room.conversation
        if not is_message_id(message_id):
            raise MessageRefused("message-gone")
        if conversation.has_posted(member_id, message_id):
            return None
        self._limit_unless_sent_again(member_id, message_id, text)
        found = parse(text)
        if found is None:
            text = unescape(text)
            await self._post(conversation.post(member, text, message_id, clock.now(), reply_to=reply_to))
            return None
        return await self._commands.run_once(
            member_id, message_id, lambda: self._run_command(member_id, *found, message_id, reply_to)
        )

    async def edit(self, member_id: str, message_id: object, text: str, sent_as: str = "") -> None:
        """Change the member's own message; raises `TextRefused`, `MessageRefused`, `CommandRefused`, `NotAllowed`.

        An edit that is sent again with its own id `sent_as` acts once.
        """
        sent_as = sent_as or uuid4().hex
        self._limit_unless_sent_again(member_id, sent_as, text)
        await self._commands.run_once(member_id, sent_as, lambda: self._edit(member_id, message_id, text))

    async def delete(self, member_id: str, message_id: object) -> None:
        """Delete a message, also on disk; raises `MessageRefused`, `NotAllowed`, `TextRefused`."""
        self._limit(member_id)
        member, message = self.room.member(member_id), self.room.conversation.message(message_id)
        author_role = self.room.role_of(message.author)
        await self.pipeline.submit(self.room.conversation.delete(member, message_id, clock.now(), author_role))
        if message.author != member_id:
            await self.moderation.resolve_deleted(member_id, message.id)
        log.info("message deleted", actor=member_id, message=message_id)

    async def react(self, member_id: str, message_id: object, emoji: object) -> None:
        """Add the member's reaction, or take it back; raises a `ChatError`."""
        self._limit(member_id)
        member = self.room.member(member_id)
        self.room.moderation.check_can_post(member, clock.now())
        await self.pipeline.submit(self.room.conversation.react(member, message_id, normalize_emoji(emoji)))

    async def search(self, member_id: str, query: object, limit: int, present: Callable[[list[Hit]], T]) -> T:
        """Return the newest `limit` messages that match, as `present`, which a thread calls, makes them.

        Raises `NotHere`, or a `ChatError` if there is no query.
        """
        self.room.member(member_id)
        return await self._search.run(member_id, query, limit, present)

    async def clear(self, member_id: str) -> None:
        """Delete the history, also on disk; raises `NotAllowed`."""
        await self.pipeline.submit(self.room.conversation.clear(self.room.member(member_id), clock.now()))
        log.info("history cleared", actor=member_id)

    async def report(self, member_id: str, message_id: object, reason: object = "") -> None:
        """Report a message to the moderators; raises `MessageRefused`, `TextRefused`, `NotAllowed`."""
        self._limit(member_id)
        await self.moderation.perform(member_id, ReportMessage(message_id, reason))

    async def anonymize(self, member_id: str, pseudonym: str) -> None:
        """Replace the member by `pseudonym`, also on disk; raises `HistoryUnwritable`."""
        await self.pipeline.submit(self.room.conversation.anonymize(member_id, pseudonym, clock.now()))

    async def _run_command(
        self, member_id: str, command: Command, argument: str, message_id: str, reply_to: str | None
    ) -> Reply | Prompt | None:
        member = self.room.member(member_id)
        context = CommandContext(
            self.room, member, argument, clock.now(), message_id, parse_nickname, self._admin_password, reply_to
        )
        return await self._carry_out(member_id, command.run(context))

    async def _edit(self, member_id: str, message_id: object, text: str) -> None:
        if parse(text):
            raise TextRefused("command-in-edit")
        member, text, moderation = self.room.member(member_id), unescape(text), self.room.moderation
        event = self.room.conversation.edit(member, message_id, text, clock.now())
        moderation.record_post(member_id, event.at, is_edit=True)
        try:
            await self.pipeline.submit(event)
        except ChatError:
            moderation.undo_post(member_id, is_edit=True)
            raise

    async def _carry_out(self, member_id: str, outcome: Outcome) -> Reply | Prompt | None:
        match outcome:
            case MessagePosted():
                await self._post(outcome)
            case MemberRenamed(nickname=nickname):
                await self._rename(member_id, nickname)
            case _ if isinstance(outcome, ModerationAction):
                return self._confirm(await self.moderation.perform(member_id, outcome))
            case RoleChanged(target=target, at=at):
                # Decided again: another member may have become the owner meanwhile.
                await self.pipeline.decide(lambda: self.room.promote_by_password(target.id, at))
            case _:
                return outcome
        return None

    def _confirm(self, event: Event) -> Reply | None:
        """Return a reply for the actor, unless a notice in the room says the same."""
        match event:
            case WordFilterChanged():
                return WordFilterReply(tuple(sorted(self.room.moderation.blocked_words)))
            case RoleChanged(target=target, role=role) if target.id not in self.room.members:
                return RoleReply(target.name, role)
            case RoleChanged(target=target, role=role) if role is not Role.GUEST:
                return None if self.room.accounts.get(target.id) else TemporaryRoleReply(target.name)
        return None

    async def _post(self, event: MessagePosted) -> None:
        author, moderation = event.message.author, self.room.moderation
        # Counted before it is stored, so that slow mode refuses a second message while the first is being written.
        moderation.record_post(author, event.message.at)
        try:
            await self.pipeline.submit(event)
        except ChatError:
            moderation.undo_post(author)
            raise

    async def _rename(self, member_id: str, nickname: Nickname) -> None:
        event = self.room.rename(member_id, nickname, clock.now())
        is_other_name = event.before.shown != nickname.shown
        if is_other_name and self._rate_limiter.hit("rename", self.room.moderation.identifiers_of(member_id)):
            raise NameRefused("sign-in-paused")
        with self.room.accounts.hold_name(member_id, nickname):
            await self.pipeline.decide(lambda: self.room.rename(member_id, nickname, clock.now()))

    def _limit(self, member_id: str, text: object = "") -> None:
        if left := self._rate_limiter.hit("write", self.room.moderation.identifiers_of(member_id), text):
            raise TextRefused("too-fast", left=left)

    def _limit_unless_sent_again(self, member_id: str, message_id: str, text: object) -> None:
        if not self._commands.has(member_id, message_id):
            self._limit(member_id, text)

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            if change := self._clock_watch.change():
                log.warning("the system's clock was set", by=str(change))
                self.room.adjust_clock(change)
            self.pipeline.apply_and_publish(*self.room.expire(clock.now()))
