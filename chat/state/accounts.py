"""The registrar: signs people up and in, and is the only one who changes accounts."""

from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import UTC, datetime
from uuid import uuid4

import structlog

from chat.domain.accounts.directory import Account, AccountEvent, Accounts
from chat.domain.errors import AccountRefused, ChatError, HistoryUnwritable, NameRefused
from chat.domain.users import Member, Nickname, Role
from chat.state.account_book import AccountBook, Listener
from chat.state.chat import Chat
from chat.state.login_throttle import LoginThrottle
from chat.state.passwords import Passwords, check_password
from chat.storage.json_files.accounts import AccountsFile
from chat.text.nicknames import parse_nickname

log = structlog.get_logger()


class AccountService:
    """The accounts of one running chat. `accounts` are those of `file`; `chat` asks them who has reserved a name."""

    def __init__(
        self,
        accounts: Accounts,
        file: AccountsFile,
        passwords: Passwords,
        chat: Chat,
        tries: LoginThrottle | None = None,
    ) -> None:
        self._accounts = accounts
        self._passwords = passwords
        self._chat = chat
        self._tries = tries or LoginThrottle()
        self._book = AccountBook(accounts, file)
        chat.before_renaming(self._keep_name)
        chat.before_promoting(self._keep_role)
        chat.room.accounts = accounts
        chat.role_by_password = self._role_by_password

    def subscribe(self, listener: Listener) -> Callable[[], None]:
        """Tell `listener` every fact about accounts; returns how to stop that."""
        return self._book.subscribe(listener)

    def account(self, account_id: str) -> Account | None:
        """The account with this id."""
        return self._accounts.get(account_id)

    def is_current(self, account_id: str, generation: object) -> bool:
        """Whether a session of the account that began in this generation goes on."""
        account = self._accounts.get(account_id)
        return account is not None and isinstance(generation, int) and account.generation == generation

    async def close(self) -> None:
        """Finish what is being written."""
        await self._book.close()

    # What people do.

    async def sign_up(self, member_id: str, name: object, password: object, caller: str = "") -> Account:
        """Make a guest's account; they keep their id, and with it what they said.

        `caller` is what tells one asker from another (an address); without one nobody counts how often it asks.
        Raises `NameRefused`, `AccountRefused` (`account-exists`, `password-…`, `sign-in-paused`), `AccountsUnwritable`.
        """
        if self._accounts.get(member_id):
            raise AccountRefused("account-exists")
        wanted = self._chat.check_name(member_id, name)
        typed = check_password(password, wanted.shown)
        with self._accounts.hold(member_id, wanted):
            if caller:
                self._tries.check_new(caller)
            kept = await self._passwords.hash(typed)
            event = await self._book.keep(lambda: self._accounts.create(member_id, wanted, kept, _now()))
        here = self._chat.room.members.get(member_id)
        if here and here.nickname != wanted:
            with suppress(ChatError):  # they left meanwhile
                await self._chat.rename(member_id, wanted.shown)
        if here and here.role is Role.GUEST:
            self._chat.apply_role(member_id, event.account.role)
        return event.account

    async def sign_in(self, name: object, password: object, caller: str) -> Account:
        """The account with this name and password. `caller` as for `sign_up`.

        Raises `AccountRefused`: `sign-in-wrong` without saying what is, `sign-in-paused` after too many tries.
        """
        wanted = _nickname(name)
        account = self._accounts.named(wanted) if wanted else None
        await self._verify(account, password, wanted.key if wanted else "", caller, "sign-in-wrong")
        assert account
        if self._passwords.needs_rehash(account.password):
            await self._rehash(account, str(password))
        return self._accounts.get(account.id) or account

    async def sign_in_by_sso(self, account_id: str, names: Iterable[str]) -> Account:
        """The account of somebody whom a provider of single sign-on knows, made when they first come.

        They are called by the first of these names that they can have, with a number behind it if need be. Raises
        `NameRefused`, `AccountsUnwritable`.
        """
        if account := self._accounts.get(account_id):
            return account
        wanted = self._first_free(account_id, names)
        with self._accounts.hold(account_id, wanted):
            return (await self._book.keep(lambda: self._accounts.create(account_id, wanted, "", _now()))).account

    async def sign_out_everywhere(self, account_id: str) -> None:
        """End all sessions of the account; raises `AccountRefused`, `AccountsUnwritable`."""
        await self._book.keep(lambda: self._accounts.end_sessions(account_id, _now()), forget=True)

    async def change_password(self, account_id: str, old: object, new: object) -> Account:
        """Give the account another password, which ends all its sessions (that of the asker too: sign it in anew).

        Raises `AccountRefused` (`password-wrong`, `password-…`, `sign-in-paused`), `AccountsUnwritable`.
        """
        account = self._known(account_id)
        typed = check_password(new, account.name)
        await self._verify(account, old, account.key, account_id, "password-wrong")
        kept = await self._passwords.hash(typed)

        def change() -> AccountEvent:
            self._check_unchanged(account, "password-wrong")
            return self._accounts.change_password(account_id, kept, _now())

        return (await self._book.keep(change, forget=True)).account

    async def rename(self, account_id: str, name: object) -> None:
        """Give the account another name, and whoever has it in the room; raises `NameRefused`, `AccountRefused`."""
        self._known(account_id)
        if account_id in self._chat.room.members:
            await self._chat.rename(account_id, name)
        else:
            await self._keep_name(account_id, self._chat.check_name(account_id, name))

    async def set_role(self, account_id: str, role: Role) -> Account:
        """Give the account another role, for good; raises `AccountRefused`, `AccountsUnwritable`."""
        return (await self._book.keep(lambda: self._accounts.set_role(account_id, role), forget=True)).account

    async def delete(self, account_id: str, password: object, *, anonymize: bool) -> None:
        """Delete the account. What the person said stays, where they want it (`anonymize`) as by nobody.

        The password is asked for where there is one. Raises `AccountRefused` (`password-wrong`, `sign-in-paused`),
        `AccountsUnwritable`, `HistoryUnwritable`.
        """
        account = self._known(account_id)
        if account.has_password:
            await self._verify(account, password, account.key, account_id, "password-wrong")
        pseudonym = uuid4().hex[:12]
        if anonymize:
            await self._chat.anonymize(
                account_id, pseudonym
            )  # first: who can't have that keeps the account to try again
        await self._book.keep(lambda: self._accounts.delete(account_id), forget=True)
        self._chat.leave(account_id)
        if anonymize:
            with suppress(HistoryUnwritable):  # logged there
                await self._chat.anonymize(account_id, pseudonym)  # what came in between, the leaving too

    # How.

    def _first_free(self, account_id: str, names: Iterable[str]) -> Nickname:
        problem = NameRefused("name-empty")
        for name in [*names, "Guest"]:
            for number in ("", *range(2, 100)):
                try:
                    return self._chat.check_name(account_id, f"{name[:28]} {number}".strip())
                except NameRefused as refused:
                    problem = refused
                    if refused.key not in {"name-taken", "name-account"}:
                        break
        raise problem

    def _known(self, account_id: str) -> Account:
        account = self._accounts.get(account_id)
        if account is None:
            raise AccountRefused("account-gone")
        return account

    async def _verify(self, account: Account | None, password: object, key: str, caller: str, problem: str) -> None:
        self._tries.check(key, caller, is_known=account is not None and caller == account.id)
        right = await self._passwords.verify(account.password if account else None, password)
        if account is None or not right:
            raise AccountRefused(problem)
        self._check_unchanged(account, problem)
        self._tries.forget(key, caller)

    def _check_unchanged(self, account: Account, problem: str) -> None:
        """Raise `AccountRefused` if the password that was right is not any more."""
        now = self._accounts.get(account.id)
        if now is None or now.password != account.password:
            raise AccountRefused(problem)

    async def _rehash(self, account: Account, password: str) -> None:
        try:
            kept = await self._passwords.hash(check_password(password))
            await self._book.keep(lambda: self._accounts.rehash(account.id, account.password, kept), forget=True)
        except ChatError as problem:  # another time; the person is in
            log.warning("password can't be hashed anew", account=account.id, problem=problem.key)

    def _role_by_password(self, member: Member) -> Role:
        """What the admin password makes of somebody: the owner, if they have an account and there is no owner yet."""
        is_first = self._accounts.get(member.id) and not any(account.role is Role.OWNER for account in self._accounts)
        return Role.OWNER if is_first else Role.ADMIN

    async def _keep_role(self, member_id: str, role: Role) -> None:
        if (account := self._accounts.get(member_id)) and account.role is not role:
            await self.set_role(member_id, role)

    async def _keep_name(self, member_id: str, wanted: Nickname) -> None:
        account = self._accounts.get(member_id)
        if account and account.nickname != wanted:
            with self._accounts.hold(member_id, wanted):
                await self._book.keep(lambda: self._accounts.rename(member_id, wanted))


def _nickname(name: object) -> Nickname | None:
    try:
        return parse_nickname(name)
    except NameRefused:
        return None


def _now() -> datetime:
    return datetime.now(UTC)
