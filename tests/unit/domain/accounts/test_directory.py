"""Accounts: names that are reserved, sessions that end, and events that count once."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from chat.domain.accounts.account import Account
from chat.domain.accounts.directory import MAX_DELETED, Directory
from chat.domain.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountEvent,
    MemberRenamed,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.accounts.password_resets import PasswordReset
from chat.domain.errors import AccountRefused, ChatError, NameRefused
from chat.domain.people.people import People
from chat.domain.users import Member, Role, UserRef
from chat.text.nicknames import parse_nickname

NOON = datetime(2026, 5, 1, 12, tzinfo=UTC)
LATER = NOON + timedelta(hours=1)
ANN = Account("ann", parse_nickname("Ann"), "hash of Ann", NOON, 7)
BOB = Account("bob", parse_nickname("Bob"), "hash of Bob", NOON, 7)
ADMIN = UserRef("olga", "Olga")


@pytest.fixture
def directory() -> Directory:
    return Directory([ANN, BOB])


def renamed(account: Account, name: str) -> MemberRenamed:
    return MemberRenamed(account.id, account.nickname, parse_nickname(name), NOON)


def role_changed(account: Account, role: Role) -> RoleChanged:
    return RoleChanged("lobby", ADMIN, account.member.ref, NOON, account.role, role)


def apply(directory: Directory, event: AccountCreated | AccountChanged) -> Account:
    """Apply an event that changes something, and return the account."""
    assert directory.apply(event)
    account = directory.get(event.account.id)
    assert account
    return account


# Names.


@pytest.mark.parametrize(
    "imitation",
    [
        "Ann", "ANN", "ann", "Änn", "A n n", "A.n.n", "~Ann~", "Ａｎｎ", "𝐀𝐧𝐧",
        "Аnп", "Αпп", "ᎪNN", "A\u0301nn", "Ann!",
    ],
    ids=ascii,
)  # fmt: skip
def test_name_and_its_look_alikes_are_reserved(directory: Directory, imitation: str):
    assert directory.reserved_by(parse_nickname(imitation)) == "ann"


def test_unused_name_is_free(directory: Directory):
    assert directory.reserved_by(parse_nickname("Cid")) is None


def test_account_is_found_by_name_in_any_case_but_not_by_look_alikes(directory: Directory):
    assert directory.find_by_name(parse_nickname("aNN")) == ANN
    assert directory.find_by_name(parse_nickname("Änn")) is None


def test_held_name_is_reserved_until_released(directory: Directory):
    with directory.hold_name("cid", parse_nickname("Cid")):
        assert directory.reserved_by(parse_nickname("C1d")) == "cid"
        assert directory.reserved_by(parse_nickname("CID")) == "cid"
    assert directory.reserved_by(parse_nickname("Cid")) is None


def test_held_name_is_refused_to_others(directory: Directory):
    with directory.hold_name("cid", parse_nickname("Cid")):
        with (
            pytest.raises(NameRefused, match="name-account"),
            directory.hold_name("eve", parse_nickname("C1d")),
        ):
            pass
        with pytest.raises(NameRefused, match="name-account"):
            directory.create("eve", parse_nickname("Cíd"), "hash", NOON)
        assert directory.create("cid", parse_nickname("Cid"), "hash", NOON)


def test_look_alike_names_from_an_old_file_both_work():
    lan, ian = replace(ANN, nickname=parse_nickname("Lan")), replace(BOB, nickname=parse_nickname("Ian"))
    directory = Directory([lan, ian])
    assert (directory.reserved_by(lan.nickname), directory.reserved_by(ian.nickname)) == ("ann", "bob")
    directory.apply(AccountDeleted(lan))
    assert directory.reserved_by(lan.nickname) == "bob"


# Signing up.


def test_guest_becomes_member_with_the_same_id(directory: Directory):
    event = directory.create("cid", parse_nickname("Cid"), "hash of Cid", NOON)
    account = apply(directory, event)
    assert account == event.account
    assert account.member == Member("cid", parse_nickname("Cid"), Role.MEMBER)
    assert (account.name, account.key, account.password, account.created) == ("Cid", "cid", "hash of Cid", NOON)


def test_decisions_change_nothing(directory: Directory):
    directory.create("cid", parse_nickname("Cid"), "hash", NOON)
    directory.delete("ann")
    assert list(directory) == [ANN, BOB]


def test_second_account_is_refused(directory: Directory):
    with pytest.raises(AccountRefused, match="account-exists"):
        directory.create("ann", parse_nickname("Anna"), "hash", NOON)


@pytest.mark.parametrize(
    ("name", "key"), [("B0b", "name-account"), ("Admin", "name-reserved"), ("x" * 33, "name-too-long")]
)
def test_invalid_or_reserved_name_is_refused(directory: Directory, name: str, key: str):
    with pytest.raises(NameRefused, match=key):
        directory.create("cid", parse_nickname(name), "hash", NOON)
    with pytest.raises(NameRefused, match=key):
        People(timedelta(0), accounts=directory).check_name("ann", parse_nickname(name))


# Changes.


def test_renaming_reserves_new_name_and_frees_old_one(directory: Directory):
    assert directory.apply(renamed(ANN, "Anna"))
    assert directory.get("ann") == replace(ANN, nickname=parse_nickname("Anna"))
    assert directory.reserved_by(parse_nickname("Anna")) == "ann"
    assert directory.reserved_by(parse_nickname("Ann")) is None


def test_own_name_can_be_spelled_differently(directory: Directory):
    People(timedelta(0), accounts=directory).check_name("ann", parse_nickname("ÄNN"))
    assert directory.apply(renamed(ANN, "ÄNN"))
    account = directory.get("ann")
    assert account
    assert account.name == "ÄNN"


def test_new_password_ends_sessions(directory: Directory):
    account = apply(directory, directory.change_password("ann", "another hash", LATER))
    assert account.password == "another hash"
    assert account.generation > ANN.generation


def test_rehashing_keeps_sessions(directory: Directory):
    rehashed = apply(directory, directory.rehash("ann", ANN.password, "another hash"))
    assert rehashed == replace(ANN, password="another hash")


def test_password_changed_meanwhile_is_not_rehashed(directory: Directory):
    with pytest.raises(AccountRefused):
        directory.rehash("ann", "the hash before", "another hash")


def test_sessions_end_repeatedly_at_the_same_time(directory: Directory):
    seen = {ANN.generation}
    for _ in range(3):
        account = apply(directory, directory.end_sessions("ann", NOON))
        assert account.generation > max(seen)
        seen.add(account.generation)


def test_recreated_account_does_not_resume_old_sessions(directory: Directory):
    first = apply(directory, directory.create("cid", parse_nickname("Cid"), "hash", NOON))
    directory.apply(directory.delete("cid"))
    second = apply(directory, directory.create("cid", parse_nickname("Cid"), "hash", LATER))
    assert second.generation > first.generation


def test_role_is_kept(directory: Directory):
    assert directory.apply(role_changed(ANN, Role.MODERATOR))
    account = directory.get("ann")
    assert account
    assert account.member.role is Role.MODERATOR


def test_deletion_frees_name(directory: Directory):
    directory.apply(directory.delete("ann"))
    assert list(directory) == [BOB]
    assert directory.reserved_by(parse_nickname("Ann")) is None
    assert directory.find_by_name(parse_nickname("Ann")) is None


def test_owner_with_a_password_does_not_count_among_those_without(directory: Directory):
    directory.apply(AccountCreated(Account("own", parse_nickname("Own"), "hash", NOON, 7, Role.OWNER)))
    sam, pat = (Account(f"sso-{name}", parse_nickname(name), "", NOON, 7) for name in ("Sam", "Pat"))
    for account in (sam, pat):
        directory.apply(AccountCreated(account))
    assert [directory.role_by_password(one.id) for one in (ANN, sam, pat)] == [Role.ADMIN, Role.OWNER, Role.OWNER]
    directory.apply(role_changed(sam, Role.OWNER))
    assert directory.role_by_password(pat.id) is Role.ADMIN


def test_admin_password_makes_the_first_account_holder_owner(directory: Directory):
    assert directory.role_by_password("ann") is Role.OWNER
    assert directory.role_by_password("eve") is Role.ADMIN
    directory.apply(role_changed(BOB, Role.OWNER))
    assert directory.role_by_password("ann") is Role.ADMIN


DECISIONS = {
    "change the password": lambda directory: directory.change_password("eve", "hash", NOON),
    "rehash": lambda directory: directory.rehash("eve", "hash", "hash"),
    "end sessions": lambda directory: directory.end_sessions("eve", NOON),
    "delete": lambda directory: directory.delete("eve"),
}


@pytest.mark.parametrize("decide", DECISIONS.values(), ids=DECISIONS)
def test_unknown_account_is_refused(directory: Directory, decide):
    with pytest.raises(ChatError, match="account-gone"):
        decide(directory)


# Events.

EVE = Account("eve", parse_nickname("Eve"), "", NOON, 7)
EVENTS = {
    "created": AccountCreated(replace(ANN, id="cid", nickname=parse_nickname("Cid"))),
    "changed": AccountChanged(ANN, replace(ANN, password="another hash")),
    "deleted": AccountDeleted(ANN),
    "renamed": renamed(ANN, "Anna"),
    "role changed": role_changed(ANN, Role.MODERATOR),
    "reset created": PasswordResetCreated(ADMIN, ANN.member.ref, NOON, PasswordReset("digest", LATER)),
    "reset used": PasswordResetUsed(ANN.member.ref, LATER, "chosen hash"),
}


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_event_counts_once(directory: Directory, event: AccountEvent):
    assert directory.apply(event)
    after = list(directory)
    assert not directory.apply(event)
    assert list(directory) == after


@pytest.mark.parametrize("event", EVENTS.values(), ids=EVENTS)
def test_copy_shows_the_result_and_is_independent(directory: Directory, event: AccountEvent):
    copy = directory.copy()
    assert copy.apply(event)
    assert list(directory) == [ANN, BOB]
    directory.apply(event)
    assert list(copy) == list(directory)


@pytest.mark.parametrize("event", [renamed(EVE, "Eva"), role_changed(EVE, Role.ADMIN)], ids=["renamed", "role"])
def test_event_about_a_guest_changes_no_account(directory: Directory, event: AccountEvent):
    assert not directory.apply(event)
    assert list(directory) == [ANN, BOB]


def test_change_of_an_outdated_account_does_not_count(directory: Directory):
    assert not directory.apply(AccountChanged(replace(ANN, generation=6), replace(ANN, generation=9)))
    assert directory.get("ann") == ANN


def test_password_is_not_in_repr():
    assert "hash of Ann" not in repr(ANN)


def test_only_the_accounts_deleted_last_are_remembered(directory: Directory):
    first, again, *others = [replace(ANN, id=f"account{number:04}") for number in range(MAX_DELETED + 2)]
    for account in (again, first, again, *others):
        directory.apply(AccountCreated(account))
        directory.apply(AccountDeleted(account))
    assert [*directory.deleted] == [account.id for account in (again, *others)][-MAX_DELETED:]
    assert [*directory.copy().deleted] == [*directory.deleted]
