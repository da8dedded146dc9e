"""Signing up: a guest keeps id, name and messages; the account is stored once, before it is published."""

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest

from chat.domain.accounts.access_policy import AccessMode, AccessPolicy
from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountCreated
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import NameRefused
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.users import Member, Role
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.invitations import InvitationService
from chat.state.accounts.passwords import Passwords
from chat.state.chat import Chat
from chat.text.nicknames import parse_nickname
from tests.unit.state.support import CAFE, CHEAP, GOOD, SCHOOL, AccountChat, refusal


async def test_guest_keeps_name_and_messages(running: AccountChat):
    await running.chat.messages.post("ann", LOBBY, "Hello", "message01")
    running.published.clear()
    account = await running.accounts.sign_up("ann", "Ann", GOOD)
    assert (account.id, account.name, account.role) == ("ann", "Ann", Role.MEMBER)
    [message] = running.chat.lobby.conversation.history
    assert message.author == account.id
    assert running.account("ann") == account
    assert running.chat.people.member("ann").role is Role.MEMBER
    assert running.published == [AccountCreated(account)]


async def test_account_is_stored_before_it_is_published_and_without_the_password(running: AccountChat):
    found: list[list[dict[str, Any]]] = []
    running.chat.subscribe(lambda _: found.append(running.stored_accounts()))
    account = await running.accounts.sign_up("ann", "Ann", GOOD)
    [[row]] = found
    assert (row["id"], row["password"]) == ("ann", account.password)
    assert account.password.startswith("$argon2id$")
    assert GOOD not in json.dumps(found)


async def test_account_survives_a_restart(running: AccountChat, make_running: Callable[..., AccountChat], ann: Account):
    await running.chat.close()
    after = make_running()
    assert after.account("ann") == ann
    assert await after.accounts.sign_in("Ann", GOOD, SCHOOL) == ann


async def test_new_name_is_used_in_the_room_too(running: AccountChat):
    account = await running.accounts.sign_up("ann", "Anna", GOOD)
    assert running.chat.people.member("ann").name == "Anna"
    assert running.published == [AccountCreated(account)]


@pytest.fixture
def writes(running: AccountChat, monkeypatch: pytest.MonkeyPatch) -> list[bytes]:
    """Everything that is written to `accounts.json` from now on."""
    file, written = running.stores.accounts.file, list[bytes]()
    write = file.write

    def spy(content: list[bytes], **options: Any) -> None:
        written.append(b"".join(content))
        write(content, **options)

    monkeypatch.setattr(file, "write", spy)
    return written


async def test_sign_up_writes_the_accounts_once(running: AccountChat, writes: list[bytes]):
    await running.accounts.sign_up("ann", "Anna", GOOD)
    assert len(writes) == 1


async def test_sign_up_as_the_owner_writes_the_accounts_once(running: AccountChat, writes: list[bytes]):
    policy = AccessPolicy(AccessMode.INVITE, SharedPassword("", "room"), running.stores.invitations.load())
    invitations = InvitationService(policy, running.stores.invitations, running.chat.pipeline)
    invitations.create_for_owner("a token")
    async with invitations.using("a token") as role:
        account = await running.accounts.sign_up("ann", "Anna", GOOD, SCHOOL, role)
    assert account.role is running.chat.people.member("ann").role is Role.OWNER
    assert len(writes) == 1
    assert [row["role"] for row in running.stored_accounts()] == ["owner"]
    assert running.published == [AccountCreated(account)]


@pytest.mark.parametrize(
    ("name", "password", "key"),
    [
        ("Bob", GOOD, "name-taken"),
        ("admin", GOOD, "name-reserved"),
        ("", GOOD, "name-empty"),
        (None, GOOD, "name-empty"),
        ({"x": 1}, GOOD, "name-empty"),
        ("x" * 99, GOOD, "name-too-long"),
        ("Ann", "short", "password-too-short"),
        ("Ann", None, "password-too-short"),
        ("Ann", ["x"] * 20, "password-too-short"),
        ("Ann", "x" * 99_999, "password-too-long"),
        ("Ann", "iloveyou", "password-common"),
        ("Annabelle", "annabe11e", "password-is-name"),
        ("Ann", "\ud800" * 9, "password-invalid"),
    ],
)
async def test_bad_name_or_password_is_refused(running: AccountChat, name: object, password: object, key: str):
    assert (await refusal(running.accounts.sign_up("ann", name, password))).key == key
    assert running.published == running.stored_accounts() == []
    running.chat.members.check_name("cid", "Annabelle")


async def test_second_account_of_a_member_is_refused(running: AccountChat, ann: Account):
    assert (await refusal(running.accounts.sign_up("ann", "Anna", GOOD))).key == "account-exists"
    both = (running.accounts.sign_up("bob", name, GOOD) for name in ("Bob", "Robert"))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert sorted(type(result).__name__ for result in results) == ["Account", "AccountRefused"]


async def test_first_of_two_sign_ups_at_once_gets_the_name(running: AccountChat):
    both = (running.accounts.sign_up(who, name, GOOD) for who, name in (("ann", "Cid"), ("bob", "C1d")))
    results = await asyncio.gather(*both, return_exceptions=True)
    assert [type(result) for result in results] == [Account, NameRefused]
    assert [row["id"] for row in running.stored_accounts()] == ["ann"]


async def test_name_is_reserved_during_sign_up(running: AccountChat):
    signing_up = asyncio.create_task(running.accounts.sign_up("ann", "Cid", GOOD))
    await asyncio.sleep(0)
    with pytest.raises(NameRefused, match="name-account"):
        running.chat.members.connect(Member("eve", parse_nickname("Cid")), "tab")
    assert (await signing_up).name == "Cid"


async def test_sign_ups_from_one_address_are_limited(chat: Chat):
    accounts = AccountService(chat, Passwords(CHEAP))
    for number in range(200):
        await accounts.sign_up(f"guest{number}", f"Guest No {number}", GOOD, SCHOOL)
    assert (await refusal(accounts.sign_up("one more", "One more", GOOD, SCHOOL))).key == "sign-in-paused"
    assert await accounts.sign_up("one more", "One more", GOOD, CAFE)
    assert len(accounts) == 201


async def test_listener_hears_of_accounts_until_it_unsubscribes(running: AccountChat):
    def fail(_: object) -> None:
        raise RuntimeError

    heard: list[object] = []
    running.chat.subscribe(fail)
    unsubscribe = running.chat.subscribe(heard.append, AccountCreated)
    await running.accounts.sign_up("ann", "Ann", GOOD)
    unsubscribe()
    await running.accounts.sign_up("bob", "Bob", GOOD)
    assert len(heard) == 1


# Single sign-on.


async def test_sso_gives_the_first_free_name(running: AccountChat):
    account = await running.accounts.sign_in_by_sso("sso-1", ["Ann", "admin", "Cid"])
    assert (account.id, account.name, account.has_password, account.role) == ("sso-1", "Ann 2", False, Role.MEMBER)
    assert await running.accounts.sign_in_by_sso("sso-1", ["Another"]) == account
    assert running.published == [AccountCreated(account)]
    other = await running.accounts.sign_in_by_sso("sso-2", ["admin", ""])
    assert other.name == "Guest"
