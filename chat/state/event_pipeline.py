"""The one way of every fact: made durable, applied to the room, told to everybody who listens."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable
from datetime import UTC, datetime
from typing import get_args

import structlog

from chat.domain.audit import entry
from chat.domain.errors import HistoryUnwritable
from chat.domain.events import Fact, LastingFact, MemberChanged, MessageDeleted, MessagePosted
from chat.domain.moderation.events import Act, Banned, Kicked, Purged, Who
from chat.domain.rooms.room import Room
from chat.domain.users import Member, Nickname, Role
from chat.storage.json_files.message_store import Store
from chat.storage.json_files.moderation import Records

Listener = Callable[[Fact], None]
KeepName = Callable[[str, Nickname], Awaitable[None]]
KeepRole = Callable[[str, Role], Awaitable[None]]

log = structlog.get_logger()


class Ledger:
    """Takes in what a room has decided. Lasting facts go to the store, acts of moderation to the records."""

    def __init__(self, room: Room, store: Store, records: Records) -> None:
        self._room = room
        self._store = store
        self._records = records
        self._listeners: dict[type, dict[Listener, None]] = defaultdict(dict)
        self._acting = asyncio.Lock()
        self.name_keepers: list[KeepName] = []
        self.role_keepers: list[KeepRole] = []
        store.subscribe(self.take_in)

    def subscribe(self, listener: Listener, *kinds: type[Fact]) -> Callable[[], None]:
        """Tell `listener` every fact of these kinds (of all, where none is named); returns how to stop that."""
        for kind in kinds or get_args(Fact):
            self._listeners[kind][listener] = None

        def unsubscribe() -> None:
            for listeners in self._listeners.values():
                listeners.pop(listener, None)

        return unsubscribe

    async def commit(self, fact: Fact, by: Member | None = None, whom: Who | None = None) -> None:
        """Return when `fact` is durable (as far as it lasts) and told. Raises `HistoryUnwritable`.

        What `by` did to `whom` is in the audit log first, where it belongs there.
        """
        if isinstance(fact, Act):
            await self._enforce(fact)
            return
        line = entry(fact, Who(by.id, by.name), datetime.now(UTC), whom) if by else None
        if line:
            await self._records.note(line)  # first: nothing is done that is not in the audit log
        if isinstance(fact, MessagePosted):
            await self._say(fact)
        elif isinstance(fact, LastingFact):
            await self._store.append(fact)
        elif isinstance(fact, MemberChanged):
            await self._change(fact)
        else:
            self.take_in(fact)

    async def _change(self, fact: MemberChanged) -> None:
        member_id, name, role = fact.member.id, fact.member.nickname, fact.member.role
        # What was decided may be out of date when it is kept.
        if fact.before.nickname != name:
            for keep_name in self.name_keepers:
                await keep_name(member_id, name)
            self.take_in(self._room.rename(member_id, name, fact.at))
        if fact.before.role != role:
            for keep_role in self.role_keepers:
                await keep_role(member_id, role)
            if member_id in self._room.members:
                self.take_in(self._room.promote(member_id, role, fact.at))

    async def _say(self, fact: MessagePosted) -> None:
        # Noted before it is written: in slow mode nobody says ten things while the first is on its way to the disk.
        self._room.moderation.speaks(fact.message.author, fact.message.at)
        try:
            await self._store.append(fact)
        except HistoryUnwritable:
            self._room.moderation.unsaid(fact.message.author)
            raise

    async def _enforce(self, act: Act) -> None:
        async with self._acting:
            line = entry(act, act.by, act.at)
            assert line
            await self._records.keep(self._room.moderation, act, line)
            if isinstance(act, Purged):
                gone = (MessageDeleted(self._room.name, message, act.by.id) for message in act.messages)
                await asyncio.gather(*map(self._store.append, gone))
            self.take_in(act)
        if isinstance(act, Kicked | Banned):
            self.take_in_all(self._room.leave(act.whom.id, datetime.now(UTC)))
        log.info(line.act, by=line.by.id, whom=line.whom.id if line.whom else None, why=line.why)

    def take_in_all(self, facts: Iterable[Fact]) -> None:
        """Apply and tell facts that are durable, or need not be."""
        for fact in facts:
            self.take_in(fact)

    def take_in(self, fact: Fact) -> None:
        """Apply and tell a fact that is durable, or need not be."""
        if not self._room.apply(fact):
            return
        for listener in list(self._listeners[type(fact)]):
            try:
                listener(fact)
            except Exception:
                log.exception("a listener failed", fact=type(fact).__name__)
