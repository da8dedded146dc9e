"""Accounts: names that nobody else can use or imitate, sessions that end, and facts that count once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.directory import (
    Account,
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountEvent,
    Accounts,
)
from chat.domain.errors import AccountRefused, ChatError, NameRefused
from chat.domain.text.confusables import skeleton
from chat.domain.users import Member, Role
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ANN = Account("ann", parse_nickname("Ann"), "hash of Ann", NOON, 7)
BOB = Account("bob", parse_nickname("Bob"), "hash of Bob", NOON, 7)


@pytest.fixture
def accounts() -> Accounts:
    return Accounts([ANN, BOB])


def applied(accounts: Accounts, event: AccountEvent) -> Account | None:
    assert accounts.apply(event)
    return accounts.get(event.account.id)


# Names.


@pytest.mark.parametrize(
    "imitation",
    [
        "Ann", "ANN", "ann", "Änn", "A n n", "A.n.n", "~Ann~", "Ａｎｎ", "𝐀𝐧𝐧",
        "Аnп", "Αпп", "ᎪNN", "A\u0301nn", "Ann!",
    ],
    ids=ascii,
)  # fmt: skip
def test_nobody_else_has_the_name_or_one_that_looks_like_it(accounts: Accounts, imitation: str):
    assert accounts.reserved_by(parse_nickname(imitation)) == "ann"


@pytest.mark.parametrize(
    ("name", "imitation"),
    [
        ("Bob", "B0b"), ("Bob", "ВоЬ"), ("Lilli", "1i11i"), ("Ian", "lan"), ("Ian", "|an"),
        ("Tom", "Torn"), ("Willi", "VVilli"), ("paypal", "рауpal"), ("Οδυσσέας", "Oδυσσεασ"), ("Søren", "Soren"),
        ("عُمَر", "عمر"), ("Jose", "José"), ("ΗΡΑ", "HPA"), ("Ann 🦊", "ann🦊"),
        ("Anna", "ꓮꓠꓠꓮ"), ("Anna", "Ɑnnɑ"), ("Gina", "ɡinɑ"), ("Gina", "ɢɪɴᴀ"), ("Olga", "Ⲟlgɑ"),
    ],
    ids=ascii,
)  # fmt: skip
def test_these_look_alike(name: str, imitation: str):
    assert skeleton(name) == skeleton(imitation)


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("Ann", "Anna"), ("Ann", "Nan"), ("Bob", "Rob"), ("李雷", "李磊"), ("राम", "रमा"), ("มา", "มี"),
        ("Ann", "Ann 🦊"), ("🦊", "🐻"), ("Дима", "Дина"), ("+++", "==="),
    ],
    ids=ascii,
)  # fmt: skip
def test_these_do_not(name: str, other: str):
    assert skeleton(name) != skeleton(other)


def test_a_free_name_is_nobodys(accounts: Accounts):
    assert accounts.reserved_by(parse_nickname("Cid")) is None


def test_a_name_is_found_in_whatever_case_but_not_by_its_looks(accounts: Accounts):
    assert accounts.named(parse_nickname("aNN")) == ANN
    assert accounts.named(parse_nickname("Änn")) is None


def test_a_held_name_is_the_holders_until_it_is_let_go(accounts: Accounts):
    with accounts.hold("cid", parse_nickname("Cid")):
        assert accounts.reserved_by(parse_nickname("C1d")) == "cid"
        assert accounts.reserved_by(parse_nickname("CID")) == "cid"
    assert accounts.reserved_by(parse_nickname("Cid")) is None


def test_a_held_name_cannot_be_held_or_had_by_another(accounts: Accounts):
    with accounts.hold("cid", parse_nickname("Cid")):
        with pytest.raises(NameRefused, match="name-account"), accounts.hold("eve", parse_nickname("C1d")):
            pass
        with pytest.raises(NameRefused, match="name-account"):
            accounts.create("eve", parse_nickname("Cíd"), "hash", NOON)
        assert accounts.create("cid", parse_nickname("Cid"), "hash", NOON)


def test_two_names_of_a_file_that_look_alike_both_work():
    lan, ian = replace(ANN, nickname=parse_nickname("Lan")), replace(BOB, nickname=parse_nickname("Ian"))
    accounts = Accounts([lan, ian])
    assert (accounts.reserved_by(lan.nickname), accounts.reserved_by(ian.nickname)) == ("ann", "bob")
    accounts.apply(AccountDeleted(lan))
    assert accounts.reserved_by(lan.nickname) == "bob"


# Signing up.


def test_a_guest_becomes_a_member_with_the_same_id(accounts: Accounts):
    event = accounts.create("cid", parse_nickname("Cid"), "hash of Cid", NOON)
    account = applied(accounts, event)
    assert account == event.account
    assert account.member == Member("cid", parse_nickname("Cid"), Role.MEMBER)
    assert (account.name, account.key, account.password, account.created) == ("Cid", "cid", "hash of Cid", NOON)


def test_deciding_changes_nothing(accounts: Accounts):
    accounts.create("cid", parse_nickname("Cid"), "hash", NOON)
    accounts.delete("ann")
    assert list(accounts) == [ANN, BOB]


def test_nobody_has_two_accounts(accounts: Accounts):
    with pytest.raises(AccountRefused, match="account-exists"):
        accounts.create("ann", parse_nickname("Anna"), "hash", NOON)


@pytest.mark.parametrize(
    ("name", "key"), [("B0b", "name-account"), ("Admin", "name-reserved"), ("x" * 33, "name-too-long")]
)
def test_an_account_needs_a_name_of_its_own(accounts: Accounts, name: str, key: str):
    with pytest.raises(NameRefused, match=key):
        accounts.create("cid", parse_nickname(name), "hash", NOON)
    with pytest.raises(NameRefused, match=key):
        accounts.rename("ann", parse_nickname(name))


# Changes.


def test_a_new_name_is_reserved_and_the_old_one_free(accounts: Accounts):
    account = applied(accounts, accounts.rename("ann", parse_nickname("Anna")))
    assert account == replace(ANN, nickname=parse_nickname("Anna"))
    assert accounts.reserved_by(parse_nickname("Anna")) == "ann"
    assert accounts.reserved_by(parse_nickname("Ann")) is None


def test_ones_own_name_can_be_written_in_another_way(accounts: Accounts):
    account = applied(accounts, accounts.rename("ann", parse_nickname("ÄNN")))
    assert account
    assert account.name == "ÄNN"


def test_a_new_password_ends_the_sessions(accounts: Accounts):
    account = applied(accounts, accounts.change_password("ann", "another hash", LATER))
    assert account
    assert account.password == "another hash"
    assert account.generation > ANN.generation


def test_the_same_password_hashed_anew_does_not(accounts: Accounts):
    assert applied(accounts, accounts.rehash("ann", ANN.password, "another hash")) == replace(
        ANN, password="another hash"
    )


def test_a_password_that_was_changed_meanwhile_is_not_hashed_anew(accounts: Accounts):
    with pytest.raises(AccountRefused):
        accounts.rehash("ann", "the hash before", "another hash")


def test_sessions_end_again_and_again_also_at_the_same_time(accounts: Accounts):
    seen = {ANN.generation}
    for _ in range(3):
        account = applied(accounts, accounts.end_sessions("ann", NOON))
        assert account
        assert account.generation > max(seen)
        seen.add(account.generation)


def test_an_account_that_is_made_again_does_not_take_up_the_old_sessions(accounts: Accounts):
    first = applied(accounts, accounts.create("cid", parse_nickname("Cid"), "hash", NOON))
    assert first
    accounts.apply(accounts.delete("cid"))
    second = applied(accounts, accounts.create("cid", parse_nickname("Cid"), "hash", LATER))
    assert second
    assert second.generation > first.generation


def test_a_role_is_kept(accounts: Accounts):
    account = applied(accounts, accounts.set_role("ann", Role.MODERATOR))
    assert account
    assert account.member.role is Role.MODERATOR


def test_a_deleted_account_frees_its_name(accounts: Accounts):
    accounts.apply(accounts.delete("ann"))
    assert list(accounts) == [BOB]
    assert accounts.reserved_by(parse_nickname("Ann")) is None
    assert accounts.named(parse_nickname("Ann")) is None


DECISIONS = {
    "rename": lambda accounts: accounts.rename("eve", parse_nickname("Eve")),
    "change the password": lambda accounts: accounts.change_password("eve", "hash", NOON),
    "rehash": lambda accounts: accounts.rehash("eve", "hash", "hash"),
    "end sessions": lambda accounts: accounts.end_sessions("eve", NOON),
    "set the role": lambda accounts: accounts.set_role("eve", Role.ADMIN),
    "delete": lambda accounts: accounts.delete("eve"),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_what_is_about_nobody_is_refused(accounts: Accounts, decide):
    with pytest.raises(ChatError, match="account-gone"):
        decide(accounts)


# Facts.

FACTS = {
    "created": AccountCreated(replace(ANN, id="cid", nickname=parse_nickname("Cid"))),
    "changed": AccountChanged(ANN, replace(ANN, nickname=parse_nickname("Anna"))),
    "deleted": AccountDeleted(ANN),
}


@pytest.mark.parametrize("event", FACTS.values(), ids=FACTS)
def test_a_fact_counts_once(accounts: Accounts, event: AccountEvent):
    assert accounts.apply(event)
    after = list(accounts)
    assert not accounts.apply(event)
    assert list(accounts) == after


@pytest.mark.parametrize("event", FACTS.values(), ids=FACTS)
def test_what_would_be_is_what_will_be(accounts: Accounts, event: AccountEvent):
    after = {account.id: account for account in accounts.after(event)}
    assert list(accounts) == [ANN, BOB]
    accounts.apply(event)
    assert after == {account.id: account for account in accounts}


def test_a_change_of_what_is_different_by_now_does_not_count(accounts: Accounts):
    assert not accounts.apply(AccountChanged(replace(ANN, generation=6), replace(ANN, generation=9)))
    assert accounts.get("ann") == ANN


def test_a_password_is_not_printed():
    assert "hash of Ann" not in repr(ANN)
