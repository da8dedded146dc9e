"""Password resets: links that work once, for a day, and never on members of the same or a higher role."""

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated, RoleChanged
from chat.domain.errors import AccountRefused, NameRefused, NotAllowed
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ChangeRole
from chat.domain.users import Member, Role
from chat.state import clock
from chat.state.accounts.login_throttle import LoginThrottle
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.accounts.passwords import Passwords
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import BETTER, CHEAP, GOOD, OWNER, SCHOOL, AccountChat, audit_lines, refusal, tab

ROLES = list(Role)


@pytest.fixture
def resets(running: AccountChat, ann: Account) -> PasswordResetService:
    """Return the service of a chat with an account of Ann's, and the owner in the room."""
    running.chat.members.connect(OWNER, tab(OWNER))
    return make_service(running)


def make_service(running: AccountChat) -> PasswordResetService:
    return PasswordResetService(running.chat.people, running.chat.pipeline, Passwords(CHEAP), LoginThrottle())


async def is_over(resets: PasswordResetService, token: object) -> bool:
    problem = await refusal(resets.use(token, BETTER, SCHOOL))
    return isinstance(problem, AccountRefused) and problem.key == "reset-over"


async def test_link_replaces_the_password_and_ends_all_sessions_once(
    running: AccountChat, ann: Account, resets: PasswordResetService
):
    token = await resets.create("owner", "ann")
    assert resets.find(token).id == "ann"
    assert running.accounts.is_current("ann", ann.generation)
    changed = await resets.use(token, BETTER, SCHOOL)
    assert not running.accounts.is_current("ann", ann.generation)
    assert running.accounts.is_current("ann", changed.generation)
    assert (await running.accounts.sign_in("Ann", BETTER, SCHOOL)).id == "ann"
    assert (await refusal(running.accounts.sign_in("Ann", GOOD, SCHOOL))).key == "sign-in-wrong"
    assert await is_over(resets, token)


@pytest.mark.parametrize("token", ["", "guessed", None, 5, [], {"digest": ""}, "\udcff"], ids=ascii)
async def test_link_that_was_never_created_is_refused(resets: PasswordResetService, token: object):
    assert await is_over(resets, token)


async def test_link_expires_after_a_day(resets: PasswordResetService, monkeypatch: pytest.MonkeyPatch):
    token = await resets.create("owner", "ann")
    created = clock.now()
    monkeypatch.setattr(clock, "now", lambda: created + timedelta(hours=23))
    assert resets.find(token)
    monkeypatch.setattr(clock, "now", lambda: created + timedelta(hours=25))
    assert await is_over(resets, token)


async def change_password(running: AccountChat, _: PasswordResetService) -> None:
    await running.accounts.change_password("ann", GOOD, BETTER)


async def sign_out_everywhere(running: AccountChat, _: PasswordResetService) -> None:
    await running.accounts.sign_out_everywhere("ann")


async def promote(running: AccountChat, _: PasswordResetService) -> None:
    await running.chat.moderation.perform("owner", LOBBY, ChangeRole("ann", "admin"))


async def delete(running: AccountChat, _: PasswordResetService) -> None:
    await running.accounts.delete("ann", GOOD, anonymize=False)


async def create_another(_: AccountChat, resets: PasswordResetService) -> None:
    await resets.create("owner", "ann")


@pytest.mark.parametrize("happen", [change_password, sign_out_everywhere, promote, delete, create_another])
async def test_link_ends_when_the_account_changes(running: AccountChat, resets: PasswordResetService, happen: Callable):
    token = await resets.create("owner", "ann")
    await happen(running, resets)
    assert await is_over(resets, token)


async def test_link_survives_renaming_and_a_restart(
    running: AccountChat, resets: PasswordResetService, make_running: Callable[..., AccountChat], tmp_path: Path
):
    token = await resets.create("owner", "ann")
    running.chat.members.connect(running.account("ann").member, "ann's tab")
    await running.chat.members.rename("ann", "Anna")
    await running.chat.close()
    assert token not in "".join(file.read_text() for file in running.folder.glob("*.json*"))
    again = make_running()
    await make_service(again).use(token, BETTER, SCHOOL)
    assert (await again.accounts.sign_in("Anna", BETTER, SCHOOL)).id == "ann"


async def test_weak_password_does_not_use_the_link_up(resets: PasswordResetService):
    token = await resets.create("owner", "ann")
    for weak in ("short", "password1", "Ann-----", None, ["long enough"], "x" * 129):
        assert (await refusal(resets.use(token, weak, SCHOOL))).key.startswith("password-")
    assert await resets.use(token, BETTER, SCHOOL)


@pytest.mark.parametrize(("role", "target_role"), [*product(Role, Role)])
async def test_actor_must_be_an_admin_and_outrank_the_target(
    running: AccountChat, resets: PasswordResetService, role: Role, target_role: Role
):
    await running.chat.pipeline.submit(
        RoleChanged("lobby", OWNER.ref, running.account("ann").member.ref, clock.now(), Role.MEMBER, target_role)
    )
    running.chat.members.connect(Member("actor", parse_nickname("Actor"), role), "actor's tab")
    is_allowed = role in {Role.ADMIN, Role.OWNER} and ROLES.index(role) > ROLES.index(target_role)
    assert resets.can_create("actor", "ann") is is_allowed
    if is_allowed:
        assert resets.find(await resets.create("actor", "ann"))
    else:
        assert isinstance(await refusal(resets.create("actor", "ann")), NotAllowed)


async def test_account_without_a_password_gets_no_link(running: AccountChat, resets: PasswordResetService):
    account = await running.accounts.sign_in_by_sso("sso-1", ["Sam"])
    assert not resets.can_create("owner", account.id)
    assert (await refusal(resets.create("owner", account.id))).key == "reset-without-password"
    for nobody in ("bob", "", "nobody"):
        assert not resets.can_create("owner", nobody)
        assert (await refusal(resets.create("owner", nobody))).key == "account-gone"


async def test_creation_and_use_are_in_the_audit_log_without_secrets(
    running: AccountChat, resets: PasswordResetService
):
    await resets.use(await resets.create("owner", "ann"), BETTER, SCHOOL)
    _, token = await resets.create_for_operator("ANN")
    created, used, by_operator = audit_lines(running.folder)
    assert (created["kind"], created["target"]["id"]) == ("PasswordResetCreated", "ann")
    assert created["actor"]["id"] == "owner"
    assert (used["kind"], used["actor"]["id"]) == ("PasswordResetUsed", "ann")
    assert by_operator["actor"]["id"] == ""
    assert not {"reset", "password"} & {*created, *used, *by_operator}
    assert resets.find(token)


async def test_operator_names_the_account(resets: PasswordResetService):
    assert (await refusal(resets.create_for_operator("Bob"))).key == "nobody-called"
    assert isinstance(await refusal(resets.create_for_operator("")), NameRefused)


async def test_links_are_limited_for_each_admin(resets: PasswordResetService):
    for _ in range(100):
        await resets.create("owner", "ann")
    assert (await refusal(resets.create("owner", "ann"))).key == "sign-in-paused"


@pytest.mark.parametrize("typed", ["@eve", "@Eve"])
async def test_operator_finds_a_name_of_an_earlier_version(
    running: AccountChat, resets: PasswordResetService, ann: Account, typed: str
):
    eve = replace(ann, id="eve", nickname=parse_nickname("@Eve", keep_sign=True))
    running.chat.people.accounts.apply(AccountCreated(eve))
    account, _ = await resets.create_for_operator(typed)
    assert account.id == "eve"


@pytest.mark.parametrize("typed", ["Ann", "@ann", " ＠ANN "])
async def test_operator_may_type_a_name_as_a_mention(resets: PasswordResetService, typed: str):
    account, _ = await resets.create_for_operator(typed)
    assert account.id == "ann"
