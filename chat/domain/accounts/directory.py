"""Accounts: names that belong to somebody for good. Decides what may change (returning facts), and applies facts."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from datetime import datetime

from chat.domain.accounts.name_reservations import ReservedNames
from chat.domain.errors import AccountRefused
from chat.domain.users import Member, Nickname, Role, check_nickname


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody with a password. `id` is their member id, from the time when they were a guest.

    `password` is a hash that only `chat.state.passwords` understands; empty for whom single sign-on knows. Sessions
    of another `generation` than this are over; it only grows, also beyond a deletion.
    """

    id: str
    nickname: Nickname
    password: str = field(repr=False)
    created: datetime
    generation: int
    role: Role = Role.MEMBER

    @property
    def name(self) -> str:
        """The name other people see."""
        return self.nickname.shown

    @property
    def key(self) -> str:
        """The name as it is compared."""
        return self.nickname.key

    @property
    def has_password(self) -> bool:
        """Whether there is a password by which the holder is known."""
        return bool(self.password)

    @property
    def member(self) -> Member:
        """Who this is in a room."""
        return Member(self.id, self.nickname, self.role)


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """Somebody signed up."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """An account has another name, password, role or generation; `before` is how it was."""

    before: Account
    account: Account


@dataclass(frozen=True, slots=True)
class AccountDeleted:
    """An account is no more, and its name is free."""

    account: Account


AccountEvent = AccountCreated | AccountChanged | AccountDeleted


class Accounts:
    """All accounts, by id and by name. Decisions change nothing; `apply` does."""

    def __init__(self, accounts: Iterable[Account] = ()) -> None:
        self._by_id: dict[str, Account] = {}
        self._names = ReservedNames()
        for account in accounts:
            self._put(account)

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, account_id: str) -> Account | None:
        """The account with this id."""
        return self._by_id.get(account_id)

    def named(self, nickname: Nickname) -> Account | None:
        """The account with exactly this name, whatever its case."""
        return self._by_id.get(self._names.exactly(nickname) or "")

    def reserved_by(self, nickname: Nickname) -> str | None:
        """The id of whoever has this name, or one that looks like it, for themselves."""
        return self._names.owner(nickname)

    def hold(self, member_id: str, nickname: Nickname) -> AbstractContextManager[None]:
        """Keep a name for a member while their account is written down; raises `NameRefused`."""
        return self._names.hold(member_id, nickname)

    # Decisions.

    def create(self, member_id: str, nickname: Nickname, password: str, now: datetime) -> AccountCreated:
        """A guest signs up; raises `NameRefused`, and `AccountRefused` for who has an account."""
        if member_id in self._by_id:
            raise AccountRefused("account-exists")
        self._check_name(member_id, nickname)
        return AccountCreated(Account(member_id, nickname, password, now, _generation(now)))

    def rename(self, account_id: str, nickname: Nickname) -> AccountChanged:
        """The person takes another name; raises `NameRefused`, `AccountRefused`."""
        account = self._known(account_id)
        self._check_name(account_id, nickname)
        return AccountChanged(account, replace(account, nickname=nickname))

    def change_password(self, account_id: str, password: str, now: datetime) -> AccountChanged:
        """The password is another one, and all sessions are over; raises `AccountRefused`."""
        changed = self.end_sessions(account_id, now)
        return replace(changed, account=replace(changed.account, password=password))

    def rehash(self, account_id: str, before: str, password: str) -> AccountChanged:
        """The same password is hashed in another way; raises `AccountRefused` if it is not the same any more."""
        account = self._known(account_id)
        if account.password != before:
            raise AccountRefused("account-gone")
        return AccountChanged(account, replace(account, password=password))

    def end_sessions(self, account_id: str, now: datetime) -> AccountChanged:
        """All sessions of the account are over; raises `AccountRefused`."""
        account = self._known(account_id)
        return AccountChanged(account, replace(account, generation=max(account.generation + 1, _generation(now))))

    def set_role(self, account_id: str, role: Role) -> AccountChanged:
        """The account has another role; raises `AccountRefused`."""
        account = self._known(account_id)
        return AccountChanged(account, replace(account, role=role))

    def delete(self, account_id: str) -> AccountDeleted:
        """The account goes; raises `AccountRefused`."""
        return AccountDeleted(self._known(account_id))

    def _known(self, account_id: str) -> Account:
        try:
            return self._by_id[account_id]
        except KeyError:
            raise AccountRefused("account-gone") from None

    def _check_name(self, member_id: str, nickname: Nickname) -> None:
        check_nickname(nickname)
        self._names.check(member_id, nickname)

    # Facts.

    def apply(self, event: AccountEvent) -> bool:
        """Take in a fact; the same one again changes nothing. Returns whether something is new."""
        match event:
            case AccountCreated(account=account):
                if account.id in self._by_id:
                    return False
                self._put(account)
            case AccountChanged(before=before, account=account):
                if self._by_id.get(account.id) != before or before == account:
                    return False
                self._drop(before)
                self._put(account)
            case AccountDeleted(account=account):
                if self._by_id.get(account.id) != account:
                    return False
                self._drop(account)
        return True

    def after(self, event: AccountEvent) -> list[Account]:
        """The accounts as they would be after a fact."""
        by_id = self._by_id | {event.account.id: event.account}
        if isinstance(event, AccountDeleted):
            del by_id[event.account.id]
        return list(by_id.values())

    def _put(self, account: Account) -> None:
        self._by_id[account.id] = account
        self._names.reserve(account.id, account.nickname)

    def _drop(self, account: Account) -> None:
        del self._by_id[account.id]
        self._names.release(account.id, account.nickname)


def _generation(now: datetime) -> int:
    # A time, so that an account that is deleted and made again does not take up the sessions of before.
    return int(now.timestamp() * 1000)
