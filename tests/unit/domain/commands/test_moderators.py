"""The slash commands for moderators: permissions, names, and the actions they parse into."""

from datetime import timedelta

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated, RoleChanged
from chat.domain.commands.parser import COMMANDS
from chat.domain.commands.replies import PurgePrompt
from chat.domain.errors import ChatError, CommandRefused, NotAllowed
from chat.domain.moderation.events import Kicked
from chat.domain.permissions import Permission, has_permission
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.moderation.moderation_actions import (
    DEFAULT_PURGE,
    MUTE_DURATION,
    BanMember,
    ChangeRole,
    ChangeWordFilter,
    KickMember,
    LockRoom,
    ModerationAction,
    MuteMember,
    PurgeMessages,
    SetSlowMode,
    UnbanMember,
    UnlockRoom,
    UnmuteMember,
)
from chat.domain.rooms.moderation.moderation_decisions import ModerationOutcome
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import (
    ADA,
    BOB,
    EVE,
    NOON,
    apply,
    event_of,
    execute,
    new_moderated_chat,
    post,
    refusal,
    role_changed,
    run,
)

ROLES = list(Role)


@pytest.fixture
def chat() -> ChatState:
    """Mo (a moderator), Ada (an admin), Bob Lee and Bob are present."""
    return new_moderated_chat()


def actor_with(role: Role) -> Member:
    return Member("x", parse_nickname("X"), role)


# Permissions.


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("name", COMMANDS)
def test_command_asks_for_its_permission_first(chat: ChatState, role: Role, name: str):
    needs = COMMANDS[name].needs
    try:
        run(chat, f"/{name} Nobody", actor_with(role))
        problem = None
    except ChatError as refused:
        problem = refused
    is_refused = isinstance(problem, NotAllowed) and problem.key.startswith("needs-")
    assert is_refused == (needs is not None and not has_permission(role, needs))


ON_A_MEMBER = {
    "/mute Bob": Permission.MUTE,
    "/unmute Bob": Permission.MUTE,
    "/kick Bob": Permission.KICK,
    "/ban Bob": Permission.BAN,
    "/purge Bob": Permission.DELETE_ANY,
}


@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize("text", ON_A_MEMBER)
def test_actor_must_outrank_target(chat: ChatState, text: str, role: Role, target: Role):
    post(chat.lobby.conversation, BOB, "Hello")
    execute(chat, "/mute Bob")
    apply(chat, role_changed(BOB, target))
    actor = actor_with(role)
    if has_permission(role, ON_A_MEMBER[text], target):
        assert isinstance(event_of(chat, text, actor), ModerationOutcome)
    else:
        assert isinstance(refusal(lambda: event_of(chat, text, actor)), NotAllowed)


@pytest.mark.parametrize("new_role", Role)
@pytest.mark.parametrize("target", Role)
@pytest.mark.parametrize("role", Role)
def test_actor_must_outrank_old_and_new_role(chat: ChatState, role: Role, target: Role, new_role: Role):
    apply(chat, role_changed(BOB, target))
    actor = actor_with(role)
    needed = Role.OWNER if Role.ADMIN in {target, new_role} else Role.ADMIN
    is_above_both = ROLES.index(role) > max(ROLES.index(target), ROLES.index(new_role))
    if is_above_both and ROLES.index(role) >= ROLES.index(needed):
        event = event_of(chat, f"/role Bob {new_role}", actor)
        assert isinstance(event, RoleChanged)
        assert event.role is new_role
    else:
        assert isinstance(refusal(lambda: event_of(chat, f"/role Bob {new_role}", actor)), NotAllowed)


# Actions.


@pytest.mark.parametrize(
    ("text", "action"),
    [
        ("/mute Bob", MuteMember("bob", MUTE_DURATION)),
        ("/mute Bob 5 loud", MuteMember("bob", timedelta(minutes=5), "loud")),
        ("/unmute Bob", UnmuteMember("bob")),
        ("/kick Bob loud", KickMember("bob", "loud")),
        ("/ban Bob", BanMember("bob")),
        ("/ban Bob 7d spam", BanMember("bob", timedelta(days=7), "spam")),
        ("/unban Bob", UnbanMember("bob")),
        ("/slow 30", SetSlowMode(30)),
        ("/slow", SetSlowMode(0)),
        ("/lock", LockRoom()),
        ("/unlock", UnlockRoom()),
        ("/filter darn -heck", ChangeWordFilter(("darn",), ("heck",))),
        ("/role Bob Moderator", ChangeRole("bob", "moderator")),
    ],
)
def test_command_parses_into_an_action(chat: ChatState, text: str, action: ModerationAction):
    execute(chat, "/ban Bob")
    assert run(chat, text, ADA) == action


@pytest.mark.parametrize(("text", "count"), [("/purge Bob", DEFAULT_PURGE), ("/purge Bob 3", 3), ("/purge Bob 50", 50)])
def test_purge_asks_first_in_which_rooms_to_delete_how_much(chat: ChatState, text: str, count: int):
    for number in range(12):
        post(chat.lobby.conversation, BOB, "Spam", f"message{number:02}")
    assert run(chat, text) == PurgePrompt(BOB.ref, count)
    assert len(chat.lobby.conversation.history) == 12
    assert PurgePrompt(BOB.ref, count).action == PurgeMessages("bob", count)


# Names.


@pytest.mark.parametrize(
    ("text", "member_id", "reason"),
    [
        ("/kick Bob", "bob", ""),
        ("/kick BOB spam", "bob", "spam"),
        ("/kick @bob spam", "bob", "spam"),
        ("/kick Bob Lee", "boblee", ""),
        ("/kick bob  lee is loud", "boblee", "is loud"),
        ("/kick Bob Leeway", "bob", "Leeway"),
        ('/kick "Bob" Lee knows why', "bob", "Lee knows why"),
        ("/kick „Bob Lee“ spam", "boblee", "spam"),
    ],
)
def test_longest_matching_name_wins(chat: ChatState, text: str, member_id: str, reason: str):
    event = event_of(chat, text)
    assert isinstance(event, Kicked)
    assert (event.target.id, event.reason) == (member_id, reason)


@pytest.mark.parametrize(
    "text", ["/kick Eve", '/kick "', "/kick @", "/kick \u200b", "/kick " + "x" * 4000, "/unban Bob"]
)
def test_unknown_name_is_refused(chat: ChatState, text: str):
    problem = refusal(lambda: run(chat, text))
    assert isinstance(problem, CommandRefused)
    assert problem.key == "nobody-called"


def test_role_finds_an_absent_account_holder(chat: ChatState):
    apply(chat, AccountCreated(Account("eve", EVE.nickname, "", NOON, 1)))
    event = event_of(chat, "/role Eve moderator", ADA)
    assert event == RoleChanged("lobby", ADA.ref, EVE.ref, NOON, Role.MEMBER, Role.MODERATOR)


@pytest.mark.parametrize("name", ["king", "", "admin moderator"])
def test_unknown_role_is_refused(chat: ChatState, name: str):
    assert refusal(lambda: event_of(chat, f"/role Bob {name}", ADA)).key == "role-unknown"
