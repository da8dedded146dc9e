"""Joining as a guest, signing in, and managing an account, from a page."""

from datetime import UTC, datetime
from uuid import uuid4

from nicegui import ui

from chat.domain.accounts.access_policy import AccessPolicy
from chat.domain.accounts.account import Account
from chat.domain.accounts.invitations import Invitation
from chat.domain.errors import AccountRefused, ChatError
from chat.domain.users import Role
from chat.framework.clients import forget_on_disconnect
from chat.ui.app_context import AppContext
from chat.ui.former_member import FormerMember
from chat.web.identity import Identity
from chat.web.session import Session


class SignInFlow:
    """Acts for one session: asks the access policy, the accounts and the room, then redirects the browser.

    `path` is that of the page to return to. `is_entering` is true from the moment that the page will be redirected to
    sign in.
    """

    def __init__(self, app: AppContext, session: Session, address: str) -> None:
        self._app = app
        self._session = session
        self.is_entering = False
        self.path = "/"
        self.former_member = FormerMember(app, session)
        self.client_identity = app.authenticator.client_identity(session, address)

    @property
    def account(self) -> Account | None:
        """The account the session is signed in to."""
        identity = self._session.identity
        if not identity or not identity.is_account or not self._is_current(identity):
            return None
        return self._app.accounts.account(identity.id)

    @property
    def access_policy(self) -> AccessPolicy:
        return self._app.invitations.policy

    @property
    def is_admitted(self) -> bool:
        """Whether the access policy admits the session as a guest."""
        return self._app.authenticator.is_admitted(self._session)

    @property
    def invitation(self) -> Invitation | None:
        """The invitation whose link was followed, if it is still open."""
        try:
            return self.access_policy.invitations.find(self._session.invitation, datetime.now(UTC))
        except AccountRefused:
            return None

    @property
    def account_to_reset(self) -> Account | None:
        """The account of the password reset whose link was followed, if that is still valid."""
        if not self.access_policy.has_account_passwords:
            return None
        try:
            return self._app.password_resets.find(self._session.password_reset)
        except AccountRefused:
            return None

    async def join(self, name: object, room_password: object = "") -> None:
        """Join as a guest.

        Raises `NameRefused`, `TextRefused`, `CommandRefused`, `EntryRefused`, `AccountRefused`.
        """
        admission = self._admit(room_password)
        identity, chat = self._session.identity, self._app.chat
        is_guest = identity and not identity.is_account and self._app.accounts.account(identity.id) is None
        member_id = identity.id if identity and is_guest else self.former_member.guest_id(name) or _new_id()
        chat.members.check_can_join(member_id, self.client_identity)
        nickname = chat.members.check_name(member_id, name)
        chat.members.count_join(self.client_identity, nickname.shown)
        await chat.members.claim_name(member_id, nickname)
        await self.former_member.forget_unless(member_id)
        if admission:  # stored only now: those who are refused leave nothing behind
            self._session.admission = admission
        self._session.identity = Identity(member_id, nickname.shown)
        await self._app.sessions.wait_until_shared()
        ui.navigate.to(self.path)
        forget_on_disconnect(ui.context.client)

    async def sign_up(self, name: object, password: object, room_password: object = "") -> None:
        """Create an account and sign in; a guest keeps their id.

        Raises `NameRefused`, `AccountRefused`, `EntryRefused`.
        """
        member_id = self._guest_id or self.former_member.guest_id(name) or _new_id()
        self._app.chat.members.check_can_join(member_id, self.client_identity)
        if self.access_policy.admits_guests:
            self._admit(room_password)
            account = await self._create_account(member_id, name, password)
        else:
            invitations, token = self._app.invitations, self._session.invitation or ""
            invitations.check_sign_up(self.client_identity, token)
            async with invitations.using(token) as role:
                account = await self._create_account(member_id, name, password, role)
        await self._enter_as(account)

    async def sign_in(self, name: object, password: object) -> None:
        """Raises `AccountRefused`, `EntryRefused`."""
        account = await self._app.accounts.sign_in(name, password, self.client_identity.address)
        self._app.chat.members.check_can_join(account.id, self.client_identity, account.role)
        await self._enter_as(account)

    async def change_password(self, old: object, new: object) -> None:
        """Change the password and sign out every other session; raises `AccountRefused`."""
        if self.account:
            self.is_entering = True  # before the change, which ends this session too
            try:
                account = await self._app.accounts.change_password(self.account.id, old, new)
            except ChatError:
                self.is_entering = False
                raise
            await self._enter_as(account)

    async def reset_password(self, password: object) -> None:
        """Replace the password by the link that was followed, and sign in; raises `AccountRefused`, `EntryRefused`."""
        account = self.account_to_reset
        if account is None:
            raise AccountRefused("reset-over")
        self._app.chat.members.check_can_join(account.id, self.client_identity, account.role)
        client, self.path = self.client_identity.address, "/"
        await self._enter_as(await self._app.password_resets.use(self._session.password_reset, password, client))

    async def sign_out_everywhere(self) -> None:
        """End every session of the account, including this one; raises `AccountRefused`."""
        if self.account:
            await self._app.accounts.sign_out_everywhere(self.account.id)

    async def delete_account(self, password: object, anonymize: object = "") -> None:
        """Delete the account, and with `anonymize="on"` also the name on its messages; raises `AccountRefused`."""
        if self.account:
            await self._app.accounts.delete(self.account.id, password, anonymize=anonymize == "on")

    async def _create_account(
        self, account_id: str, name: object, password: object, role: Role = Role.MEMBER
    ) -> Account:
        client = self.client_identity.address
        return await self._app.accounts.sign_up(account_id, name, password, client, role)

    @property
    def _guest_id(self) -> str | None:
        identity = self._session.identity
        is_guest = identity and not identity.is_account and self._is_current(identity)
        return identity.id if identity and is_guest else None

    def _is_current(self, identity: Identity) -> bool:
        return self._app.authenticator.is_current(self._session, identity)

    def _admit(self, room_password: object) -> str:
        """Return the proof that the room password was entered; raises `AccountRefused`."""
        if not self.is_admitted:
            self._app.invitations.check_guest(self.client_identity, room_password)
        return self.access_policy.admission(self._session.id)

    async def _enter_as(self, account: Account) -> None:
        self.is_entering = True
        await self.former_member.forget_unless(account.id)
        identity = Identity(account.id, account.name, account.generation)
        ui.navigate.to(await self._app.sessions.one_time_login(self._session, identity, self.path))


def _new_id() -> str:
    return uuid4().hex[:12]
