"""Roles: of account holders who are here or absent, and by the admin password."""

import asyncio
from collections.abc import Callable

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import RoleChanged
from chat.domain.commands.replies import RoleReply
from chat.domain.errors import EntryRefused
from chat.domain.events import Event
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import BanMember, ChangeRole
from chat.domain.users import Role
from chat.i18n.phrases import describe_reply
from chat.i18n.translator import translator
from chat.state.chat import Chat
from tests.unit.state.support import ADMIN_PASSWORD, BOB, GOOD, MODERATOR, OWNER, AccountChat, refusal, tab


async def test_role_of_an_absent_member_is_changed_by_name_or_by_id(running: AccountChat, ann: Account):
    chat = running.chat
    chat.members.connect(OWNER, tab(OWNER))
    chat.members.leave("ann")
    reply = await chat.messages.post("owner", LOBBY, "/role Ann moderator", "message01")
    assert reply == RoleReply("Ann", Role.MODERATOR)
    assert describe_reply(translator("en"), reply) == ["Ann is now a moderator"]
    assert running.stored_accounts()[0]["role"] == "moderator"
    await chat.moderation.perform("owner", LOBBY, ChangeRole("ann", "member"))
    assert running.stored_accounts()[0]["role"] == "member"
    entries = await chat.moderation.recent_audit_entries("owner", 2)
    assert [(entry.before, entry.role) for entry in entries if isinstance(entry, RoleChanged)] == [
        (Role.MODERATOR, Role.MEMBER),
        (Role.MEMBER, Role.MODERATOR),
    ]
    assert (await refusal(chat.moderation.perform("bob", LOBBY, ChangeRole("ann", "guest")))).key == "needs-admin"
    assert (await refusal(chat.moderation.perform("owner", LOBBY, ChangeRole("nobody", "guest")))).key == "nobody"


async def test_new_role_of_an_absent_member_is_published(running: AccountChat, ann: Account):
    running.chat.members.connect(OWNER, tab(OWNER))
    running.chat.members.leave("ann")
    running.published.clear()
    await running.chat.moderation.perform("owner", LOBBY, ChangeRole("ann", "moderator"))
    [event] = running.published
    assert isinstance(event, RoleChanged)
    assert (event.actor, event.target, event.before, event.role) == (
        OWNER.ref,
        ann.member.ref,
        Role.MEMBER,
        Role.MODERATOR,
    )


async def test_role_survives_a_restart(running: AccountChat, make_running: Callable[..., AccountChat], ann: Account):
    running.chat.members.connect(OWNER, tab(OWNER))
    running.published.clear()
    event = await running.chat.moderation.perform("owner", LOBBY, ChangeRole("ann", "moderator"))
    assert running.published == [event]
    await running.chat.close()
    assert make_running().account("ann").member.role is Role.MODERATOR


async def test_same_role_again_changes_and_records_nothing(running: AccountChat, ann: Account):
    running.chat.members.connect(OWNER, tab(OWNER))
    running.published.clear()
    await running.chat.moderation.perform("owner", LOBBY, ChangeRole("ann", "member"))
    assert running.published == []
    assert await running.chat.moderation.recent_audit_entries("owner") == []


async def test_absent_member_without_messages_can_be_banned(
    running: AccountChat, make_running: Callable[..., AccountChat], ann: Account
):
    await running.chat.close()
    after = make_running(OWNER)
    await after.chat.moderation.perform("owner", LOBBY, BanMember("ann"))
    with pytest.raises(EntryRefused):
        after.chat.members.connect(ann.member, "ann's tab")


# By the admin password.


async def test_first_account_holder_with_the_admin_password_becomes_the_owner(running: AccountChat, ann: Account):
    await running.accounts.sign_up("bob", "Bob", GOOD)
    for number, member_id in enumerate(("ann", "bob", "ann")):
        await running.chat.messages.post(member_id, LOBBY, f"/admin {ADMIN_PASSWORD}", f"message0{number}")
    assert [member.role for member in running.chat.people.roster()] == [Role.OWNER, Role.ADMIN]
    assert [row["role"] for row in running.stored_accounts()] == ["owner", "admin"]


async def test_admin_password_never_lowers_a_role(make_chat: Callable[..., Chat]):
    chat = make_chat(members=(BOB, MODERATOR, OWNER))
    roles: list[Event] = []
    chat.subscribe(roles.append, RoleChanged)
    for number, member_id in enumerate(("bob", "mod", "owner")):
        await chat.messages.post(member_id, LOBBY, f"/admin {ADMIN_PASSWORD}", f"message0{number}")
    assert [member.role for member in chat.people.roster()] == [Role.ADMIN, Role.ADMIN, Role.OWNER]
    assert len(roles) == 2


async def test_two_accounts_cannot_become_owner_at_once(running: AccountChat, ann: Account):
    chat = running.chat
    await running.accounts.sign_up("bob", "Bob", GOOD)
    await asyncio.gather(
        *(
            chat.messages.post(name, LOBBY, f"/admin {ADMIN_PASSWORD}", f"message-{name}".replace("-", ""))
            for name in ("ann", "bob")
        )
    )
    assert sorted(running.account(name).role for name in ("ann", "bob")) == [Role.ADMIN, Role.OWNER]
    assert sorted(account["role"] for account in running.stored_accounts()) == ["admin", "owner"]
