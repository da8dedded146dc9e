"""The entries of the audit log as sentences."""

from datetime import UTC, datetime, timedelta
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
from chat.domain.audit import ActionFailed, AuditedEvent, audit_entry
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
from chat.domain.rooms.directory.room_info import RoomInfo, RoomKind
from chat.domain.rooms.events import (
    MemberAdded,
    MemberRemoved,
    RoomArchived,
    RoomCreated,
    RoomRenamed,
    RoomReopened,
)
from chat.domain.users import Role, UserRef
from chat.i18n.audit_entries import describe_entry
from chat.i18n.translator import languages, translator

NOON = datetime(2030, 1, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(minutes=10)
ANN, BOB = UserRef("ann", "Ann"), UserRef("bob", "Bob")
KNOWN = frozenset({"member:bob"})
TEA = RoomInfo("tea", RoomKind.PUBLIC, "Tea", "tea")
PLANS = RoomInfo("plans", RoomKind.PRIVATE, "Plans", "plans", members=frozenset({"ann"}))

SENTENCES: list[tuple[AuditedEvent, str]] = [
    (Muted("lobby", ANN, BOB, NOON, LATER, KNOWN, "caps"), "Bob was muted by Ann (10 minutes)"),
    (Unmuted("lobby", ANN, BOB, NOON), "Ann unmuted Bob"),
    (Kicked("lobby", ANN, BOB, NOON, LATER, KNOWN), "Bob was kicked by Ann"),
    (Banned("lobby", ANN, BOB, NOON, LATER, KNOWN), "Bob was banned by Ann (10 minutes)"),
    (Banned("lobby", ANN, BOB, NOON, None, KNOWN), "Bob was banned by Ann"),
    (Unbanned("lobby", ANN, BOB, NOON), "Ann unbanned Bob"),
    (SlowModeChanged("lobby", ANN, NOON, 30), "Ann turned on slow mode: one message every 30 seconds"),
    (SlowModeChanged("lobby", ANN, NOON, 0), "Ann turned off slow mode"),
    (RoomLocked("lobby", ANN, NOON), "Ann locked the room"),
    (RoomUnlocked("lobby", ANN, NOON), "Ann unlocked the room"),
    (MessagesPurged("lobby", ANN, BOB, NOON, ("a", "b")), "Ann deleted 2 messages by Bob"),
    (
        WordFilterChanged("lobby", ANN, NOON, frozenset({"rude"}), frozenset({"fine"})),
        "Ann changed the word filter: +rude -fine",
    ),
    (MessageReported("lobby", ANN, BOB, NOON, "a", "rude"), "Ann reported a message by Bob"),
    (ReportResolved("lobby", ANN, BOB, NOON, "a"), "Ann resolved the reports about a message by Bob"),
    (AvatarChanged(ANN, BOB, NOON), "Ann removed the picture of Bob"),
    (HistoryCleared("lobby", ANN, NOON), "Ann cleared the history"),
    (TopicChanged("lobby", ANN, NOON, "cats"), "Ann changed the topic: cats"),
    (TopicChanged("lobby", ANN, NOON, ""), "Ann removed the topic"),
    (MessageDeleted("lobby", ANN, BOB, NOON, "a"), "Ann deleted 1 message by Bob"),
    (RoleChanged("lobby", ANN, BOB, NOON, Role.MEMBER, Role.GUEST), "Ann made Bob a guest"),
    (RoleChanged("lobby", ANN, BOB, NOON, Role.GUEST, Role.MEMBER), "Ann made Bob a member"),
    (RoleChanged("lobby", ANN, BOB, NOON, Role.GUEST, Role.MODERATOR), "Ann made Bob a moderator"),
    (RoleChanged("lobby", ANN, BOB, NOON, Role.GUEST, Role.ADMIN), "Ann made Bob an admin"),
    (RoleChanged("lobby", ANN, BOB, NOON, Role.ADMIN, Role.OWNER), "Ann made Bob an owner"),
    (RoleChanged("lobby", ANN, ANN, NOON, Role.GUEST, Role.ADMIN), "Ann is now an admin"),
    (PasswordResetCreated(ANN, BOB, NOON), "Ann created a link for Bob to choose a new password"),
    (PasswordResetCreated(UserRef("", ""), BOB, NOON), "The operator created a link for Bob to choose a new password"),
    (PasswordResetUsed(BOB, NOON), "Bob chose a new password with a link"),
    (InvitationCreated(ANN, NOON, Invitation("id", "digest", ANN, NOON, LATER)), "Ann created an invitation"),
    (InvitationRevoked(ANN, NOON, "id"), "Ann revoked an invitation"),
    (RoomCreated(ANN, NOON, TEA), "Ann created the room Tea"),
    (RoomCreated(ANN, NOON, PLANS), "Ann created a private room"),
    (RoomRenamed("tea", ANN, NOON, "Cake", "cake", "Tea", False), "Ann renamed the room Tea to Cake"),
    (RoomRenamed("plans", ANN, NOON, "Ideas", "ideas", "Plans", True), "Ann renamed a private room"),
    (RoomArchived("tea", ANN, NOON, "Tea", False), "Ann archived the room Tea"),
    (RoomArchived("plans", ANN, NOON, "Plans", True), "Ann archived a private room"),
    (RoomReopened("tea", ANN, NOON, "Tea", False), "Ann reopened the room Tea"),
    (RoomReopened("plans", ANN, NOON, "Plans", True), "Ann reopened a private room"),
    (MemberAdded("plans", ANN, BOB, NOON), "Ann added Bob to a private room"),
    (MemberRemoved("plans", ANN, BOB, NOON), "Ann removed Bob from a private room"),
]


@pytest.mark.parametrize(("event", "sentence"), SENTENCES, ids=lambda value: type(value).__name__)
def test_entry_is_a_sentence(event: AuditedEvent, sentence: str):
    entry = audit_entry(event)
    assert entry
    assert describe_entry(translator("en"), entry, str) == sentence


def test_entry_of_a_failed_action_says_so():
    entry = ActionFailed(Banned("lobby", ANN, BOB, NOON))
    sentence = "Not carried out, because it couldn't be saved: Bob was banned by Ann"
    assert describe_entry(translator("en"), entry, str) == sentence


def test_every_audited_event_has_a_sentence():
    assert {type(event) for event, _ in SENTENCES} == set(get_args(AuditedEvent))


@pytest.mark.parametrize("code", languages())
def test_every_language_names_actor_and_target(code: str):
    for event, sentence in SENTENCES:
        described = describe_entry(translator(code), event, str)
        assert all(name in described for name in ("Ann", "Bob") if name in sentence), described
