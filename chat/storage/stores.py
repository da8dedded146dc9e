"""All stores of one chat."""

from dataclasses import dataclass
from typing import Any

from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import AccountEvent, InvitationEvent
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.push_devices import PushDevices, PushEvent
from chat.domain.messages.events import MessageEvent
from chat.domain.messages.history import History
from chat.domain.moderation.events import StoredModerationEvent
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.events import DirectoryEvent
from chat.storage.base import AuditLog, RoomStores, StateStore
from chat.storage.file_store import FileStore
from chat.storage.status import StoreStatus


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
