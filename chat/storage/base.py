"""The contract of every store: load once, append batches durably, and never call back."""

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, Self, TypeVar, runtime_checkable

from pydantic import BaseModel

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountEvent, InvitationEvent
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.push_devices import PushDevices, PushEvent
from chat.domain.audit import AuditEntry
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.events import DirectoryEvent
from chat.storage.file_store import FileStore


class State(Protocol):
    """The state in a store: changed only by events, and copied for trying out a change."""

    def apply(self, event: Any) -> object:
        """Apply an event. Return something false if nothing changed."""

    def copy(self) -> Self: ...


E = TypeVar("E")
S = TypeVar("S")
State_co = TypeVar("State_co", covariant=True)


class StoreStatus(BaseModel):
    """A store's state for `/healthz`. `last_write` is in UTC; the others name files.

    A `changed` file is what another program had made of the store's own. An `unreadable` one is a room's, which is
    refused.
    """

    writable: bool = True
    last_write: datetime | None = None
    quarantined: str | None = None
    restored_from: str | None = None
    changed: str | None = None
    unreadable: str | None = None

    @property
    def problems(self) -> str | None:
        """The files that weren't as the store had left them."""
        return join_names([self.quarantined, self.restored_from, self.changed, self.unreadable])


def join_names(names: Iterable[str | None]) -> str | None:
    """Return the names of files in one text."""
    return ", ".join(name for name in names if name) or None


class EventStore(Protocol[E]):
    """Keeps one kind of state. One writer: an append begins after the one before has ended."""

    async def append(self, events: Sequence[E]) -> Sequence[E]:
        """Make the events durable, all or none, and return them: those of messages have numbers now.

        Raises `HistoryUnwritable` or `AccountsUnwritable`.
        """

    async def check(self) -> StoreStatus:
        """Return the store's state, determined by trying to write."""

    async def close(self) -> None:
        """Finish pending writes and release the store."""


class Behind(Exception):
    """Other processes have stored events first. Nothing was appended: `learn`, and decide again."""


@dataclass(frozen=True, slots=True)
class SentCommand:
    """A command or an edit, which a member's browser may send to several processes."""

    member_id: str
    message_id: str


class CarriedOut(Exception):
    """Another process has stored events of this command. Nothing was appended."""

    def __init__(self, command: SentCommand) -> None:
        super().__init__(command)
        self.command = command


@dataclass(frozen=True, slots=True)
class Reloaded(Generic[S]):
    """A state that was loaded anew, as the store no longer has each event of other processes since the last one known.

    It replaces the state before.
    """

    state: S


@runtime_checkable
class SharedStore(EventStore[E], Protocol[E]):
    """An `EventStore` to which other processes append, too."""

    async def append(self, events: Sequence[E], commands: Collection[SentCommand] = ()) -> Sequence[E]:
        """Append as other stores do, and note the commands that lead to these events.

        Also raises `Behind`, or `CarriedOut`.
        """

    def listen(self, on_behind: Callable[[], None]) -> None:
        """Call `on_behind` when other processes have stored something, which `learn` returns."""

    async def learn(self) -> Sequence[E] | Reloaded[Any]:
        """Return the events of other processes since the last one that was appended or learned, in their order.

        Raises the same as `append`.
        """


class StateStore(EventStore[E], Protocol[State_co, E]):
    """An `EventStore` that can load the state its events add up to."""

    def verify(self) -> None:
        """Check whether the state can be loaded, and change nothing. Raises `StartupError`."""

    def load(self) -> State_co:
        """Return the stored state. Raises `StartupError`."""


class RoomStores(Protocol):
    """A store of messages for each room but the lobby."""

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


@runtime_checkable
class SharedRoomStores(RoomStores, Protocol):
    """`RoomStores` that other processes use, too."""

    def listen(self, hear: Callable[[str, Sequence[MessageEvent]], None]) -> None:
        """Call `hear` with a room that isn't open, and what other processes stored there, as far as it is known."""

    def forget(self, room_id: str) -> None:
        """Remove what this process has of a room that another one deleted. Raises `OSError`."""


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


@dataclass(frozen=True, slots=True)
class Stores:
    """All stores of one chat."""

    messages: StateStore[History, MessageEvent]
    moderation: StateStore[Moderation, StoredModerationEvent]
    accounts: StateStore[Directory, AccountEvent]
    invitations: StateStore[Invitations, InvitationEvent]
    rooms: StateStore[RoomDirectory, DirectoryEvent]
    push_devices: StateStore[PushDevices, PushEvent]
    histories: RoomStores
    audit_log: AuditLog
    files: FileStore | None = None
    avatars: FileStore | None = None

    def verify(self) -> None:
        """Check whether all stores can be loaded, before loading one changes its files. Raises `StartupError`."""
        for store in self.by_name.values():
            store.verify()
        self.audit_log.verify()

    async def check(self) -> dict[str, StoreStatus]:
        """Return the status of each store by its name, determined by trying to write."""
        found = {name: await store.check() for name, store in self.by_name.items()}
        return {**found, "messages in rooms": await self.histories.check(), "audit log": await self.audit_log.check()}

    async def close(self) -> None:
        for store in self.by_name.values():
            await store.close()

    @property
    def by_name(self) -> dict[str, StateStore[Any, Any]]:
        return {
            "history": self.messages,
            "moderation": self.moderation,
            "accounts": self.accounts,
            "invitations": self.invitations,
            "rooms": self.rooms,
            "push devices": self.push_devices,
        }
