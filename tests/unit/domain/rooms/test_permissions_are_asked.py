"""Every permission is asked where its decision is made: raise its row in the table, and the decision is refused."""

from collections.abc import Callable

import pytest

from chat.domain.errors import ChatError
from chat.domain.moderation.events import Banned
from chat.domain.people.avatars import change_picture
from chat.domain.permissions import MINIMUM_ROLE, Permission
from chat.domain.rooms.chat_state import ChatState
from chat.domain.rooms.directory.direct_rooms import new_direct
from chat.domain.rooms.directory.room_decisions import create_room, describe_room, rename_room
from chat.domain.rooms.directory.room_policy import RoomPolicy
from chat.domain.rooms.moderation.moderation_actions import (
    BanMember,
    ChangeRole,
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
from chat.domain.rooms.moderation.moderation_decisions import decide
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname
from tests.unit.domain.rooms.scenes import (
    BOB,
    BOB_LEE,
    CID,
    MO,
    NOON,
    after,
    apply,
    execute,
    join,
    new_moderated_chat,
    post,
)

Decision = Callable[[ChatState, Member], object]

ROLES = list(Role)
DECIDED_ELSEWHERE = {Permission.INVITE, Permission.RESET_PASSWORDS, Permission.SEE_AUDIT}  # in `chat.state`


def moderate(action: ModerationAction) -> Decision:
    return lambda chat, actor: decide(chat.lobby, actor, action, NOON)


def post_in_locked_room(chat: ChatState, actor: Member) -> object:
    execute(chat, "/lock")
    return chat.lobby.conversation.post(actor, "Hi", "message03", NOON)


def post_in_slow_mode(chat: ChatState, actor: Member) -> object:
    execute(chat, "/slow 30")
    return chat.lobby.conversation.post(actor, "Hi", "message03", after(1))


DECISIONS: dict[Permission, dict[str, Decision]] = {
    Permission.POST: {
        "post": lambda chat, actor: chat.lobby.conversation.post(actor, "Hi", "message03", NOON),
        "type": lambda chat, actor: chat.lobby.type(actor.id, True, NOON),
    },
    Permission.EDIT_OWN: {"edit": lambda chat, actor: chat.lobby.conversation.edit(actor, "message02", "New", NOON)},
    Permission.DELETE_OWN: {"delete": lambda chat, actor: chat.lobby.conversation.delete(actor, "message02", NOON)},
    Permission.REACT: {"react": lambda chat, actor: chat.lobby.conversation.react(actor, "message01", "🎉")},
    Permission.RENAME: {"rename": lambda chat, actor: chat.lobby.rename(actor.id, parse_nickname("Maximilian"), NOON)},
    Permission.CHANGE_PICTURE: {
        "choose": lambda chat, actor: change_picture(chat.moderation, actor, "a picture", NOON),
        "remove": lambda chat, actor: change_picture(chat.moderation, actor, "", NOON),
    },
    Permission.REPORT: {"report": moderate(ReportMessage("message01"))},
    Permission.WRITE_DIRECT: {"direct": lambda chat, actor: new_direct(actor, ["bob"], NOON)},
    Permission.CREATE_ROOMS: {
        "create": lambda chat, actor: create_room(
            chat.directory, actor, "Cake", "cake", NOON, policy=RoomPolicy.MEMBERS
        )
    },
    Permission.MANAGE_ROOMS: {
        "create": lambda chat, actor: create_room(
            chat.directory, actor, "Cake", "cake", NOON, policy=RoomPolicy.ADMINS
        ),
        "rename": lambda chat, actor: rename_room(chat.directory, actor, "lobby", "Hall", NOON),
        "describe": lambda chat, actor: describe_room(chat.directory, actor, "lobby", "For all", NOON),
    },
    Permission.DELETE_ANY: {
        "delete": lambda chat, actor: chat.lobby.conversation.delete(actor, "message01", NOON),
        "purge": moderate(PurgeMessages("bob")),
    },
    Permission.REMOVE_PICTURES: {"remove": moderate(RemovePicture("bob"))},
    Permission.MUTE: {"mute": moderate(MuteMember("bob")), "unmute": moderate(UnmuteMember("bob"))},
    Permission.KICK: {"kick": moderate(KickMember("bob"))},
    Permission.BAN: {"ban": moderate(BanMember("bob")), "unban": moderate(UnbanMember("cid"))},
    Permission.SET_SLOW_MODE: {"slow": moderate(SetSlowMode(30))},
    Permission.LOCK_ROOM: {"lock": moderate(LockRoom()), "unlock": moderate(UnlockRoom())},
    Permission.BYPASS_RESTRICTIONS: {
        "post in a locked room": post_in_locked_room,
        "post in slow mode": post_in_slow_mode,
    },
    Permission.HANDLE_REPORTS: {"resolve": moderate(ResolveReports("message01"))},
    Permission.MENTION_EVERYONE: {
        "post": lambda chat, actor: chat.lobby.conversation.post(actor, "@all Hi", "message03", NOON).message.mentions,
        "edit": lambda chat, actor: chat.lobby.conversation.edit(actor, "message02", "@all Hi", NOON).mentions,
    },
    Permission.CHANGE_TOPIC: {"topic": lambda chat, actor: chat.lobby.conversation.change_topic(actor, "Tea", NOON)},
    Permission.CLEAR_HISTORY: {"clear": lambda chat, actor: chat.lobby.conversation.clear(actor, NOON)},
    Permission.CHANGE_WORD_FILTER: {"filter": moderate(ChangeWordFilter(("darn",)))},
    Permission.CHANGE_MODERATORS: {
        "appoint": moderate(ChangeRole("bob", Role.MODERATOR)),
        "remove": moderate(ChangeRole("mo", Role.GUEST)),
    },
    Permission.CHANGE_ADMINS: {
        "appoint": moderate(ChangeRole("bob", Role.ADMIN)),
        "remove": moderate(ChangeRole("ada", Role.GUEST)),
    },
}
OTHER_REFUSALS = {
    (Permission.POST, "type"): "nothing",
    (Permission.DELETE_ANY, "delete"): "message-foreign",
    (Permission.BYPASS_RESTRICTIONS, "post in a locked room"): "locked",
    (Permission.BYPASS_RESTRICTIONS, "post in slow mode"): "slow-mode",
    (Permission.MENTION_EVERYONE, "post"): "nothing",
    (Permission.MENTION_EVERYONE, "edit"): "nothing",
}
CASES = [(permission, name) for permission, decisions in DECISIONS.items() for name in decisions]


def test_every_permission_has_a_decision():
    assert set(DECISIONS) == set(Permission) - DECIDED_ELSEWHERE


@pytest.mark.parametrize(("permission", "name"), CASES)
def test_lowest_role_with_the_permission_is_allowed(permission: Permission, name: str):
    stage = Stage(MINIMUM_ROLE[permission])
    assert stage.outcome(permission, name) == "granted"


@pytest.mark.parametrize(("permission", "name"), CASES)
def test_role_below_a_raised_permission_is_refused(monkeypatch: pytest.MonkeyPatch, permission: Permission, name: str):
    role = min(MINIMUM_ROLE[permission], Role.ADMIN, key=ROLES.index)  # the row can't be raised above owner
    needed = ROLES[ROLES.index(role) + 1]
    lowered, raised = Stage(role), Stage(role)
    refused = f"needs-{needed}"
    monkeypatch.setitem(MINIMUM_ROLE, permission, role)
    assert lowered.outcome(permission, name) != refused
    monkeypatch.setitem(MINIMUM_ROLE, permission, needed)
    assert raised.outcome(permission, name) == OTHER_REFUSALS.get((permission, name), refused)


class Stage:
    """A room in which every decision is possible for Max, a member with this role.

    Bob is muted, and his message01 reported; message02 is Max's; Cid is banned.
    """

    def __init__(self, role: Role) -> None:
        self.chat = new_moderated_chat()
        self.actor = Member("max", parse_nickname("Max"), role)
        join(self.chat, self.actor)
        post(self.chat.lobby.conversation, BOB, "Spam", "message01")
        post(self.chat.lobby.conversation, self.actor, "Hello", "message02")
        apply(self.chat, decide(self.chat.lobby, BOB_LEE, ReportMessage("message01"), NOON))
        apply(self.chat, Banned("lobby", MO.ref, CID.ref, NOON))
        execute(self.chat, "/mute Bob")

    def outcome(self, permission: Permission, name: str) -> str:
        """Return the key of the refusal, "granted", or "nothing" for an empty result."""
        try:
            return "granted" if DECISIONS[permission][name](self.chat, self.actor) else "nothing"
        except ChatError as problem:
            return problem.key
