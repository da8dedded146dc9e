"""Lines of a version 1 `audit.jsonl`, as written at commit 9c5445d."""

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import get_args

import pytest

from chat.domain.accounts.events import (
    AvatarChanged,
    InvitationCreated,
    InvitationRevoked,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.accounts.invitations import Invitation
from chat.domain.audit import AuditedEvent
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessagesPurged, TopicChanged
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
from chat.domain.rooms.events import DirectoryEvent
from chat.domain.users import Role, UserRef
from chat.storage.json_files.audit_log import JsonAuditLog, dump_entry, parse_entry
from tests.storage.version_2 import ADA, BEN, CID, DAN, EVE, MO, OLGA, SAM, TRUDY, VERSION_2, at

GIL = UserRef("gil", "Gil")
NONE = frozenset[str]()


def invited(actor: UserRef, seconds: int, invitation_id: str, days: int) -> InvitationCreated:
    """Return the event of an old line, which was logged a second after the invitation and had no digest."""
    until = at(seconds - 1) + timedelta(days=days)
    return InvitationCreated(actor, at(seconds), Invitation(invitation_id, "", actor, at(seconds), until))


ENTRIES: list[AuditedEvent] = [
    RoleChanged("lobby", OLGA, OLGA, at(22), Role.MEMBER, Role.OWNER),
    RoleChanged("lobby", OLGA, ADA, at(24), Role.MEMBER, Role.ADMIN),
    RoleChanged("lobby", OLGA, MO, at(26), Role.MEMBER, Role.MODERATOR),
    RoleChanged("lobby", ADA, GIL, at(28), Role.MEMBER, Role.GUEST),
    HistoryCleared("lobby", ADA, at(31)),
    invited(ADA, 34, "51128c6b", 1),
    invited(ADA, 36, "442266bb", 2),
    invited(OLGA, 38, "91e49a7f", 7),
    InvitationRevoked(ADA, at(41), "442266bb"),
    TopicChanged("lobby", OLGA, at(43), "Tea, and what goes with it"),
    MessageReported("lobby", BEN, TRUDY, at(64), "trudymessag2", "rude"),
    MessageReported("lobby", SAM, TRUDY, at(65), "trudymessag2"),
    MessageReported("lobby", BEN, EVE, at(66), "evemessage11", "spam"),
    MessageReported("lobby", CID, TRUDY, at(67), "trudymessage", "wrong"),
    ReportResolved("lobby", MO, TRUDY, at(68), "trudymessage", "an opinion"),
    MessagesPurged("lobby", MO, EVE, at(69), ("",) * 4),  # version 1 only logged their number
    MessageDeleted("lobby", MO, EVE, at(70), "evemessage11"),
    ReportResolved("lobby", MO, EVE, at(71), "evemessage11"),
    Muted("lobby", MO, TRUDY, at(72), at(72) + timedelta(hours=12), NONE, "rude"),
    Muted("lobby", MO, GIL, at(73), at(73) + timedelta(minutes=5)),
    Unmuted("lobby", MO, GIL, at(74)),
    Banned("lobby", ADA, EVE, at(75), None, NONE, "spam"),
    Banned("lobby", ADA, DAN, at(77), at(77) + timedelta(days=7), NONE, "flood"),
    Banned("lobby", ADA, CID, at(79), at(79) + timedelta(hours=1)),
    Unbanned("lobby", ADA, CID, at(81)),
    SlowModeChanged("lobby", MO, at(82), 15),
    SlowModeChanged("lobby", MO, at(83), 30),
    RoomLocked("lobby", MO, at(84)),
    RoomUnlocked("lobby", MO, at(85)),
    RoomLocked("lobby", ADA, at(86)),
    WordFilterChanged("lobby", ADA, at(87), frozenset({"darn", "spam*", "zlut"}), NONE),
    WordFilterChanged("lobby", ADA, at(88), frozenset({"heck"}), frozenset({"darn"})),
    Kicked("lobby", MO, TRUDY, at(89), at(149), NONE, "cool down"),
    TopicChanged("lobby", OLGA, at(92), ""),
    TopicChanged("lobby", OLGA, at(94), "Tea & cake"),
]


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return shutil.copy(VERSION_2 / "data_folder" / "audit.jsonl", tmp_path / "audit.jsonl")


async def test_every_entry_of_version_1_is_read_as_its_event(path: Path):
    assert await JsonAuditLog(path).latest(1000) == ENTRIES[::-1]


def test_all_kinds_of_audited_events_of_that_time_are_in_the_sample():
    later = {AvatarChanged, PasswordResetCreated, PasswordResetUsed}
    assert {type(entry) for entry in ENTRIES} == set(get_args(AuditedEvent)) - later - set(get_args(DirectoryEvent))


def test_kinds_that_came_later_are_read_as_written():
    for entry in (
        PasswordResetCreated(ADA, BEN, at(95)),
        PasswordResetUsed(BEN, at(96)),
        AvatarChanged(ADA, BEN, at(97)),
    ):
        assert parse_entry(dump_entry(entry)) == entry


async def test_log_continues_in_the_new_version_after_the_old_lines(path: Path):
    before = path.read_bytes()
    await JsonAuditLog(path).append(HistoryCleared("lobby", OLGA, at(100)))
    assert path.read_bytes().startswith(before)
    line = json.loads(path.read_bytes()[len(before) :])
    assert (line["version"], line["kind"]) == (2, "HistoryCleared")
    assert await JsonAuditLog(path).latest(2) == [HistoryCleared("lobby", OLGA, at(100)), ENTRIES[-1]]


@pytest.mark.parametrize(
    "line",
    [
        b'{"at":"2026-05-01T12:00:22Z","room":"lobby","by":{"id":"olga","name":"Olga"},"act":"dance"}',
        b'{"at":"2026-05-01T12:00:22Z","room":"lobby","by":{"id":"olga","name":"Olga"},"act":"slow","what":"much"}',
        b'{"at":"2026-05-01T12:00:22Z","room":"lobby","by":{"id":"olga","name":"Olga"},"act":["topic"]}',
        b'{"at":"2026-05-01T12:00:22Z","room":"lobby","by":{"id":"olga","name":"Olga"},"act":"topic","what":7}',
        b'{"at":"2026-05-01T12:00:22Z","room":"lobby","by":{"id":"olga","name":"Olga"},"act":"filter","what":7}',
        b'{"version":3,"kind":"PollOpened","room_id":"lobby"}',
        b"[]",
    ],
)
async def test_unrecognized_line_is_skipped(path: Path, line: bytes):
    path.write_bytes(path.read_bytes() + line + b"\n")
    assert await JsonAuditLog(path).latest(1000) == ENTRIES[::-1]
