"""The one way of every fact: made durable, applied to the room, told to everybody who listens."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import get_args

import structlog

from chat.domain.audit import entry
from chat.domain.errors import HistoryUnwritable
from chat.domain.events import DurableEvent, Event, MemberChanged, MessageDeleted, MessagePosted
from chat.domain.moderation.events import Banned, Kicked, MessagesPurged, ModerationEvent, UserRef
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Nickname, Role
from chat.storage.json_files.message_store import Store
from chat.storage.json_files.moderation import ModerationStore

Listener = Callable[[Event], None]
KeepName = Callable[[str, Nickname], Awaitable[None]]
KeepRole = Callable[[str, Role], Awaitable[None]]

log = structlog.get_logger()


class EventPipeline:
    """Takes in what a room has decided. Lasting facts go to the store, acts of moderation to the records."""

    def __init__(self, room: Room, store: Store, records: ModerationStore) -> None:
        self._room = room
        self._store = store
        self._records = records
        self._listeners: dict[type, dict[Listener, None]] = defaultdict(dict)
        self._acting = asyncio.Lock()
        self.name_keepers: list[KeepName] = []
        self.role_keepers: list[KeepRole] = []
        store.subscribe(self.apply_and_publish)

    def subscribe(self, listener: Listener, *kinds: type[Event]) -> Callable[[], None]:
        """Tell `listener` every fact of these kinds (of all, where none is named); returns how to stop that."""
        for kind in kinds or get_args(Event):
            self._listeners[kind][listener] = None

        def unsubscribe() -> None:
            for listeners in self._listeners.values():
                listeners.pop(listener, None)

        return unsubscribe

    async def submit(self, event: Event, by: Member | None = None, whom: UserRef | None = None) -> None:
        """Return when `event` is durable (as far as it lasts) and told. Raises `HistoryUnwritable`.

        What `by` did to `whom` is in the audit log first, where it belongs there.
        """
        if isinstance(event, ModerationEvent):
            await self._enforce(event)
            return
        line = entry(event, UserRef(by.id, by.name), datetime.now(UTC), whom) if by else None
        if line:
            await self._records.note(line)  # first: nothing is done that is not in the audit log
        if isinstance(event, MessagePosted):
            await self._say(event)
        elif isinstance(event, DurableEvent):
            await self._store.append(event)
        elif isinstance(event, MemberChanged):
            await self._change(event)
        else:
            self.apply_and_publish(event)

    async def _change(self, event: MemberChanged) -> None:
        member_id, name, role = event.member.id, event.member.nickname, event.member.role
        # What was decided may be out of date when it is kept.
        if event.before.nickname != name:
            for keep_name in self.name_keepers:
                await keep_name(member_id, name)
            self.apply_and_publish(self._room.rename(member_id, name, event.at))
        if event.before.role != role:
            for keep_role in self.role_keepers:
                await keep_role(member_id, role)
            if member_id in self._room.members:
                self.apply_and_publish(self._room.apply_role(member_id, role, event.at))

    async def _say(self, event: MessagePosted) -> None:
        # Noted before it is written: in slow mode nobody says ten things while the first is on its way to the disk.
        self._room.moderation.record_post(event.message.author, event.message.at)
        try:
            await self._store.append(event)
        except HistoryUnwritable:
            self._room.moderation.undo_post(event.message.author)
            raise

    async def _enforce(self, act: ModerationEvent) -> None:
        async with self._acting:
            line = entry(act, act.by, act.at)
            assert line
            await self._records.keep(self._room.moderation, act, line)
            if isinstance(act, MessagesPurged):
                gone = (MessageDeleted(self._room.name, message, act.by.id) for message in act.messages)
                await asyncio.gather(*map(self._store.append, gone))
            self.apply_and_publish(act)
        if isinstance(act, Kicked | Banned):
            self.apply_and_publish_all(self._room.leave(act.whom.id, datetime.now(UTC)))
        log.info(line.act, by=line.by.id, whom=line.whom.id if line.whom else None, why=line.why)

    def apply_and_publish_all(self, events: Iterable[Event]) -> None:
        """Apply and tell facts that are durable, or need not be."""
        for event in events:
            self.apply_and_publish(event)

    def apply_and_publish(self, event: Event) -> None:
        """Apply and tell a fact that is durable, or need not be."""
        if not self._room.apply(event):
            return
        for listener in list(self._listeners[type(event)]):
            try:
                listener(event)
            except Exception:
                log.exception("a listener failed", kind=type(event).__name__)
