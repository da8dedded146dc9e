"""Accounts as a use case: sign-up, sign-in, passwords, deletion."""

from collections.abc import Iterable
from contextlib import suppress
from uuid import uuid4

import structlog

from chat.domain.accounts.account import Account
from chat.domain.accounts.events import AccountChanged, AccountCreated
from chat.domain.errors import AccountRefused, ChatError, HistoryUnwritable, NameRefused, RoomRefused
from chat.domain.permissions import is_above
from chat.domain.users import Nickname, Role
from chat.state import clock
from chat.state.accounts.account_names import find_account
from chat.state.accounts.login_throttle import LoginThrottle
from chat.state.accounts.passwords import Passwords, check_password
from chat.state.chat import Chat
from chat.text.nicknames import parse_nickname

MAX_SSO_NAME = 28  # leaves room for a number
SSO_NAME_ATTEMPTS = 100

log = structlog.get_logger()


class AccountService:
    """Signs members up and in, and changes their accounts.

    `client` is the address that rate limits count by.
    """

    def __init__(self, chat: Chat, passwords: Passwords, throttle: LoginThrottle | None = None) -> None:
        self._chat = chat
        self._directory = chat.people.accounts
        self._pipeline = chat.pipeline
        self._passwords = passwords
        self._throttle = throttle or LoginThrottle()

    def __len__(self) -> int:
        return len(self._directory)

    def account(self, account_id: str) -> Account | None:
        return self._directory.get(account_id)

    def is_current(self, account_id: str, generation: object) -> bool:
        """Tell whether a session that began in this generation of the account is still valid."""
        account = self._directory.get(account_id)
        return account is not None and isinstance(generation, int) and account.generation == generation

    async def sign_up(
        self, member_id: str, name: object, password: object, client: str = "", role: Role = Role.MEMBER
    ) -> Account:
        """Create an account for a guest, who keeps their id, their messages, and a role above `role`.

        Sign-ups are limited by `client`, if given. Raises `NameRefused`, `AccountRefused` (`account-exists`,
        `password-…`, `sign-in-paused`), `AccountsUnwritable`.
        """
        with self._chat.reporting_refusals():
            if self._directory.get(member_id):
                raise AccountRefused("account-exists")
            nickname = self._chat.members.check_name(member_id, name)
            typed = check_password(password, nickname.shown)
            with self._directory.hold_name(member_id, nickname):
                if client:
                    self._throttle.check_sign_up(client)
                hashed = await self._passwords.hash(typed)
                await self._chat.members.claim_name(member_id, nickname)
                return await self._create(member_id, nickname, hashed, role)

    async def sign_in(self, name: object, password: object, client: str) -> Account:
        """Return the account with this name and password.

        Raises `AccountRefused`: `sign-in-wrong` for a wrong name as for a wrong password, `sign-in-paused` after too
        many attempts.
        """
        nickname = _parse_or_none(name)
        account = find_account(self._directory, name) if nickname else None
        with self._chat.reporting_refusals():
            await self._verify(account, password, nickname.key if nickname else "", client, "sign-in-wrong")
        assert account
        if self._passwords.needs_rehash(account.password):
            await self._rehash(account, str(password))
        return self._directory.get(account.id) or account

    async def sign_in_by_sso(self, account_id: str, names: Iterable[str]) -> Account:
        """Return the account of a member signed in by the single sign-on provider; create it the first time.

        A new account gets the first of these names that is free, with a number if necessary. Raises `NameRefused`,
        `AccountsUnwritable`.
        """
        if account := self._directory.get(account_id):
            return account
        nickname = self._first_free(account_id, names)
        with self._directory.hold_name(account_id, nickname):
            return await self._create(account_id, nickname, "", Role.MEMBER)

    async def sign_out_everywhere(self, account_id: str) -> None:
        """End all sessions of the account; raises `AccountRefused`, `AccountsUnwritable`."""
        await self._pipeline.decide(lambda: self._directory.end_sessions(account_id, clock.now()))

    async def change_password(self, account_id: str, old: object, new: object) -> Account:
        """Replace the password, which ends all sessions, the caller's too.

        Raises `AccountRefused` (`password-wrong`, `password-…`, `sign-in-paused`), `AccountsUnwritable`.
        """
        account = self._require(account_id)
        typed = check_password(new, account.name)
        await self._verify(account, old, account.key, account_id, "password-wrong")
        hashed = await self._passwords.hash(typed)

        def change() -> AccountChanged:
            self._check_unchanged(account, "password-wrong")
            return self._directory.change_password(account_id, hashed, clock.now())

        return (await self._pipeline.decide(change)).account

    async def delete(self, account_id: str, password: object, *, anonymize: bool) -> None:
        """Delete the account and the files in its messages, which stay, under another name if `anonymize`.

        Raises `AccountRefused` (`password-wrong`, `sign-in-paused`), `AccountsUnwritable`, `HistoryUnwritable`, or
        `RoomRefused` if a room can't be read, whose messages would keep the name.
        """
        account = self._require(account_id)
        if account.has_password:
            await self._verify(account, password, account.key, account_id, "password-wrong")
        pseudonym = uuid4().hex[:12]
        if anonymize:
            # First: if that fails, the account stays for a retry.
            await self._chat.members.anonymize(account_id, pseudonym)
        else:
            await self._chat.file_cleanup.remove_all_of(account_id)
        await self._pipeline.decide(lambda: self._directory.delete(account_id))
        self._chat.members.leave(account_id)
        if anonymize:
            with suppress(HistoryUnwritable, RoomRefused):  # already logged
                # Again, for events since then, such as leaving.
                await self._chat.members.anonymize(account_id, pseudonym)

    async def _create(self, member_id: str, nickname: Nickname, hashed: str, role: Role) -> Account:
        def create() -> AccountCreated:
            current = self._chat.people.role_of(member_id)
            if role is Role.OWNER and any(account.role is Role.OWNER for account in self._directory):
                raise AccountRefused("invitation-over")  # another process had an owner sign up at this moment
            kept = current if is_above(current, role) else role
            picture = self._chat.people.avatar_of(member_id).picture
            return self._directory.create(member_id, nickname, hashed, clock.now(), kept, picture=picture)

        return (await self._pipeline.decide(create)).account

    def _first_free(self, account_id: str, names: Iterable[str]) -> Nickname:
        problem = NameRefused("name-empty")
        for name in [*names, "Guest"]:
            for number in ("", *range(2, SSO_NAME_ATTEMPTS)):
                try:
                    return self._chat.members.check_name(account_id, f"{name[:MAX_SSO_NAME]} {number}".strip())
                except NameRefused as refused:
                    problem = refused
                    if refused.key not in {"name-taken", "name-account"}:
                        break
        raise problem

    def _require(self, account_id: str) -> Account:
        account = self._directory.get(account_id)
        if account is None:
            raise AccountRefused("account-gone")
        return account

    async def _verify(self, account: Account | None, password: object, key: str, client: str, problem: str) -> None:
        self._throttle.check(key, client, is_signed_in=account is not None and client == account.id)
        is_right = await self._passwords.verify(account.password if account else None, password)
        if account is None or not is_right:
            raise AccountRefused(problem)
        self._check_unchanged(account, problem)
        self._throttle.record_success(key, client)

    def _check_unchanged(self, account: Account, problem: str) -> None:
        """Raise `AccountRefused` if the password changed while it was being verified."""
        current = self._directory.get(account.id)
        if current is None or current.password != account.password:
            raise AccountRefused(problem)

    async def _rehash(self, account: Account, password: str) -> None:
        try:
            hashed = await self._passwords.hash(check_password(password))
            await self._pipeline.decide(lambda: self._directory.rehash(account.id, account.password, hashed))
        except ChatError as problem:  # the next sign-in tries again
            log.warning("password can't be rehashed", account=account.id, problem=problem.key)


def _parse_or_none(name: object) -> Nickname | None:
    try:
        return parse_nickname(name)
    except NameRefused:
        return None
