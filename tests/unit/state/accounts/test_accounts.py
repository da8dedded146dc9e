"""Accounts: new passwords, deletion, and that each change is stored before it happens."""

import asyncio
import shutil
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountDeleted
from chat.domain.errors import AccountRefused, AccountsUnwritable, HistoryUnwritable
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.moderation.moderation_actions import ChangeRole
from chat.domain.users import Role
from tests.unit.state.support import (
    ADMIN_PASSWORD,
    BETTER,
    GOOD,
    OWNER,
    SCHOOL,
    WRONG,
    AccountChat,
    files_with,
    refusal,
    tab,
    unwritable,
)


async def test_new_password_replaces_the_old_one_and_ends_all_sessions(running: AccountChat, ann: Account):
    account = await running.accounts.change_password("ann", GOOD, BETTER)
    assert not running.accounts.is_current("ann", ann.generation)
    assert (await refusal(running.accounts.sign_in("Ann", GOOD, SCHOOL))).key == "sign-in-wrong"
    assert await running.accounts.sign_in("Ann", BETTER, SCHOOL) == account
    assert not files_with(running.folder, ann.password.encode())


@pytest.mark.parametrize(
    ("old", "new", "key"),
    [
        (WRONG, BETTER, "password-wrong"),
        (None, BETTER, "password-wrong"),
        (GOOD, "short", "password-too-short"),
        (GOOD, None, "password-too-short"),
        (GOOD, "password1", "password-common"),
    ],
)
async def test_wrong_or_weak_password_changes_nothing(
    running: AccountChat, ann: Account, old: object, new: object, key: str
):
    assert (await refusal(running.accounts.change_password("ann", old, new))).key == key
    assert running.account("ann") == ann
    assert running.published == []


async def test_five_wrong_old_passwords_pause_further_attempts(running: AccountChat, ann: Account):
    keys = [(await refusal(running.accounts.change_password("ann", WRONG, BETTER))).key for _ in range(6)]
    assert keys == ["password-wrong"] * 5 + ["sign-in-paused"]


async def test_one_of_two_new_passwords_at_once_wins(running: AccountChat, ann: Account):
    both = (running.accounts.change_password("ann", GOOD, new) for new in (BETTER, "six tired herons"))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Account", "AccountRefused"]


async def test_new_password_and_new_role_at_once_both_stay(running: AccountChat, ann: Account):
    running.chat.members.connect(OWNER, tab(OWNER))
    await asyncio.gather(
        running.accounts.change_password("ann", GOOD, BETTER),
        running.chat.messages.post("ann", LOBBY, f"/admin {ADMIN_PASSWORD}", "message01"),
        running.chat.moderation.perform("owner", LOBBY, ChangeRole("bob", "member")),
    )
    assert not running.accounts.is_current("ann", ann.generation)
    assert running.account("ann").role is Role.OWNER
    assert await running.accounts.sign_in("Ann", BETTER, SCHOOL) == running.account("ann")


# Deletion.


async def test_deleted_account_is_gone_and_its_messages_stay(running: AccountChat, ann: Account):
    await running.chat.messages.post("ann", LOBBY, "Hello", "message01")
    running.published.clear()
    await running.accounts.delete("ann", GOOD, anonymize=False)
    assert running.accounts.account("ann") is None
    assert not running.accounts.is_current("ann", ann.generation)
    assert running.published[0] == AccountDeleted(ann)
    assert "ann" not in running.chat.people.members
    [message] = running.chat.lobby.conversation.history
    assert (message.author, message.name) == ("ann", "Ann")
    assert not files_with(running.folder, ann.password.encode())
    running.chat.members.check_name("eve", "Ann")


async def test_anonymized_member_is_named_nowhere(running: AccountChat):
    await running.accounts.sign_up("ann", "Annabelle", GOOD)
    await running.chat.messages.post("ann", LOBBY, "Hello", "message01")
    await running.chat.messages.post("bob", LOBBY, "@Annabelle Hi", "message02", "message01")
    await running.chat.messages.react("ann", LOBBY, "message02", "🎉")
    await running.accounts.delete("ann", GOOD, anonymize=True)
    assert files_with(running.folder, b"Annabelle") == []
    conversation = running.chat.lobby.conversation
    assert "Annabelle" not in repr([*conversation.history, *conversation.timeline])
    assert "'ann'" not in repr([*conversation.history, *conversation.timeline])
    assert conversation.names.get("ann") is None
    hello, hi = conversation.history
    assert (hello.name, hello.text, hi.text) == ("Anonymous", "Hello", "@Anonymous Hi")
    assert hi.reply
    assert hi.reply.author == hello.author


async def test_account_made_again_has_new_sessions(running: AccountChat, ann: Account):
    await running.accounts.delete("ann", GOOD, anonymize=False)
    again = await running.accounts.sign_up("ann", "Ann", GOOD)
    assert again.generation != ann.generation


async def test_sso_account_is_deleted_without_a_password(running: AccountChat):
    account = await running.accounts.sign_in_by_sso("sso-1", ["Ann"])
    await running.accounts.delete(account.id, "", anonymize=False)
    assert running.stored_accounts() == []


async def test_wrong_password_deletes_nothing(running: AccountChat, ann: Account):
    await running.chat.messages.post("ann", LOBBY, "Hello", "message01")
    assert (await refusal(running.accounts.delete("ann", WRONG, anonymize=True))).key == "password-wrong"
    assert running.account("ann") == ann
    [message] = running.chat.lobby.conversation.history
    assert message.name == "Ann"


async def test_account_stays_if_its_messages_can_not_be_anonymized(running: AccountChat, ann: Account):
    await running.chat.messages.post("ann", LOBBY, "Hello", "message01")
    with unwritable(running.folder / "chat_log.json"), pytest.raises(HistoryUnwritable):
        await running.accounts.delete("ann", GOOD, anonymize=True)
    assert running.account("ann") == ann
    await running.accounts.delete("ann", GOOD, anonymize=True)
    assert running.accounts.account("ann") is None


# Stored before it happens.

Change = Callable[[AccountChat], Awaitable[object]]

CHANGES: dict[str, Change] = {
    "sign up": lambda running: running.accounts.sign_up("bob", "Bob", GOOD),
    "change the password": lambda running: running.accounts.change_password("ann", GOOD, BETTER),
    "sign out everywhere": lambda running: running.accounts.sign_out_everywhere("ann"),
    "change the role": lambda running: running.chat.moderation.perform("owner", LOBBY, ChangeRole("ann", "admin")),
    "rename": lambda running: running.chat.members.rename("ann", "Anna"),
    "delete": lambda running: running.accounts.delete("ann", GOOD, anonymize=False),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
async def test_unstored_change_did_not_happen_and_works_later(running: AccountChat, ann: Account, change: Change):
    running.chat.members.connect(OWNER, tab(OWNER))
    running.published.clear()
    before, roster = running.stored_accounts(), running.chat.people.roster()
    with unwritable(running.folder / "accounts.json"), pytest.raises(AccountsUnwritable):
        await change(running)
    assert running.published == []
    assert running.stored_accounts() == before
    assert running.account("ann") == ann
    assert running.accounts.account("bob") is None
    assert running.chat.people.roster() == roster
    await change(running)
    assert len([event for event in running.published if type(event).__module__.endswith("accounts.events")]) == 1


@pytest.mark.parametrize("name", ["change the password", "sign out everywhere", "delete"])
async def test_change_without_an_account_is_refused(running: AccountChat, name: str):
    with pytest.raises(AccountRefused, match="account-gone"):
        await CHANGES[name](running)


async def test_change_completes_though_its_caller_is_cancelled(running: AccountChat, ann: Account, tmp_path: Path):
    cancelled = asyncio.create_task(running.accounts.sign_out_everywhere("ann"))
    await asyncio.sleep(0)
    cancelled.cancel()
    await running.chat.pipeline.close()
    assert not running.accounts.is_current("ann", ann.generation)
    copy = AccountChat(shutil.copytree(running.folder, tmp_path / "copy"))
    assert copy.account("ann") == running.account("ann")
    await copy.chat.close()
