"""No action is in force before the audit log has its entry, and no entry claims an action that the disk refused."""

import asyncio
import shutil
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Any, get_args

import pytest

from chat.domain.accounts.events import AccountEvent, InvitationEvent
from chat.domain.audit import ActionFailed, AuditedEvent, audit_entry
from chat.domain.messages.events import MessageEvent
from chat.domain.moderation.events import ModerationEvent
from chat.domain.rooms.events import DirectoryEvent
from chat.state.pipeline.event_bus import EventBus
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.json_files.audit_log import parse_entry
from chat.storage.json_files.stores import json_stores
from chat.storage.stores import Stores
from tests.storage.kinds import KINDS, Kind
from tests.storage.samples import BOB, deleted, posted
from tests.storage.test_crashes import CRASHED, child, crash_at

EVENTS = {
    "messages": MessageEvent,
    "moderation": ModerationEvent,
    "accounts": AccountEvent,
    "invitations": InvitationEvent,
    "rooms": DirectoryEvent,
}
SAMPLES = {"Banned", "RoleChanged"}
# In each store, what is written, erased or appended to a journal: a crash can tell no others apart.
DIFFERENT_ON_DISK = [
    *("TopicChanged", "MessageDeleted", "Banned", "ReportResolved", "MessageReported", "AvatarChanged", "RoleChanged"),
    *("InvitationCreated", "InvitationRevoked", "RoomCreated", "MemberRemoved"),
]


@dataclass(frozen=True)
class Action:
    """An audited event, and the events before it."""

    kind: Kind
    before: list[Any]
    event: Any

    @property
    def name(self) -> str:
        return type(self.event).__name__


def actions() -> dict[str, Action]:
    """Return one action of each audited type."""
    found: dict[str, Action] = {}
    for kind in KINDS:
        events = kind.events
        if kind.name == "messages":
            events = [*events, replace(deleted(9), actor=BOB), posted(10)]
        for number, event in enumerate(events):
            if audit_entry(event):
                found.setdefault(type(event).__name__, Action(kind, events[:number], event))
    return found


ACTIONS = actions()


def with_actions(names: Iterable[str]) -> pytest.MarkDecorator:
    """Repeat a test with the actions of these names, of which those that are no samples are exhaustive."""
    marks = {name: () if name in SAMPLES else pytest.mark.exhaustive for name in names}
    return pytest.mark.parametrize(
        "action", [pytest.param(ACTIONS[name], id=name, marks=marks[name]) for name in names]
    )


def test_every_audited_event_is_tried():
    assert set(ACTIONS) == {kind.__name__ for kind in get_args(AuditedEvent)}


@pytest.fixture
def prepare(folder: Path) -> Callable[[Action], object]:
    """Store the events before an action; return the state."""

    def prepare(action: Action) -> object:
        store = getattr(json_stores(folder, 100), action.kind.name)
        store.load()
        for event in action.before:
            asyncio.run(store.append([event]))
        asyncio.run(store.close())
        return state(folder, action)

    return prepare


def state(folder: Path, action: Action) -> object:
    copy = shutil.copytree(folder, folder.with_name("look"))
    found = action.kind.content(getattr(json_stores(copy, 100), action.kind.name).load())
    shutil.rmtree(copy)
    return found


def entries(folder: Path) -> list[object]:
    log = folder / "audit.jsonl"
    lines = log.read_bytes().split(b"\n")[:-1] if log.exists() else []
    return [parse_entry(line) for line in lines]


async def submit(folder: Path, action: Action, crash: Callable[[Stores], None]) -> None:
    stores = json_stores(folder, 100)
    store = getattr(stores, action.kind.name)
    store.load()
    pipeline = EventPipeline(EventBus(), stores.audit_log)
    pipeline.attach(EVENTS[action.kind.name], lambda event: True, store)
    crash(stores)
    await pipeline.submit(action.event)


@with_actions(DIFFERENT_ON_DISK)
def test_crash_at_any_disk_operation_leaves_no_action_without_its_entry(
    action: Action, folder: Path, prepare: Callable[[Action], object]
):
    before = prepare(action)
    for step in count():
        shutil.rmtree(folder.with_name("copy"), ignore_errors=True)
        copy = shutil.copytree(folder, folder.with_name("copy"))
        _, code = child(lambda _, copy=copy, step=step: submit(copy, action, lambda _: crash_at(step)))
        is_in_force = state(copy, action) != before
        recorded = entries(copy)
        assert recorded == [audit_entry(action.event)] or (recorded == [] and not is_in_force)
        if code == 0:
            assert is_in_force
            assert step >= 4, "the child was killed"
            return
        assert code == CRASHED


@with_actions(ACTIONS)
def test_action_that_the_disk_refuses_is_recorded_as_failed(
    action: Action, folder: Path, prepare: Callable[[Action], object]
):
    before = prepare(action)
    blocker = folder / f"{action.kind.name}.json.tmp".replace("messages", "chat_log")
    journal = folder / "moderation.json.journal"  # to which reports are appended

    def block(_: Stores) -> None:
        blocker.mkdir()
        journal.unlink(missing_ok=True)
        journal.symlink_to(folder / "nowhere" / "file")

    with pytest.raises(action.kind.problem):
        asyncio.run(submit(folder, action, block))
    blocker.rmdir()
    for link in folder.glob("moderation.json.journal*"):  # also under the name of one that another program changed
        link.unlink()
    entry = audit_entry(action.event)
    assert entry
    assert entries(folder) == [entry, ActionFailed(entry)]
    assert state(folder, action) == before


@with_actions(ACTIONS)
def test_action_that_cannot_be_recorded_is_not_in_force(
    action: Action, folder: Path, prepare: Callable[[Action], object]
):
    before = prepare(action)
    (folder / "audit.jsonl").mkdir()
    with pytest.raises(Exception, match="unwritable"):
        asyncio.run(submit(folder, action, lambda _: None))
    assert state(folder, action) == before
