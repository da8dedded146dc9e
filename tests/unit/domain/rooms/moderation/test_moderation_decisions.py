"""Moderation decisions: every action by every role, on targets of every role."""

from typing import get_args

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated, RoleChanged
from chat.domain.errors import ChatError, CommandRefused, NotAllowed
from chat.domain.permissions import MINIMUM_ROLE, Permission, has_permission
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    ChangeRole,
    ChangeTopic,
    ChangeWordFilter,
    KickMember,
    LockRoom,
    ModerationAction,
    MuteMember,
    PurgeMessages,
    RemovePicture,
    ReportMessage,
    ResolveReports,
    SetSlowMode,
    UnbanMember,
    UnlockRoom,
    UnmuteMember,
)
from chat.domain.rooms.moderation.moderation_decisions import ModerationOutcome, decide
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import (
    ADA,
    BOB,
    BOB_LEE,
    CID,
    NOON,
    apply,
    execute,
    join,
    post,
    refusal,
    role_changed,
)

ROLES = list(Role)
ON_MEMBERS_BELOW: dict[ModerationAction, Permission] = {
    MuteMember("bob"): Permission.MUTE,
    UnmuteMember("bob"): Permission.MUTE,
    KickMember("bob"): Permission.KICK,
    BanMember("bob"): Permission.BAN,
    PurgeMessages("bob"): Permission.DELETE_ANY,
    RemovePicture("bob"): Permission.REMOVE_PICTURES,
}
REGARDLESS_OF_ROLE: dict[ModerationAction, Permission] = {
    UnbanMember("bob"): Permission.BAN,
    ChangeTopic("Tea"): Permission.CHANGE_TOPIC,
    SetSlowMode(30): Permission.SET_SLOW_MODE,
    LockRoom(): Permission.LOCK_ROOM,
    UnlockRoom(): Permission.LOCK_ROOM,
    ChangeWordFilter(("darn",)): Permission.CHANGE_WORD_FILTER,
    ReportMessage("message01"): Permission.REPORT,
    ResolveReports("message01"): Permission.HANDLE_REPORTS,
}


def name_of(action: ModerationAction) -> str:
    return type(action).__name__


def actor_with(role: Role) -> Member:
    return Member("x", parse_nickname("X"), role)


def with_bob_as(chat: ChatState, role: Role, presence: str) -> ChatState:
    """Let Bob be muted, banned and reported, have this role, and be present or away."""
    post(chat.lobby.conversation, BOB, "Hello")
    execute(chat, "/mute Bob")
    execute(chat, "/ban Bob")
    apply(chat, decide(chat.lobby, BOB_LEE, ReportMessage("message01"), NOON))
    if presence == "away":
        apply(chat, AccountCreated(Account("bob", BOB.nickname, "", NOON, 1, role)))
        apply(chat, chat.people.leave("bob", NOON))
    else:
        apply(chat, role_changed(BOB, role))
    return chat


@pytest.mark.parametrize("presence", ["present", "away"])
@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", ON_MEMBERS_BELOW, ids=name_of)
def test_actor_must_outrank_target(
    moderated_chat: ChatState, action: ModerationAction, role: Role, target: Role, presence: str
):
    chat, actor = with_bob_as(moderated_chat, target, presence), actor_with(role)
    permission = ON_MEMBERS_BELOW[action]
    if has_permission(role, permission, target):
        assert isinstance(decide(chat.lobby, actor, action, NOON), ModerationOutcome)
    else:
        problem = refusal(lambda: decide(chat.lobby, actor, action, NOON))
        assert isinstance(problem, NotAllowed)
        needed = f"needs-{MINIMUM_ROLE[permission]}"
        assert problem.key == ("not-above" if has_permission(role, permission) else needed)


@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("action", REGARDLESS_OF_ROLE, ids=name_of)
def test_actor_needs_only_the_permission(moderated_chat: ChatState, action: ModerationAction, role: Role, target: Role):
    chat, actor = with_bob_as(moderated_chat, target, "present"), actor_with(role)
    permission = REGARDLESS_OF_ROLE[action]
    if has_permission(role, permission):
        assert isinstance(decide(chat.lobby, actor, action, NOON), ModerationOutcome)
    else:
        problem = refusal(lambda: decide(chat.lobby, actor, action, NOON))
        assert isinstance(problem, NotAllowed)
        assert problem.key == f"needs-{MINIMUM_ROLE[permission]}"


@pytest.mark.parametrize("presence", ["present", "away"])
@pytest.mark.parametrize("new_role", Role)
@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
def test_actor_must_outrank_old_and_new_role(
    moderated_chat: ChatState, role: Role, target: Role, new_role: Role, presence: str
):
    chat, actor = with_bob_as(moderated_chat, target, presence), actor_with(role)
    action = ChangeRole("bob", new_role)
    needed = Role.OWNER if Role.ADMIN in {target, new_role} else Role.ADMIN
    is_above_both = ROLES.index(role) > max(ROLES.index(target), ROLES.index(new_role))
    if is_above_both and ROLES.index(role) >= ROLES.index(needed):
        assert decide(chat.lobby, actor, action, NOON) == RoleChanged(
            "lobby", actor.ref, BOB.ref, NOON, target, new_role
        )
    else:
        assert isinstance(refusal(lambda: decide(chat.lobby, actor, action, NOON)), NotAllowed)


def test_matrices_cover_every_action():
    actions = {type(action) for action in (*ON_MEMBERS_BELOW, *REGARDLESS_OF_ROLE)}
    assert actions | {ChangeRole} == set(get_args(ModerationAction))


# Bad input.

INVALID_TARGETS = ["nobody", "", None, 5, 1.5, True, {}, {"id": "bob"}, [], ["bob"], b"bob"]
ON_A_TARGET = [MuteMember, UnmuteMember, KickMember, BanMember, PurgeMessages, UnbanMember]


@pytest.mark.parametrize("target", INVALID_TARGETS, ids=repr)
@pytest.mark.parametrize("action", ON_A_TARGET)
def test_unknown_target_is_refused(moderated_chat: ChatState, action: type, target: object):
    problem = refusal(lambda: decide(moderated_chat.lobby, ADA, action(target), NOON))
    assert isinstance(problem, CommandRefused)
    assert problem.key == ("not-banned" if action is UnbanMember else "nobody")


@pytest.mark.parametrize("target", INVALID_TARGETS, ids=repr)
def test_unknown_target_of_a_role_change_is_refused(moderated_chat: ChatState, target: object):
    problem = refusal(lambda: decide(moderated_chat.lobby, ADA, ChangeRole(target, Role.MEMBER), NOON))
    assert problem.key == "nobody"


@pytest.mark.parametrize("role", ["king", "", "ADMIN", None, 5, {}, ["admin"], b"admin"], ids=repr)
def test_unknown_role_is_refused(moderated_chat: ChatState, role: object):
    assert refusal(lambda: decide(moderated_chat.lobby, ADA, ChangeRole("bob", role), NOON)).key == "role-unknown"


@pytest.mark.parametrize("number", [None, "", "5", 1.5, True, {}, [5]], ids=repr)
def test_number_of_another_type_is_refused(moderated_chat: ChatState, number: object):
    post(moderated_chat.lobby.conversation, BOB, "Hello")
    for action in (SetSlowMode(number), PurgeMessages("bob", number)):
        assert refusal(lambda action=action: decide(moderated_chat.lobby, ADA, action, NOON)).key == "number-wanted"


@pytest.mark.parametrize("word", [None, 5, "", "two words", {}, ["darn"], b"darn"], ids=repr)
def test_invalid_word_is_refused(moderated_chat: ChatState, word: object):
    for action in (ChangeWordFilter((word,)), ChangeWordFilter((), (word,))):
        assert refusal(lambda action=action: decide(moderated_chat.lobby, ADA, action, NOON)).key == "filter-word"


def test_decision_changes_nothing(moderated_chat: ChatState):
    post(moderated_chat.lobby.conversation, BOB, "Hello")
    join(moderated_chat, CID)
    timeline = list(moderated_chat.lobby.conversation.timeline)
    for action in (*ON_MEMBERS_BELOW, *REGARDLESS_OF_ROLE, ChangeRole("bob", Role.MEMBER)):
        try:
            decide(moderated_chat.lobby, ADA, action, NOON)
        except ChatError as problem:
            assert problem.key in {"not-muted", "not-banned", "report-gone"}, action
    assert list(moderated_chat.lobby.conversation.timeline) == timeline
    moderation = moderated_chat.moderation
    assert [*moderation.mutes, *moderation.kicks, *moderation.bans, *moderation.reports] == []
    assert not moderation.restricted_rooms()
    assert not moderation.blocked_words
    assert moderated_chat.people.member("bob").role is Role.GUEST
    post(moderated_chat.lobby.conversation, BOB, "Still here", "message02")
