"""The contract of every store, in memory and as JSON files: load once, append batches durably."""

import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import Directory
from chat.domain.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    InvitationCreated,
    InvitationRevoked,
    InvitationUsed,
    MemberRenamed,
    RoleChanged,
)
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import Invitation
from chat.domain.errors import AccountsUnwritable, HistoryUnwritable
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
from chat.domain.users import Role, UserRef
from chat.storage.base import StateStore
from chat.storage.json_files import message_store
from chat.storage.json_files.stores import json_stores
from chat.storage.memory import memory_stores
from chat.text.nicknames import parse_nickname
from tests.storage.samples import ANN, BOB, CLEARED, LIFE, NOON, later, posted
from tests.support.disk import Disk

CID = UserRef("cid", "Çid")
IDENTIFIERS = frozenset({"member:bob", "session:s", "address:192.0.2.1"})
FROM_JOURNAL = 1000  # messages


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
    MemberRenamed("lobby", "ann", parse_nickname("Ann"), parse_nickname("Änn 🦊"), later(1)),
    RoleChanged("lobby", BOB, ANN, later(2), Role.MEMBER, Role.MODERATOR),
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


@dataclass(frozen=True)
class Kind:
    """One kind of state: its events of every kind (the first two independent), and events that fill a disk."""

    name: str
    empty: Callable[[], Any]
    content: Callable[[Any], object]
    events: list[Any]
    many: Callable[[int], list[Any]]
    problem: type[Exception] = HistoryUnwritable


MESSAGES = Kind(
    "messages",
    lambda: History(100),
    lambda history: (list(history), history.topic),
    [*LIFE, CLEARED, posted(9)],
    lambda start: [posted(number, "x" * 400) for number in range(start, start + 10)],
)
KINDS = [
    MESSAGES,
    Kind(
        "moderation",
        Moderation,
        lambda state: (
            *(list(kind) for kind in (state.mutes, state.kicks, state.bans, state.reports)),
            (state.slow_mode.seconds, state.locked, state.blocked_words),
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
]


@dataclass
class Opened:
    """A store of one kind in a folder."""

    kind: Kind
    folder: Path
    limit: int = 100
    is_in_memory: bool = False
    store: StateStore[Any, Any] = None  # type: ignore[assignment]

    def __post_init__(self) -> None:
        self.store = self.open(self.folder)
        self.loaded = self.store.load()

    def open(self, folder: Path) -> StateStore[Any, Any]:
        stores = memory_stores(self.limit) if self.is_in_memory else json_stores(folder, self.limit)
        return getattr(stores, self.kind.name)

    def after_crash(self) -> object:
        """Return what a start would load if the process died now."""
        if self.is_in_memory:
            return self.kind.content(self.store.load())
        copy = shutil.copytree(self.folder, self.folder.with_name("copy"))
        found = self.open(copy).load()
        shutil.rmtree(copy)
        return self.kind.content(found)

    def replayed(self, events: list[Any]) -> object:
        state = self.kind.empty()
        for event in events:
            state.apply(event)
        return self.kind.content(state)


JSON = {
    **{kind.name: partial(Opened, kind) for kind in KINDS},
    "messages with a journal": partial(Opened, MESSAGES, limit=FROM_JOURNAL),
}
ALL = {
    **{f"{name} as JSON": opening for name, opening in JSON.items()},
    **{f"{kind.name} in memory": partial(Opened, kind, is_in_memory=True) for kind in KINDS},
}
Opening = Callable[[Path], Opened]
every_store = pytest.mark.parametrize("opening", ALL.values(), ids=ALL)
every_json_store = pytest.mark.parametrize("opening", JSON.values(), ids=JSON)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "store"
    folder.mkdir()
    return folder


@pytest.fixture
def disk(folder: Path) -> Iterator[Disk]:
    disk = Disk(folder)
    yield disk
    disk.close()


@every_store
def test_new_store_is_empty(opening: Opening, folder: Path):
    opened = opening(folder)
    assert opened.kind.content(opened.loaded) == opened.replayed([])


@every_store
async def test_events_are_durable_when_append_returns(opening: Opening, folder: Path):
    opened = opening(folder)
    for number, event in enumerate(opened.kind.events, 1):
        await opened.store.append([event])
        assert opened.after_crash() == opened.replayed(opened.kind.events[:number])
    await opened.store.close()


@every_store
async def test_batch_is_appended_in_its_order(opening: Opening, folder: Path):
    opened = opening(folder)
    await opened.store.append(opened.kind.events)
    assert opened.after_crash() == opened.replayed(opened.kind.events)
    await opened.store.close()


@every_json_store
async def test_closed_store_can_be_opened_again(opening: Opening, folder: Path):
    opened = opening(folder)
    await opened.store.append(opened.kind.events[:1])
    await opened.store.close()
    again = opening(folder)
    assert again.kind.content(again.loaded) == again.replayed(again.kind.events[:1])
    await again.store.append(again.kind.events[1:])
    assert again.after_crash() == again.replayed(again.kind.events)
    await again.store.close()


@every_store
async def test_repeated_event_changes_nothing(opening: Opening, folder: Path):
    opened = opening(folder)
    first, second = opened.kind.events[:2]
    await opened.store.append([first, first])
    await opened.store.append([first, second])
    assert opened.after_crash() == opened.replayed([first, second])
    await opened.store.close()


@every_store
async def test_empty_batch_changes_nothing(opening: Opening, folder: Path):
    opened = opening(folder)
    await opened.store.append([])
    assert opened.after_crash() == opened.replayed([])
    await opened.store.close()


@pytest.mark.parametrize("kind", KINDS[1:], ids=lambda kind: kind.name)
async def test_batch_without_news_writes_no_snapshot(kind: Kind, folder: Path):
    opened = Opened(kind, folder)
    await opened.store.append(kind.events[:1])
    before = {file.name: file.stat() for file in folder.iterdir()}
    await opened.store.append(kind.events[:1])
    await opened.store.append([])
    assert {file.name: file.stat() for file in folder.iterdir()} == before


@every_store
async def test_loaded_state_is_a_copy(opening: Opening, folder: Path):
    opened = opening(folder)
    first, second = opened.kind.events[:2]
    opened.loaded.apply(first)
    await opened.store.append([second])
    assert opened.after_crash() == opened.replayed([second])
    await opened.store.close()


@every_json_store
async def test_full_disk_refuses_a_whole_batch_and_is_used_again_later(opening: Opening, disk: Disk, folder: Path):
    opened = opening(folder)
    before, refused, after = (opened.kind.many(start) for start in (0, 100, 200))
    await opened.store.append(before)
    disk.fill()
    with pytest.raises(opened.kind.problem):
        await opened.store.append(refused)
    assert not (await opened.store.check()).writable
    disk.free()
    assert opened.after_crash() == opened.replayed(before)
    await opened.store.append(after)
    assert (await opened.store.check()).writable
    assert opened.after_crash() == opened.replayed([*before, *after])
    await opened.store.close()


@every_json_store
async def test_check_alone_notices_that_a_disk_is_full_and_free_again(
    opening: Opening, disk: Disk, folder: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(message_store, "PROBE_INTERVAL", -1)
    opened = opening(folder)
    await opened.store.append(opened.kind.many(0))
    found = {file.name: file.stat() for file in disk.files()}
    disk.fill()
    assert not (await opened.store.check()).writable
    disk.free()
    assert (await opened.store.check()).writable
    assert {file.name: file.stat() for file in disk.files()} == found
    await opened.store.close()


@every_json_store
async def test_status_tells_the_last_write(opening: Opening, folder: Path):
    opened = opening(folder)
    assert (await opened.store.check()).last_write is None
    await opened.store.append(opened.kind.events[:1])
    status = await opened.store.check()
    assert status.writable
    assert status.last_write
    await opened.store.close()
