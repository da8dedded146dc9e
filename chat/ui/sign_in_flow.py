"""The entrance: how the person of a visit comes in, as a guest or with an account, and what becomes of the account."""

from datetime import UTC, datetime
from typing import TYPE_CHECKING
from uuid import uuid4

from nicegui import ui

from chat.domain.accounts.access_policy import AccessPolicy
from chat.domain.accounts.directory import Account
from chat.domain.accounts.invitations import Invitation
from chat.domain.errors import AccountRefused, ChatError
from chat.domain.users import Role
from chat.framework.clients import forget_on_disconnect
from chat.web.sessions import Identity, Session

if TYPE_CHECKING:
    from chat.ui.app_context import AppContext


class SignInFlow:
    """Asks the door, the registrar and the room on behalf of one session, and leads its browser in.

    `is_entering` is true once the page is sent to where it becomes somebody, or about to be.
    """

    def __init__(self, house: "AppContext", session: Session, address: str) -> None:
        self._house = house
        self._session = session
        self.is_entering = False
        self.where = house.client_identity(session, address)

    @property
    def account(self) -> Account | None:
        """The person's account, if they signed in and were not signed out since."""
        identity = self._session.identity
        if not identity or not identity.is_account or not self._house.is_current(self._session, identity):
            return None
        return self._house.accounts.account(identity.id)

    @property
    def last_name(self) -> str | None:
        """What the person was called here before, if they were."""
        return self._session.identity.name if self._session.identity else None

    @property
    def door(self) -> AccessPolicy:
        """What is asked of those who come in."""
        return self._house.invitations.door

    @property
    def is_admitted(self) -> bool:
        """Whether the door is open for this person as a guest."""
        return self._house.is_admitted(self._session)

    @property
    def invitation(self) -> Invitation | None:
        """By which invitation the person came."""
        try:
            return self.door.invitations.find(self._session.invitation, datetime.now(UTC))
        except AccountRefused:
            return None

    def join(self, name: object, secret: object = "") -> None:
        """Become a guest, with the password of the room if it has one.

        Raises `NameRefused`, `CommandRefused`, `EntryRefused`, `AccountRefused`.
        """
        self._admit(secret)
        identity, chat = self._session.identity, self._house.chat
        member_id = identity.id if identity and not self._house.accounts.account(identity.id) else uuid4().hex[:12]
        chat.check_can_join(member_id, self.where)
        shown = chat.check_name(member_id, name).shown
        chat.check_join(self.where)
        self._session.identity = Identity(member_id, shown)
        ui.navigate.to("/")
        forget_on_disconnect(ui.context.client)

    async def sign_up(self, name: object, password: object, secret: object = "") -> None:
        """Make an account, of this guest if there is one, and be signed in.

        Raises `NameRefused`, `AccountRefused`, `EntryRefused`.
        """
        keeper, token = self._house.invitations, self._session.invitation or ""
        member_id = self._guest or uuid4().hex[:12]
        self._house.chat.check_can_join(member_id, self.where)
        if self.door.admits_guests:
            self._admit(secret)
            self._enter_as(await self._make_account(member_id, name, password))
        else:
            keeper.check_sign_up(self.where, token)
            async with keeper.using(token) as role:
                account = await self._make_account(member_id, name, password, role)
            self._enter_as(account)

    async def _make_account(self, member_id: str, name: object, password: object, role: Role = Role.MEMBER) -> Account:
        registrar = self._house.accounts
        account = await registrar.sign_up(member_id, name, password, self.where.address)
        return account if account.role is role else await registrar.set_role(account.id, role)

    async def sign_in(self, name: object, password: object) -> None:
        """Be the holder of an account; raises `AccountRefused`, `EntryRefused`."""
        account = await self._house.accounts.sign_in(name, password, self.where.address)
        self._house.chat.check_can_join(account.id, self.where, account.role)
        self._enter_as(account)

    async def change_password(self, old: object, new: object) -> None:
        """Take another password, and be signed out everywhere else; raises `AccountRefused`."""
        if self.account:
            self.is_entering = True  # already: it ends this session too
            try:
                account = await self._house.accounts.change_password(self.account.id, old, new)
            except ChatError:
                self.is_entering = False
                raise
            self._enter_as(account)

    async def sign_out_everywhere(self) -> None:
        """End every session of the account, this one too; raises `AccountRefused`."""
        if self.account:
            await self._house.accounts.sign_out_everywhere(self.account.id)

    async def delete_account(self, password: object, anonymize: object = "") -> None:
        """Delete the account, and take its name off its messages if that is asked for; raises `AccountRefused`."""
        if self.account:
            await self._house.accounts.delete(self.account.id, password, anonymize=anonymize == "on")

    @property
    def _guest(self) -> str | None:
        """The id of the guest that the person is now."""
        identity = self._session.identity
        is_guest = identity and not identity.is_account and self._house.is_current(self._session, identity)
        return identity.id if identity and is_guest else None

    def _admit(self, secret: object) -> None:
        if not self.is_admitted:
            self._house.invitations.check_guest(self.where, secret)
            self._session.admission = self.door.admission(self._session.id)

    def _enter_as(self, account: Account) -> None:
        self.is_entering = True
        ui.navigate.to(
            self._house.sessions.one_time_login(self._session, Identity(account.id, account.name, account.generation))
        )
