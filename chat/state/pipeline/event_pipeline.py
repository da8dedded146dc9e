"""The only path of an event: stored if it is durable, then applied, then published.

An event that a store refuses is not applied. An audited event is recorded first: one that the audit log refuses is not
stored, and if the store refuses it, another entry says so.
"""

import asyncio
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any, TypeVar, get_args

from chat.domain.audit import ActionFailed, AuditedEvent, audit_entry
from chat.domain.errors import AccountsUnwritable, ChatError, HistoryUnwritable, RoomRefused, RoomsUnwritable
from chat.domain.events import DurableEvent, Event
from chat.domain.messages.events import MessageEvent
from chat.domain.rooms.reloads import HistoryReloaded
from chat.state.pipeline.batch_writer import BatchWriter, Outdated
from chat.state.pipeline.event_bus import EventBus
from chat.storage.base import AuditLog, EventStore
from chat.storage.shared import CarriedOut

E = TypeVar("E", bound=DurableEvent)
T = TypeVar("T")
Apply = Callable[[Any], bool]


class EventPipeline:
    """Takes decided events. Each kind of event has one function that applies it, and one store if it is durable.

    Messages have a store for each room. `check` may raise a `ChatError` for an event, which is then neither stored nor
    recorded. `is_private` tells whether a room is hidden from some members; the audit log doesn't name it then.
    """

    def __init__(
        self,
        bus: EventBus,
        audit_log: AuditLog,
        check: Callable[[DurableEvent], None] = lambda event: None,
        is_private: Callable[[str], bool] = lambda room_id: False,
    ) -> None:
        self._bus = bus
        self._audit_log = audit_log
        self._check = check
        self._is_private = is_private
        self._appliers: dict[type, Apply] = {}
        self._writers: dict[type | str, BatchWriter] = {}
        self._deciding = asyncio.Lock()
        self._tasks: set[asyncio.Task[Any]] = set()

    def attach(
        self,
        kinds: Any,
        apply: Apply,
        store: EventStore[Any] | None = None,
        reload: Callable[[Any], None] = lambda state: None,
    ) -> None:
        """Apply these kinds of events (a union) with `apply`, once they are in `store`.

        `reload` gets a state in place of the one before, if other processes changed too much.
        """
        writer = self._writer_to(store, reload) if store else None
        for kind in get_args(kinds):
            self._appliers[kind] = apply
            if writer:
                self._writers[kind] = writer

    def open_room(self, room_id: str, store: EventStore[Any]) -> None:
        """Store the messages of a room in `store`."""
        self._writers[room_id] = self._writer_to(
            store, lambda history: self.apply_and_publish(HistoryReloaded(room_id, history))
        )

    async def close_room(self, room_id: str) -> None:
        """Refuse further events of a room, and finish the submitted ones."""
        await self._writers.pop(room_id).close()

    def is_writing(self, room_id: str) -> bool:
        return self._writers[room_id].is_busy

    async def finish(self, kind: type) -> None:
        """Return when all pending events of this kind are applied."""
        await self._writers[kind].finish()

    async def submit(self, event: DurableEvent, *, if_current: bool = False) -> None:
        """Return when the event is stored, applied and published.

        Raises `HistoryUnwritable`, `AccountsUnwritable`, `RoomsUnwritable`, `RoomRefused` if the room has ended,
        `CarriedOut`, or what `check` raises; then nothing changed. With `if_current`, also raises `Outdated` if another
        process changed the state meanwhile. The event completes even if the caller is cancelled.
        """
        await self._submit(event, self._writer(event).version if if_current else None)

    async def decide(self, decide: Callable[[], E]) -> E:
        """Decide an event, submit it, and return it. Decisions run one at a time, each after the last was applied."""
        return await self.complete(self._decide(decide))

    def apply_and_publish(self, *events: Event) -> None:
        """Apply and publish events that are stored or ephemeral."""
        for event in events:
            if self._appliers[type(event)](event):
                self._bus.publish(event)

    def publish(self, event: Event) -> None:
        """Publish an event that was already applied."""
        self._bus.publish(event)

    def start(self, work: Coroutine[Any, Any, object]) -> None:
        """Run `work` in the background; a `ChatError` ends it."""
        task = asyncio.create_task(_without_refusal(work))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def complete(self, work: Coroutine[Any, Any, T]) -> T:
        """Return the result of `work`, which completes even if the caller is cancelled."""
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        try:
            return await asyncio.shield(task)
        finally:
            del task  # breaks a cycle: the task's error has this frame in its traceback

    async def close(self) -> None:
        """Finish everything that was submitted."""
        await asyncio.gather(*self._tasks, return_exceptions=True)
        for writer in set(self._writers.values()):
            await writer.close()

    def _writer_to(self, store: EventStore[Any], reload: Callable[[Any], None]) -> BatchWriter:
        return BatchWriter(store, self.apply_and_publish, self._bus.publish, reload)

    def _writer(self, event: DurableEvent) -> BatchWriter:
        found = self._writers.get(event.room_id) if isinstance(event, MessageEvent) else None
        found = found or self._writers.get(type(event))
        if found is None:
            raise RoomRefused("room-gone")  # the room has ended meanwhile
        return found

    async def _submit(self, event: DurableEvent, version: int | None = None) -> None:
        self._check(event)
        entry = audit_entry(event, is_private=self._is_private(getattr(event, "room_id", "")))
        if entry is None:
            await self._writer(event).write(event, version)
        else:
            await self.complete(self._submit_audited(event, entry, version))

    async def _submit_audited(self, event: DurableEvent, entry: AuditedEvent, version: int | None) -> None:
        await self._audit_log.append(entry)
        try:
            await self._writer(event).write(event, version)
        except (AccountsUnwritable, HistoryUnwritable, RoomsUnwritable, Outdated, CarriedOut):
            with suppress(HistoryUnwritable):  # logged
                await self._audit_log.append(ActionFailed(entry))
            raise

    async def _decide(self, decide: Callable[[], E]) -> E:
        async with self._deciding:
            while True:
                event = decide()
                with suppress(Outdated):
                    await self._submit(event, self._writer(event).version)
                    return event


async def _without_refusal(work: Coroutine[Any, Any, object]) -> None:
    with suppress(ChatError):  # logged by the store
        await work
