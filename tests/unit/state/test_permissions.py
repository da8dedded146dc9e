"""Every use case asks the table of permissions: each role may do what its row says, and a raised row refuses it."""

import inspect
from collections.abc import Callable
from itertools import product
from typing import Any, get_args

import pytest

from chat.domain.commands.parser import COMMANDS, parse
from chat.domain.errors import ChatError, NotAllowed
from chat.domain.permissions import MINIMUM_ROLE, Permission, has_permission
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ModerationAction
from chat.domain.users import Role
from chat.state.accounts.avatars import AvatarService
from chat.state.accounts.invitations import InvitationService
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.chat import Chat
from chat.state.members import MemberService
from chat.state.messages import MessageService
from chat.state.moderation import ModerationService
from chat.state.rooms.direct_rooms import DirectRoomService
from chat.state.rooms.room_links import RoomLinkService
from chat.state.rooms.rooms import RoomService
from chat.storage.memory import memory_stores
from tests.unit.state.support import MODERATOR, OWNER, refusal
from tests.unit.state.use_cases import ACTIONS, ADMIN, GUESTS, TEXTS, USE_CASES, Scene, UseCase

ROLES = list(Role)


@pytest.fixture
def scene(make_chat: Callable[..., Chat]) -> Scene:
    stores = memory_stores()
    return Scene(make_chat(stores, members=(OWNER, ADMIN, MODERATOR, *GUESTS)), stores)


parametrize_use_cases = pytest.mark.parametrize("use_case", USE_CASES.values(), ids=USE_CASES)


def is_beside_the_bound(use_case: UseCase, role: Role) -> bool:
    return ROLES.index(role) - ROLES.index(MINIMUM_ROLE[use_case.permission]) in {-1, 0}


@pytest.mark.parametrize(
    ("use_case", "role"),
    [
        pytest.param(
            use_case,
            role,
            id=f"{name}-{role}",
            marks=[pytest.mark.exhaustive] * (not is_beside_the_bound(use_case, role)),
        )
        for (name, use_case), role in product(USE_CASES.items(), ROLES)
    ],
)
async def test_role_decides(scene: Scene, use_case: UseCase, role: Role):
    await scene.prepare(role, *use_case.before)
    if has_permission(role, use_case.permission):
        await use_case.run(scene)
    else:
        await assert_refused(scene, use_case, MINIMUM_ROLE[use_case.permission])


@parametrize_use_cases
async def test_raised_row_refuses(scene: Scene, use_case: UseCase, monkeypatch: pytest.MonkeyPatch):
    role = MINIMUM_ROLE[use_case.permission]
    if role is Role.OWNER:  # no role is higher
        role = Role.ADMIN
    raised = ROLES[ROLES.index(role) + 1]
    await scene.prepare(role, *use_case.before)
    monkeypatch.setitem(MINIMUM_ROLE, use_case.permission, raised)
    await assert_refused(scene, use_case, raised)


async def assert_refused(scene: Scene, use_case: UseCase, minimum: Role) -> None:
    before, roster = await scene.stored(), scene.chat.people.roster()
    problem = await refusal(use_case.run(scene))
    assert isinstance(problem, NotAllowed if not use_case.refusal else ChatError)
    assert problem.key == use_case.key(minimum)
    assert scene.published == []
    assert await scene.stored() == before
    assert scene.chat.people.roster() == roster


async def test_members_without_post_are_not_shown_typing(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    await scene.prepare(Role.GUEST)
    monkeypatch.setitem(MINIMUM_ROLE, Permission.POST, Role.MEMBER)
    scene.chat.messages.type("actor", LOBBY, True)
    assert scene.published == []


async def test_mention_of_everyone_without_permission_is_plain_text(scene: Scene, monkeypatch: pytest.MonkeyPatch):
    await scene.prepare(Role.ADMIN)
    await scene.chat.messages.post("actor", LOBBY, "@all: tea!", "newmessage1")
    monkeypatch.setitem(MINIMUM_ROLE, Permission.MENTION_EVERYONE, Role.OWNER)
    await scene.chat.messages.post("actor", LOBBY, "@all: tea!", "newmessage2")
    *_, before, after = scene.chat.lobby.conversation.history
    assert (before.mentions, after.mentions) == ({"all": "all"}, {})


# That nothing is missing above.

NO_USE_CASE_OF_ITS_OWN = {Permission.MENTION_EVERYONE}  # it changes what a post means

# What a member may always do, and what other use cases do for them.
NOT_GOVERNED = {
    MemberService.check_name, MemberService.claim_name, MemberService.check_can_join, MemberService.connect,
    MemberService.disconnect, MemberService.set_viewing_latest, MemberService.leave, MemberService.note_left,
    MemberService.anonymize,
    MessageService.type, ModerationService.resolve_deleted,
    PasswordResetService.can_create, RoomService.add_member, RoomService.remove_member,
    DirectRoomService.carry_out, DirectRoomService.close,
    AvatarService.choose,  # see `test_avatars.py`
    AvatarService.kept, AvatarService.find,
    RoomLinkService.create, RoomLinkService.revoke, RoomLinkService.follow,
}  # fmt: skip


def test_table_covers_every_permission():
    assert {use_case.permission for use_case in USE_CASES.values()} == set(Permission) - NO_USE_CASE_OF_ITS_OWN


def test_table_covers_every_method():
    methods = {
        method
        for service in (
            AvatarService,
            DirectRoomService,
            MemberService,
            MessageService,
            ModerationService,
            InvitationService,
            PasswordResetService,
            RoomService,
            RoomLinkService,
        )
        for name, method in vars(service).items()
        if not name.startswith("_") and _is_about_a_member(method)
    }
    assert {use_case.method for use_case in USE_CASES.values()} == methods - NOT_GOVERNED


def _is_about_a_member(method: Any) -> bool:
    return callable(method) and bool({"member_id", "actor_id", "member"} & set(inspect.signature(method).parameters))


def test_table_covers_every_moderation_action():
    assert {type(action) for action in ACTIONS} == set(get_args(ModerationAction))


def test_table_covers_every_command():
    needed = {name: command.needs for name, command in COMMANDS.items() if command.needs}
    found = {command[0].name: permission for text, permission in TEXTS.items() if (command := parse(text))}
    assert needed.items() <= found.items()
    ungoverned = {"help", "search", "who", "admin"} | {"room archive", "room reopen"}  # the lobby never is archived
    of_private_rooms = {"room private", "room invite", "room remove", "room leave"}
    assert COMMANDS.keys() - found.keys() == ungoverned | of_private_rooms
