"""The contract of stores to which several processes append."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from typing import Any, Generic, Protocol, TypeVar, runtime_checkable

from chat.domain.messages.events import MessageEvent
from chat.storage.base import EventStore, RoomStores

E = TypeVar("E")
S = TypeVar("S")


class Behind(Exception):
    """Other processes have stored events first. Nothing was appended: `catch_up`, and decide again."""


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
    """A state that was loaded again, because the store no longer has all events since the last known one.

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
        """Call `on_behind` when other processes have stored something, which `catch_up` returns."""

    async def catch_up(self) -> Sequence[E] | Reloaded[Any]:
        """Return the events of other processes since the last one that was appended or learned, in their order.

        Raises the same as `append`.
        """


@runtime_checkable
class SharedRoomStores(RoomStores, Protocol):
    """`RoomStores` that other processes use, too."""

    def listen(self, receive: Callable[[str, Sequence[MessageEvent]], None]) -> None:
        """Call `receive` with a room that isn't open, and the events that other processes stored there, if known."""

    def forget(self, room_id: str) -> None:
        """Remove the local data of a room that another process deleted. Raises `OSError`."""
