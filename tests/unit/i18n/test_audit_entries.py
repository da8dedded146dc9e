"""The audit log in sentences, whatever was done."""

from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.audit import ACTS, Entry, entry
from chat.domain.events import Event, HistoryCleared, MemberChanged, MessageDeleted, TopicChanged
from chat.domain.moderation.events import (
    Banned,
    Kicked,
    MessageReported,
    MessagesPurged,
    ModerationEvent,
    Muted,
    ReportResolved,
    RoomLocked,
    SlowModeChanged,
    Unbanned,
    Unmuted,
    UserRef,
    WordFilterChanged,
)
from chat.domain.users import Member, Role
from chat.i18n.audit_entries import told
from chat.i18n.translator import translator
from chat.text.nicknames import parse_nickname

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
MARKS = frozenset({"member:bob"})

SENTENCES: list[tuple[Event | ModerationEvent, str]] = [
    (Muted("lobby", ANN, BOB, NOON, LATER, MARKS, "caps"), "Bob was muted by Ann (10 minutes)"),
    (Unmuted("lobby", ANN, BOB, NOON), "Ann lets Bob speak again"),
    (Kicked("lobby", ANN, BOB, NOON, LATER, MARKS), "Bob was sent out by Ann"),
    (Banned("lobby", ANN, BOB, NOON, LATER, MARKS), "Bob was banned by Ann (10 minutes)"),
    (Banned("lobby", ANN, BOB, NOON, None, MARKS), "Bob was banned by Ann"),
    (Unbanned("lobby", ANN, BOB, NOON), "Ann lets Bob come back"),
    (SlowModeChanged("lobby", ANN, NOON, 30), "Ann turned on slow mode: 30 seconds between two messages"),
    (SlowModeChanged("lobby", ANN, NOON, 0), "Ann ended slow mode"),
    (RoomLocked("lobby", ANN, NOON, True), "Ann locked the room"),
    (RoomLocked("lobby", ANN, NOON, False), "Ann unlocked the room"),
    (MessagesPurged("lobby", ANN, BOB, NOON, ("a", "b")), "Ann deleted 2 messages of Bob"),
    (
        WordFilterChanged("lobby", ANN, NOON, frozenset({"rude"}), frozenset({"fine"})),
        "Ann changed the word filter: +rude -fine",
    ),
    (MessageReported("lobby", ANN, BOB, NOON, "a", "rude"), "Ann reported a message of Bob"),
    (ReportResolved("lobby", ANN, BOB, NOON, "a"), "Ann settled the reports about a message of Bob"),
    (HistoryCleared("lobby", "ann", "Ann", NOON), "Ann cleared the history"),
    (TopicChanged("lobby", "cats", "ann", "Ann", NOON), "Ann changed the topic: cats"),
    (MessageDeleted("lobby", "a", "ann"), "Ann deleted 1 message of Bob"),
    (
        MemberChanged(
            "lobby",
            Member("bob", parse_nickname("Bob"), Role.GUEST),
            Member("bob", parse_nickname("Bob"), Role.ADMIN),
            NOON,
        ),
        "Ann gave Bob another role: admin",
    ),
]


@pytest.mark.parametrize(("event", "sentence"), SENTENCES, ids=lambda value: type(value).__name__)
def test_what_was_done_is_told(event: Event | ModerationEvent, sentence: str):
    found = entry(event, ANN, NOON, BOB)
    assert found
    assert told(translator("en"), found, str) == sentence


@pytest.mark.parametrize(
    ("act", "sentence"), [("invite", "Ann made an invitation"), ("revoke", "Ann revoked an invitation")]
)
def test_invitations_are_told(act: str, sentence: str):
    assert told(translator("en"), Entry(NOON, "lobby", ANN, act, what="token"), str) == sentence


def test_every_kind_of_act_has_its_sentence():
    assert {type(event).__name__ for event, _ in SENTENCES} >= set(ACTS)


def test_an_act_of_another_version_is_called_as_it_is_written():
    assert told(translator("en"), Entry(NOON, "lobby", ANN, "teleport", BOB), str) == "Ann teleport Bob"
