"""The shared chat state: the only writer and the only publisher.

Every change goes the same way: the room decides, a store makes lasting facts durable, the room applies the fact,
everybody who listens is told.
"""

import asyncio
from collections.abc import Callable
from contextlib import suppress
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.commands import everyone as commands
from chat.domain.commands.moderators import confirmation
from chat.domain.commands.registry import CommandContext, Prompt, Reply
from chat.domain.errors import AccountRefused, MessageRefused, NameRefused, TextRefused
from chat.domain.events import Event, MemberChanged
from chat.domain.messages.message import TEXT_LIMIT, is_message_id
from chat.domain.messages.search import ENOUGH, Hit, search
from chat.domain.moderation.events import UserRef
from chat.domain.moderation.sanctions import UNKNOWN_CLIENT, ClientIdentity, identifiers
from chat.domain.rooms import moderation_actions
from chat.domain.rooms.room import LOBBY, ReservedBy, Room
from chat.domain.users import Member, Nickname, Role
from chat.state.event_pipeline import EventPipeline, KeepName, KeepRole, Listener
from chat.state.moderation import ModerationService
from chat.state.rate_limits import ActionRateLimiter
from chat.storage.json_files.message_store import Store
from chat.storage.json_files.moderation import MemoryModerationStore, ModerationStore
from chat.text import emoji as emojis
from chat.text.markup.renderer import to_plain
from chat.text.nicknames import parse_nickname

TICK = 0.5

log = structlog.get_logger()


class Chat:
    """One running chat. Build it, `start()` it, and call it from pages and routes of one event loop.

    `moderation` is for moderators. `role_by_password` says what who gives the admin password becomes.
    """

    def __init__(
        self,
        store: Store,
        admin_password: SharedPassword,
        *,
        grace: timedelta,
        message_rate: str,
        records: ModerationStore | None = None,
        reserved_by: ReservedBy = lambda _: None,
    ) -> None:
        self.store = store
        self.records = records or MemoryModerationStore()
        history = store.load()  # first: it holds the lock of the folder
        self.room = Room(LOBBY, history, grace, self.records.load(), reserved_by)
        self.room.moderation.plain = partial(to_plain, limit=2 * TEXT_LIMIT)
        self._pipeline = EventPipeline(self.room, store, self.records)
        self.moderation = ModerationService(self.room, self._pipeline, self.records)
        self.role_by_password: Callable[[Member], Role] = lambda member: Role.ADMIN
        self._admin_password = admin_password
        self._rates = ActionRateLimiter(message_rate)
        self._ticker: asyncio.Task[None] | None = None

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> Callable[[], None]:
        """Tell `listener` every fact of these kinds (of all, where none is named); returns how to stop that."""
        return self._pipeline.subscribe(listener, *kinds)

    async def start(self) -> None:
        """Begin to notice what time alone ends."""
        self._ticker = asyncio.create_task(self._tick())

    async def close(self) -> None:
        """Stop, with everything that was accepted on disk."""
        if self._ticker is not None:
            self._ticker.cancel()
            with suppress(asyncio.CancelledError):
                await self._ticker
        await self.store.close()

    # People.

    def check_name(self, member_id: str, text: object) -> Nickname:
        """The nickname in `text` if this member can have it now; raises `NameRefused`."""
        wanted = parse_nickname(text)
        self.room.check_name(member_id, wanted)
        return wanted

    def check_can_join(self, member_id: str, client_identity: ClientIdentity, role: Role = Role.GUEST) -> None:
        """Raise `EntryRefused` for who is banned or was kicked just now."""
        self.room.moderation.check_can_join(member_id, client_identity, role, _now())

    def check_join(self, client_identity: ClientIdentity) -> None:
        """Count that a guest comes in; raises `AccountRefused` if that was too often."""
        if not self._rates.allow("join", identifiers("", client_identity)):
            raise AccountRefused("sign-in-paused")

    def connect(self, member: Member, connection: str, client_identity: ClientIdentity = UNKNOWN_CLIENT) -> None:
        """A tab is connected; raises `NameRefused` if the name was taken meanwhile, and `EntryRefused`."""
        self._pipeline.apply_and_publish_all(self.room.connect(member, connection, _now(), client_identity))

    def disconnect(self, member_id: str, connection: str) -> None:
        """A tab lost its connection."""
        self._pipeline.apply_and_publish_all(self.room.disconnect(member_id, connection, _now()))

    def set_viewing_latest(self, member_id: str, connection: str, on: bool) -> None:
        """A tab shows what is newest, or does not any more (it does when it connects)."""
        self._pipeline.apply_and_publish(self.room.set_viewing_latest(member_id, connection, on))

    def leave(self, member_id: str) -> None:
        """The member leaves on purpose."""
        self._pipeline.apply_and_publish_all(self.room.leave(member_id, _now()))

    async def rename(self, member_id: str, text: object) -> None:
        """The member takes another name; raises `NameRefused`, `NotHere`, `SpeechRefused`, and what keepers raise."""
        event = self.room.rename(member_id, parse_nickname(text), _now())
        self._limit_names(event)
        await self._pipeline.submit(event)

    def before_renaming(self, keep_name: KeepName) -> None:
        """Wait for `keep_name` with a member's id and next name; what it raises refuses the name."""
        self._pipeline.name_keepers.append(keep_name)

    def before_promoting(self, keep_role: KeepRole) -> None:
        """Wait for `keep_role` with a member's id and next role; what it raises refuses the role."""
        self._pipeline.role_keepers.append(keep_role)

    def type(self, member_id: str, is_typing: bool) -> None:
        """The member types, or does not any more."""
        self._pipeline.apply_and_publish_all(self.room.type(member_id, is_typing, _now()))

    # What they say.

    async def post(
        self, member_id: str, text: str, message_id: str, reply_to: str | None = None
    ) -> Reply | Prompt | None:
        """Post a message, or run the command in it. Returns when it is durable and told to everyone.

        `message_id` makes a message that is sent again the same message. Returns what only the asker should see,
        if anything. Raises a `ChatError` where it is refused; then nothing changed.
        """
        member, conversation = self.room.member(member_id), self.room.conversation
        if not is_message_id(message_id):
            raise MessageRefused("message-gone")
        if conversation.has_posted(member_id, message_id):
            return None
        self._limit(member_id)
        found = commands.parse(text)
        if found is None:
            text = commands.unescape(text)
            await self._pipeline.submit(conversation.post(member, text, message_id, _now(), reply_to=reply_to))
            return None
        command, argument = found
        call = CommandContext(
            self.room,
            member,
            argument,
            _now(),
            message_id,
            parse_nickname,
            self._admin_password,
            reply_to,
            self.role_by_password,
        )
        outcome = command.run(call)
        if isinstance(outcome, Reply | Prompt):
            return outcome
        if isinstance(outcome, MemberChanged):
            self._limit_names(outcome)
        await self._pipeline.submit(outcome, member)
        return confirmation(self.room, outcome)

    async def edit(self, member_id: str, message_id: object, text: str) -> None:
        """Give one's own message another text; raises `TextRefused`, `MessageRefused`, `CommandRefused`."""
        self._limit(member_id)
        if commands.parse(text):
            raise TextRefused("command-in-edit")
        member, text = self.room.member(member_id), commands.unescape(text)
        await self._pipeline.submit(self.room.conversation.edit(member, message_id, text, _now()))

    async def delete(self, member_id: str, message_id: object) -> None:
        """Take a message away, here and on disk; raises `MessageRefused`, `NotAllowed`, `TextRefused`."""
        self._limit(member_id)
        member, message = self.room.member(member_id), self.room.conversation.message(message_id)
        event = self.room.conversation.delete(member, message_id, self.room.role_of(message.author))
        await self._pipeline.submit(event, member, UserRef(message.author, message.name))
        if message.author != member_id:
            with suppress(MessageRefused):  # nobody reported it
                await self._pipeline.submit(moderation_actions.resolve(self.room, member, message_id, _now()))
        log.info("message deleted", by=member_id, message=message_id)

    async def react(self, member_id: str, message_id: object, emoji: object) -> None:
        """Put an emoji to a message, or take it back; raises `MessageRefused`, `TextRefused`, `SpeechRefused`."""
        self._limit(member_id)
        member = self.room.member(member_id)
        self.room.moderation.check_can_post(member, _now())
        await self._pipeline.submit(self.room.conversation.react(member, message_id, emojis.known(emoji)))

    async def search(self, member_id: str, query: object, limit: int = ENOUGH) -> list[Hit]:
        """The newest `limit` messages that fit; raises `NotHere`, or another `ChatError` for what is no query."""
        self.room.member(member_id)
        messages = list(self.room.conversation.history)  # the thread must not see it change
        return await asyncio.to_thread(search, messages, query, limit)

    async def clear(self, member_id: str) -> None:
        """Wipe the history, here and on disk; raises `NotAllowed` for those who are no admins."""
        member = self.room.member(member_id)
        await self._pipeline.submit(self.room.conversation.clear(member, _now()), member)
        log.info("history cleared", by=member_id)

    async def report(self, member_id: str, message_id: object, why: object = "") -> None:
        """Tell the moderators about a message; raises `MessageRefused`, `TextRefused`."""
        self._limit(member_id)
        member = self.room.member(member_id)
        await self._pipeline.submit(moderation_actions.report(self.room, member, message_id, _now(), why=why), member)

    def apply_role(self, member_id: str, role: Role) -> None:
        """The member has another role, which is kept already."""
        if member_id in self.room.members:
            self._pipeline.apply_and_publish(self.room.apply_role(member_id, role, _now()))

    async def anonymize(self, member_id: str, pseudonym: str) -> None:
        """What somebody said and did stays, here and on disk, but as by `pseudonym`; raises `HistoryUnwritable`."""
        await self._pipeline.submit(self.room.conversation.anonymize(member_id, pseudonym, _now()))

    def _limit(self, member_id: str) -> None:
        if not self._rates.allow("write", self.room.moderation.identifiers_of(member_id)):
            raise TextRefused("too-fast")

    def _limit_names(self, event: MemberChanged) -> None:
        is_renaming = event.before.name != event.member.name
        if is_renaming and not self._rates.allow("rename", self.room.moderation.identifiers_of(event.member.id)):
            raise NameRefused("sign-in-paused")

    async def _tick(self) -> None:
        while True:
            await asyncio.sleep(TICK)
            self._pipeline.apply_and_publish_all(self.room.expire(_now()))


def _now() -> datetime:
    return datetime.now(UTC)
