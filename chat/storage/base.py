"""The contract of every store: load once, append batches durably, and never call back."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol, Self, TypeVar

from chat.domain.audit import AuditEntry
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.storage.status import StoreStatus


class State(Protocol):
    """The state in a store: changed only by events, and copied for trying out a change."""

    def apply(self, event: Any) -> object:
        """Apply an event. Return a falsy value if nothing changed."""

    def copy(self) -> Self: ...


E = TypeVar("E")
State_co = TypeVar("State_co", covariant=True)


class EventStore(Protocol[E]):
    """Keeps one kind of state. Its one writer awaits each append before the next."""

    async def append(self, events: Sequence[E]) -> Sequence[E]:
        """Make the events durable, all or none, and return them: those of messages have numbers now.

        Raises `HistoryUnwritable`, `AccountsUnwritable` or `RoomsUnwritable`.
        """

    async def check(self) -> StoreStatus:
        """Return the store's state, determined by trying to write."""

    async def close(self) -> None:
        """Finish pending writes and release the store."""


class StateStore(EventStore[E], Protocol[State_co, E]):
    """An `EventStore` that can load the state its events add up to."""

    def verify(self) -> None:
        """Check whether the state can be loaded, and change nothing. Raises `StartupError`."""

    def load(self) -> State_co:
        """Return the stored state. Raises `StartupError`."""


class RoomStores(Protocol):
    """A store of messages for each room except the lobby."""

    def open(self, room_id: str) -> StateStore[History, MessageEvent]:
        """Return the store of a room, to be loaded."""

    def read(self, room_id: str) -> History:
        """Return what is stored of a room, and change nothing. Raises `OSError`, `StartupError`."""

    def written_at(self) -> Mapping[str, datetime]:
        """Return when each room that has messages was last written, by its id."""

    def delete(self, room_ids: Collection[str]) -> None:
        """Remove everything stored of rooms. Raises `OSError`."""

    def last_numbers(self) -> Iterable[tuple[str, int]]:
        """Return the ids of all rooms that have messages, with the numbers of their last events."""

    def last_at(self, room_id: str) -> datetime | None:
        """Return when the last message of a room was written or edited, without loading the room."""

    async def check(self) -> StoreStatus:
        """Return the state of all stores as that of one. Those that couldn't be written are tried again."""


class AuditLog(Protocol):
    """Records audited events; append-only."""

    async def append(self, entry: AuditEntry) -> None:
        """Make an entry durable. Raises `HistoryUnwritable`."""

    def verify(self) -> None:
        """Check whether entries can be recorded, and change nothing. Raises `StartupError`."""

    async def check(self) -> StoreStatus:
        """Return the log's state, determined by trying to write."""

    async def content(self) -> bytes:
        """Return the whole log, to download."""

    async def latest(self, count: int) -> list[AuditEntry]:
        """Return the last entries, newest first."""
