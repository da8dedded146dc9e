"""Signing in: one answer to everything that is wrong, pauses after too many attempts, and sessions."""

import asyncio
from collections.abc import Callable

import pytest
from argon2 import PasswordHasher

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountChanged
from tests.unit.state.support import BETTER, CAFE, GOOD, SCHOOL, WRONG, AccountChat, refusal, unwritable


@pytest.mark.parametrize("name", ["Ann", " ANN ", "Ａｎｎ"])
async def test_name_and_password_sign_in(running: AccountChat, ann: Account, name: str):
    assert await running.accounts.sign_in(name, GOOD, SCHOOL) == ann


@pytest.mark.parametrize(
    ("name", "password"),
    [
        ("Ann", WRONG), ("Ann", None), ("Ann", {}), ("Ann", "x" * 99_999), ("Ann", "\ud800"), ("Änn", GOOD),
        ("Eve", GOOD),
        ("", GOOD), (None, GOOD), (["Ann"], GOOD), ("\ud800", GOOD), ("x" * 99_999, GOOD),
    ],
    ids=lambda value: ascii(value)[:20],
)  # fmt: skip
async def test_refusal_does_not_say_what_is_wrong(running: AccountChat, ann: Account, name: object, password: object):
    assert (await refusal(running.accounts.sign_in(name, password, SCHOOL))).key == "sign-in-wrong"


async def fail(running: AccountChat, times: int, name: str = "Ann", client: str = SCHOOL) -> list[str]:
    """Sign in with a wrong password so many times; return the refusals."""
    return [(await refusal(running.accounts.sign_in(name, WRONG, client))).key for _ in range(times)]


async def test_five_wrong_passwords_pause_even_the_right_one(running: AccountChat, ann: Account):
    assert await fail(running, 6) == ["sign-in-wrong"] * 5 + ["sign-in-paused"]
    assert (await refusal(running.accounts.sign_in("Ann", GOOD, SCHOOL))).key == "sign-in-paused"


async def test_attempts_at_once_count_each(running: AccountChat, ann: Account):
    refusals = await asyncio.gather(*(refusal(running.accounts.sign_in("ann", WRONG, SCHOOL)) for _ in range(20)))
    assert [refused.key for refused in refusals].count("sign-in-wrong") == 5


async def test_unknown_names_are_paused_in_the_same_way(running: AccountChat):
    assert await fail(running, 6, "Eve") == ["sign-in-wrong"] * 5 + ["sign-in-paused"]


async def test_attempts_from_elsewhere_do_not_pause_the_account_holder(running: AccountChat, ann: Account):
    await fail(running, 9, client=CAFE)
    assert await running.accounts.sign_in("Ann", GOOD, SCHOOL) == ann


async def test_attempts_with_many_names_pause_the_client(running: AccountChat, ann: Account):
    for number in range(100):
        await fail(running, 1, f"Name {number}")
    assert (await refusal(running.accounts.sign_in("Ann", GOOD, SCHOOL))).key == "sign-in-paused"
    assert await running.accounts.sign_in("Ann", GOOD, CAFE) == ann


async def test_attempts_from_many_clients_pause_the_name(running: AccountChat, ann: Account):
    keys = [(await refusal(running.accounts.sign_in("Ann", WRONG, f"198.51.100.{n // 5}"))).key for n in range(101)]
    assert keys == ["sign-in-wrong"] * 100 + ["sign-in-paused"]


async def test_strangers_do_not_pause_known_clients(running: AccountChat, ann: Account):
    await running.accounts.sign_in("Ann", GOOD, SCHOOL)
    for number in range(101):
        await refusal(running.accounts.sign_in("Ann", WRONG, f"198.51.100.{number // 5}"))
    await running.accounts.sign_in("Ann", GOOD, SCHOOL)
    assert (await refusal(running.accounts.sign_in("Ann", GOOD, "203.0.113.1"))).key == "sign-in-paused"
    await running.accounts.change_password("ann", GOOD, BETTER)


async def test_right_password_makes_up_for_wrong_ones(running: AccountChat, ann: Account):
    for _ in range(3):
        await fail(running, 4)
        await running.accounts.sign_in("Ann", GOOD, SCHOOL)


async def test_hash_with_old_parameters_is_replaced(
    running: AccountChat, make_running: Callable[..., AccountChat], ann: Account
):
    await running.chat.close()
    after = make_running(hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    account = await after.accounts.sign_in("Ann", GOOD, SCHOOL)
    assert "m=16,t=2" in account.password
    assert [row["password"] for row in after.stored_accounts()] == [account.password]
    assert account.generation == ann.generation
    assert await after.accounts.sign_in("Ann", GOOD, SCHOOL) == account


async def test_unstored_rehash_does_not_prevent_signing_in(
    running: AccountChat, make_running: Callable[..., AccountChat], ann: Account
):
    await running.chat.close()
    after = make_running(hasher=PasswordHasher(time_cost=2, memory_cost=16, parallelism=1))
    with unwritable(after.folder / "accounts.json"):
        assert await after.accounts.sign_in("Ann", GOOD, SCHOOL) == ann


# Sessions.


async def test_session_ends_with_its_generation(running: AccountChat, ann: Account):
    assert running.accounts.is_current("ann", ann.generation)
    await running.accounts.sign_out_everywhere("ann")
    assert not running.accounts.is_current("ann", ann.generation)
    account = running.account("ann")
    assert running.published == [AccountChanged(ann, account)]
    assert running.accounts.is_current("ann", account.generation)
    assert [row["generation"] for row in running.stored_accounts()] == [account.generation]


@pytest.mark.parametrize("generation", [None, "7", 7.5, {}, -1, True])
async def test_invalid_generation_is_not_current(running: AccountChat, ann: Account, generation: object):
    assert not running.accounts.is_current("ann", generation)
    assert not running.accounts.is_current("bob", generation)


async def test_ended_sessions_are_in_no_backup(running: AccountChat, ann: Account):
    await running.chat.members.rename("ann", "Anna")
    await running.accounts.sign_out_everywhere("ann")
    backups = running.folder.glob("accounts.json.backup-*")
    assert {backup.read_bytes() for backup in backups} == {(running.folder / "accounts.json").read_bytes()}
