"""All accounts: decides changes, and applies the events."""

from collections.abc import Iterable, Iterator
from contextlib import AbstractContextManager
from dataclasses import replace
from datetime import datetime

from chat.domain.accounts.account import Account, generation_at
from chat.domain.accounts.events import (
    AccountChanged,
    AccountCreated,
    AccountDeleted,
    AccountEvent,
    AvatarChanged,
    MemberRenamed,
    PasswordResetCreated,
    PasswordResetUsed,
    RoleChanged,
)
from chat.domain.accounts.invitations import digest_of
from chat.domain.accounts.member_updates import MemberUpdate, updated, updated_member
from chat.domain.accounts.name_reservations import NameReservations
from chat.domain.accounts.password_resets import LIFETIME, PasswordReset
from chat.domain.errors import AccountRefused
from chat.domain.nickname_policy import check_nickname
from chat.domain.users import Nickname, Role, UserRef

MAX_DELETED = 1000


class Directory:
    """Accounts by id and by name. Decisions change nothing; `apply` does.

    `deleted` has the ids of the accounts deleted last, oldest first: their messages may still be there, but they won't
    return.
    """

    def __init__(self, accounts: Iterable[Account] = (), deleted: Iterable[str] = ()) -> None:
        self.deleted = dict.fromkeys(deleted)
        self._by_id: dict[str, Account] = {}
        self._names = NameReservations()
        for account in accounts:
            self._put(account)

    def __iter__(self) -> Iterator[Account]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def get(self, account_id: str) -> Account | None:
        return self._by_id.get(account_id)

    def find_by_name(self, nickname: Nickname) -> Account | None:
        """Return the account with exactly this name, regardless of case."""
        return self._by_id.get(self._names.exact_owner(nickname) or "")

    def reserved_by(self, nickname: Nickname) -> str | None:
        """Return the id of the only member allowed to have this name, or one that looks like it."""
        return self._names.owner(nickname)

    def hold_name(self, member_id: str, nickname: Nickname) -> AbstractContextManager[None]:
        """Reserve the name until the account is stored; raises `NameRefused`."""
        return self._names.hold(member_id, nickname)

    def role_by_password(self, member_id: str) -> Role:
        """Return the role granted by the admin password: owner for the first account holder, admin otherwise.

        Only owners who sign in the same way as the member count: by password, or by single sign-on.
        """
        account = self.get(member_id)
        if account is None:
            return Role.ADMIN
        owners = [other for other in self if other.role is Role.OWNER and other.has_password is account.has_password]
        return Role.ADMIN if owners else Role.OWNER

    # Decisions.

    def create(
        self,
        member_id: str,
        nickname: Nickname,
        password: str,
        now: datetime,
        role: Role = Role.MEMBER,
        *,
        picture: str = "",
    ) -> AccountCreated:
        """Sign a guest up; raises `NameRefused`, and `AccountRefused` if they have an account."""
        if member_id in self._by_id:
            raise AccountRefused("account-exists")
        check_nickname(nickname)
        self._names.check(member_id, nickname)
        generation = generation_at(now)
        return AccountCreated(Account(member_id, nickname, password, now, generation, role, picture=picture))

    def change_password(self, account_id: str, password: str, now: datetime) -> AccountChanged:
        """Replace the password and end all sessions; raises `AccountRefused`."""
        changed = self.end_sessions(account_id, now)
        return replace(changed, account=replace(changed.account, password=password))

    def create_reset(self, actor: UserRef, account_id: str, token: str, now: datetime) -> PasswordResetCreated:
        """Create a password reset with `token`, a secret of at least 128 bits; raises `AccountRefused`."""
        account = self._require(account_id)
        if not account.has_password:
            raise AccountRefused("reset-without-password", name=account.name)
        return PasswordResetCreated(actor, account.member.ref, now, PasswordReset(digest_of(token), now + LIFETIME))

    def find_reset(self, token: object, now: datetime) -> Account:
        """Return the account whose open password reset has this secret; raises `AccountRefused`."""
        digest = digest_of(token) if isinstance(token, str) else ""
        for account in self:
            if account.reset and account.reset.digest == digest and account.reset.until > now:
                return account
        raise AccountRefused("reset-over")

    def use_reset(self, token: object, password: str, now: datetime) -> PasswordResetUsed:
        """Replace the password and end all sessions; raises `AccountRefused`."""
        return PasswordResetUsed(self.find_reset(token, now).member.ref, now, password)

    def rehash(self, account_id: str, before: str, password: str) -> AccountChanged:
        """Store a new hash of the same password; raises `AccountRefused` if it changed meanwhile."""
        account = self._require(account_id)
        if account.password != before:
            raise AccountRefused("account-gone")
        return AccountChanged(account, replace(account, password=password))

    def end_sessions(self, account_id: str, now: datetime) -> AccountChanged:
        """End all sessions of the account, and its password reset; raises `AccountRefused`."""
        account = self._require(account_id)
        return AccountChanged(account, replace(account, generation=account.next_generation(now), reset=None))

    def delete(self, account_id: str) -> AccountDeleted:
        """Delete the account; raises `AccountRefused`."""
        return AccountDeleted(self._require(account_id))

    # Events.

    def apply(self, event: AccountEvent) -> bool:
        """Apply an event; applying it again changes nothing. Return whether anything changed."""
        match event:
            case AccountCreated(account=account) if account.id not in self._by_id:
                self._put(account)
            case AccountChanged(before=before, account=account) if self.get(account.id) == before != account:
                self._replace(before, account)
            case AccountDeleted(account=account) if self.get(account.id) == account:
                self._drop(account)
            case MemberRenamed() | RoleChanged() | AvatarChanged() | PasswordResetCreated() | PasswordResetUsed():
                return self._apply_to_member(event)
            case _:
                return False
        return True

    def _apply_to_member(self, event: MemberUpdate) -> bool:
        known = self.get(updated_member(event))
        if known is None:
            return False
        changed = updated(known, event)
        if changed == known:
            return False
        self._replace(known, changed)
        return True

    def restore(self, other: "Directory") -> None:
        """Replace everything by the content of another directory; temporarily held names stay held."""
        self.deleted, self._by_id = other.deleted.copy(), other._by_id.copy()
        self._names.restore(other._names)

    def copy(self) -> "Directory":
        """Return a copy for trying out a change."""
        other = Directory()
        other.deleted = self.deleted.copy()
        other._by_id, other._names = self._by_id.copy(), self._names.copy()
        return other

    def _require(self, account_id: str) -> Account:
        try:
            return self._by_id[account_id]
        except KeyError:
            raise AccountRefused("account-gone") from None

    def _put(self, account: Account) -> None:
        self.deleted.pop(account.id, None)
        self._by_id[account.id] = account
        self._names.reserve(account.id, account.nickname)

    def _drop(self, account: Account) -> None:
        del self._by_id[account.id]
        self.deleted[account.id] = None
        for forgotten in [*self.deleted][:-MAX_DELETED]:
            del self.deleted[forgotten]
        self._names.release(account.id, account.nickname)

    def _replace(self, before: Account, account: Account) -> None:
        self._by_id[account.id] = account
        if before.nickname != account.nickname:
            self._names.release(before.id, before.nickname)
            self._names.reserve(account.id, account.nickname)
