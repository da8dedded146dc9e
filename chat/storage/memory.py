"""Stores that end with the process, for tests: the least that the contract asks for."""

from collections.abc import Collection, Sequence
from datetime import datetime
from typing import Any, Generic, TypeVar

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.push_devices import PushDevices
from chat.domain.audit import AuditEntry
from chat.domain.messages.events import MessageEvent, numbered
from chat.domain.messages.history import History
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.storage.base import State
from chat.storage.status import StoreStatus
from chat.storage.stores import Stores

S = TypeVar("S", bound=State)


class MemoryStore(Generic[S]):
    """Keeps a state in memory."""

    def __init__(self, state: S) -> None:
        self._state = state

    def verify(self) -> None:
        pass

    def load(self) -> S:
        return self._state.copy()

    async def append(self, events: Sequence[Any]) -> Sequence[Any]:
        for event in events:
            self._state.apply(event)
        return events

    async def check(self) -> StoreStatus:
        return StoreStatus()

    async def close(self) -> None:
        pass


class MemoryMessageStore(MemoryStore[History]):
    """Keeps a history in memory."""

    async def append(self, events: Sequence[MessageEvent]) -> Sequence[MessageEvent]:
        return await super().append([numbered(event, n) for n, event in enumerate(events, self._state.last + 1)])


class MemoryRoomStores:
    """Keeps the histories of rooms in memory."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._stores: dict[str, MemoryMessageStore] = {}

    def open(self, room_id: str) -> MemoryMessageStore:
        return self._stores.setdefault(room_id, MemoryMessageStore(History(self._limit)))

    def read(self, room_id: str) -> History:
        return self.open(room_id).load()

    def written_at(self) -> dict[str, datetime]:
        newest = ((room_id, next(reversed(store.load()), None)) for room_id, store in self._stores.items())
        return {room_id: message.at for room_id, message in newest if message}

    def delete(self, room_ids: Collection[str]) -> None:
        for room_id in room_ids:
            self._stores.pop(room_id, None)

    def last_numbers(self) -> list[tuple[str, int]]:
        return [(room_id, store.load().last) for room_id, store in self._stores.items()]

    def last_at(self, room_id: str) -> datetime | None:
        messages = list(self._stores[room_id].load()) if room_id in self._stores else []
        return messages[-1].at if messages else None

    async def check(self) -> StoreStatus:
        return StoreStatus()


class MemoryAuditLog:
    """Keeps the audit log in memory."""

    def __init__(self) -> None:
        self.entries: list[AuditEntry] = []

    async def append(self, entry: AuditEntry) -> None:
        self.entries.append(entry)

    def verify(self) -> None:
        pass

    async def check(self) -> StoreStatus:
        return StoreStatus()

    async def content(self) -> bytes:
        return b""

    async def latest(self, count: int) -> list[AuditEntry]:
        return self.entries[::-1][:count]


def memory_stores(limit: int = 100) -> Stores:
    """Return empty stores; the history keeps `limit` messages."""
    return Stores(
        MemoryMessageStore(History(limit)),
        MemoryStore(Moderation()),
        MemoryStore(Directory()),
        MemoryStore(Invitations()),
        MemoryStore(RoomDirectory()),
        MemoryStore(PushDevices()),
        MemoryRoomStores(limit),
        MemoryAuditLog(),
    )
