"""Every kind of store, with events of every type, for the contract tests."""

import shutil
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AvatarChanged,
    InvitationCreated,
    InvitationRevoked,
    InvitationUsed,
    MemberRenamed,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import Invitation
from chat.domain.accounts.password_resets import PasswordReset
from chat.domain.accounts.preference_choices import NotificationLevel
from chat.domain.accounts.preferences import Preferences
from chat.domain.accounts.push_devices import PushDeviceRemoved, PushDevices, PushDeviceSaved
from chat.domain.errors import AccountsUnwritable, HistoryUnwritable, RoomsUnwritable
from chat.domain.messages.history import History
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    Muted,
    ReportResolved,
    RoomLocked,
    RoomUnlocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
    WordFilterChanged,
)
from chat.domain.moderation.state import Moderation
from chat.domain.rooms.directory.directory import RoomDirectory
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind, RoomLink
from chat.domain.rooms.events import (
    DirectoryEvent,
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomDeleted,
    RoomDescribed,
    RoomLinkCreated,
    RoomLinkRevoked,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.users import Role, UserRef
from chat.storage.base import StateStore
from chat.storage.json_files.stores import json_stores
from chat.storage.memory import memory_stores
from chat.storage.redis.stores import Backend
from chat.text.nicknames import parse_nickname
from tests.storage.samples import ANN, BOB, CLEARED, FILES, LIFE, NOON, PREVIEWS, later, posted
from tests.support import engine
from tests.support.engine import shared_engine
from tests.support.push import device

CID = UserRef("cid", "Çid")
IDENTIFIERS = frozenset({"member:bob", "session:s", "address:192.0.2.1"})
LIMIT_WITH_JOURNAL = 1000  # messages


def account(name: str, **fields: Any) -> Account:
    made = Account(name.casefold(), parse_nickname(name), f"$argon2id$of {name}", NOON, 7)
    return replace(made, **fields)


def invitation(number: int, **fields: Any) -> Invitation:
    made = Invitation(f"id-{number:05}", f"{number:064}", ANN, NOON, NOON + timedelta(days=7))
    return replace(made, **fields)


def invited(number: int) -> InvitationCreated:
    return InvitationCreated(ANN, NOON, invitation(number))


def reported(number: int) -> MessageReported:
    return MessageReported("lobby", BOB, ANN, later(number), f"message{number:05}", "spam", "Cheap tea! " * 40)


ACCOUNTS = [
    AccountCreated(account("Ann")),
    AccountCreated(account("Bob", password="", role=Role.OWNER)),
    AccountChanged(account("Ann"), account("Ann", password="$argon2id$other", generation=8)),
    MemberRenamed("ann", parse_nickname("Ann"), parse_nickname("Änn 🦊"), later(1)),
    RoleChanged("lobby", BOB, ANN, later(2), Role.MEMBER, Role.MODERATOR),
    PasswordResetCreated(BOB, ANN, later(3), PasswordReset("d" * 64, later(90))),
    PasswordResetUsed(ANN, later(4), "$argon2id$chosen"),
    AvatarChanged(ANN, ANN, later(5), "a" * 64),
    AvatarChanged(BOB, ANN, later(6)),
    AvatarChanged(BOB, BOB, later(7), "b" * 64),
    AccountCreated(account("Cid")),
    AccountDeleted(account("Cid")),
]
MODERATION = [
    Muted("lobby", ANN, BOB, NOON, later(300), IDENTIFIERS, "loud"),
    Kicked("lobby", ANN, BOB, later(1), later(61), IDENTIFIERS),
    Unmuted("lobby", ANN, BOB, later(2)),
    Banned("lobby", ANN, BOB, later(3), None, IDENTIFIERS, "spam"),
    Banned("lobby", ANN, CID, later(4), later(3600), frozenset({"member:cid"})),
    Unbanned("lobby", ANN, CID, later(5)),
    SlowModeChanged("lobby", ANN, later(6), 30),
    RoomLocked("lobby", ANN, later(7)),
    RoomUnlocked("lobby", ANN, later(8)),
    WordFilterChanged("lobby", ANN, later(9), frozenset({"darn", "spam*"}), frozenset()),
    WordFilterChanged("lobby", ANN, later(10), frozenset(), frozenset({"darn"})),
    reported(11),
    reported(12),
    ReportResolved("lobby", ANN, ANN, later(13), "message00011", "seen"),
]
INVITATIONS = [
    invited(1),
    invited(2),
    InvitationUsed("id-00001", later(1)),
    InvitationRevoked(ANN, later(2), "id-00002"),
    InvitationCreated(ANN, NOON, invitation(3, role=Role.OWNER)),
    InvitationCreated(ANN, NOON, invitation(4, role=Role.OWNER)),
    InvitationUsed("id-00003", later(3)),
]

PUSH_DEVICES = [
    PushDeviceSaved(device("phone", generation=7, sso_at=1.5)),
    PushDeviceSaved(device("laptop", "bob", session_id="s", admission="proof", is_phone=False)),
    PushDeviceSaved(
        device("phone", preferences=Preferences(push_text=True, quiet=True, levels={"tea": NotificationLevel.NOTHING}))
    ),
    PushDeviceRemoved("laptop"),
]


@dataclass(frozen=True)
class Kind:
    """A kind of state: events of every type (the first two independent), and `many` events to fill a disk."""

    name: str
    empty: Callable[[], Any]
    content: Callable[[Any], object]
    events: list[Any]
    many: Callable[[int], list[Any]]
    problem: type[Exception] = HistoryUnwritable


def created(room_id: str, **fields: Any) -> RoomCreated:
    room = RoomInfo(room_id, RoomKind.PUBLIC, room_id.title(), room_id, creator="ann", created=later(1))
    return RoomCreated(ANN, later(1), replace(room, **fields))


ROOMS: list[DirectoryEvent] = [
    created("tea"),
    created("plans", kind=RoomKind.PRIVATE, members=frozenset({"ann", "bob"})),
    RoomRenamed("tea", ANN, later(2), "Green tea", "green-tea", "Tea", False),
    RoomDescribed("tea", ANN, later(3), "With cake"),
    MemberAdded("plans", ANN, UserRef("cid", "Cid"), later(4)),
    MemberRemoved("plans", ANN, BOB, later(5)),
    RoomArchived("tea", ANN, later(6), "Green tea", False),
    RoomReopened("tea", ANN, later(6), "Green tea", False),
    RoomLinkCreated("plans", ANN, later(6), RoomLink("a digest", later(3600))),
    RoomLinkRevoked("plans", ANN, later(7)),
    RoomLinkCreated("plans", ANN, later(7), RoomLink("another digest", later(3600))),
    created("direct1", kind=RoomKind.DIRECT, name="", slug="", members=frozenset({"ann", "bob"})),
    RoomDeleted("direct1", later(7)),
]

MESSAGES = Kind(
    "messages",
    lambda: History(100),
    lambda history: (list(history), history.topic),
    [*LIFE, *FILES, *PREVIEWS, CLEARED, posted(9)],
    lambda start: [posted(number, "x" * 400) for number in range(start, start + 10)],
)
KINDS = [
    MESSAGES,
    Kind(
        "moderation",
        Moderation,
        lambda state: (
            *(list(kind) for kind in (state.mutes, state.kicks, state.bans, state.reports)),
            [(room, found.slow_mode.seconds, found.locked) for room, found in state.restricted_rooms()],
            state.blocked_words,
        ),
        MODERATION,
        lambda start: [reported(number) for number in range(start, start + 10)],
    ),
    Kind(
        "accounts",
        Directory,
        list,
        ACCOUNTS,
        lambda start: [AccountCreated(account(f"Member {number}")) for number in range(start, start + 20)],
        AccountsUnwritable,
    ),
    Kind(
        "invitations",
        Invitations,
        list,
        INVITATIONS,
        lambda start: [invited(number) for number in range(start, start + 20)],
        AccountsUnwritable,
    ),
    Kind(
        "rooms",
        RoomDirectory,
        list,
        ROOMS,
        lambda start: [created(f"room{number}", description="x" * 200) for number in range(start, start + 20)],
        RoomsUnwritable,
    ),
    Kind(
        "push_devices",
        PushDevices,
        list,
        PUSH_DEVICES,
        lambda start: [PushDeviceSaved(device(str(n), str(n))) for n in range(start, start + 20)],
        AccountsUnwritable,
    ),
]


class OpenedStore:
    """An open store of one kind, in a folder or in memory, and the state it loaded."""

    def __init__(self, kind: Kind, folder: Path, limit: int = 100, *, is_in_memory: bool = False) -> None:
        self.kind = kind
        self._folder = folder
        self._limit = limit
        self._is_in_memory = is_in_memory
        self.store = self._open(folder)
        self.loaded = self.store.load()

    def after_crash(self) -> object:
        """Return the state that a restart would load after a crash now."""
        if self._is_in_memory:
            return self.kind.content(self.store.load())
        copy = shutil.copytree(self._folder, self._folder.with_name("copy"))
        found = self._open(copy).load()
        shutil.rmtree(copy)
        return self.kind.content(found)

    def replayed(self, events: list[Any]) -> object:
        state = self.kind.empty()
        for event in events:
            state.apply(event)
        return self.kind.content(state)

    def _open(self, folder: Path) -> StateStore[Any, Any]:
        stores = memory_stores(self._limit) if self._is_in_memory else json_stores(folder, self._limit)
        return getattr(stores, self.kind.name)


class StoreInEngine(OpenedStore):
    """An open store in an engine; each folder is a chat of its own. A restart begins with an empty folder."""

    def __init__(self, kind: Kind, folder: Path, engine_kind: str) -> None:
        self._engine = shared_engine(engine_kind)
        super().__init__(kind, folder)

    def after_crash(self) -> object:
        return self.kind.content(self._open(self._folder).load())

    def _open(self, folder: Path) -> StateStore[Any, Any]:
        emptied = Path(tempfile.mkdtemp(dir=folder))
        backend = Backend(self._engine.url, folder.parent.name, emptied, emptied, self._limit)
        return getattr(backend.stores, self.kind.name)


JSON = {
    **{kind.name: partial(OpenedStore, kind) for kind in KINDS},
    "messages with a journal": partial(OpenedStore, MESSAGES, limit=LIMIT_WITH_JOURNAL),
}
ALL = {
    **{f"{name} as JSON": open_store for name, open_store in JSON.items()},
    **{f"{kind.name} in memory": partial(OpenedStore, kind, is_in_memory=True) for kind in KINDS},
    **{
        f"{kind.name} in {engine_kind}": partial(StoreInEngine, kind, engine_kind=engine_kind)
        for kind in KINDS
        for engine_kind in engine.KINDS
    },
}
OpenStore = Callable[[Path], OpenedStore]
