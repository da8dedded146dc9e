"""Authentication: which member a session may act as."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from starlette.requests import Request

from chat.domain.accounts.push_devices import PushDevice
from chat.domain.client_identity import ClientIdentity
from chat.domain.errors import EntryRefused, NameRefused
from chat.domain.users import Member, Role
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.invitations import InvitationService
from chat.state.chat import Chat
from chat.web.identity import Identity
from chat.web.security.client_address import rate_limit_key
from chat.web.session import Session
from chat.web.sessions import Sessions

CurrentMember = Callable[[Request], Member | None]
"""`Authenticator.current_member`."""


@dataclass(frozen=True, slots=True)
class Authenticator:
    """Checks sessions against the accounts, the access policy and the sanctions in force."""

    chat: Chat
    accounts: AccountService
    invitations: InvitationService
    sessions: Sessions

    def current_member(self, request: Request) -> Member | None:
        """Return the member behind a request, None for a stranger or a refused member."""
        session = self.sessions.current()
        try:
            return self.authenticate(session, self.client_identity(session, rate_limit_key(request.scope)))
        except (EntryRefused, NameRefused):
            return None

    def authenticate(self, session: Session, client_identity: ClientIdentity) -> Member | None:
        """Return the session's member, None for a stranger or a session that was signed out.

        Raises `NameRefused`, `EntryRefused`.
        """
        identity = session.identity
        if identity is None:
            return None
        account = self.accounts.account(identity.id)
        if not self.is_current(session, identity):
            if identity.is_account and account and not self.has_expired(session):
                needs_sso = account.has_password and not self.invitations.policy.has_account_passwords
                session.refuse("sso-needed" if needs_sso else "signed-out")
            return None
        present = self.chat.people.members.get(identity.id)
        role = account.role if account else present.role if present else Role.GUEST
        self.chat.members.check_can_join(identity.id, client_identity, role)
        if present and (account is None or present.role is not Role.GUEST):
            return present
        nickname = account.nickname if account else self.chat.members.check_name(identity.id, identity.name)
        picture = account.picture if account else self.chat.avatars.kept(identity.id)
        return Member(identity.id, nickname, role, picture)

    def is_current(self, session: Session, identity: Identity) -> bool:
        """Tell whether the identity still holds: its account's sign-in, or the guest's admission."""
        return self._holds(identity, session.id, session.admission)

    def may_receive(self, device: PushDevice) -> bool:
        """Tell whether a member could enter the chat with a browser that gets pushes."""
        member_id = device.member_id
        identity = Identity(member_id, generation=device.generation, sso_at=device.sso_at)
        if not self._holds(identity, device.session_id, device.admission):
            return False
        client = ClientIdentity(device.id, account=member_id if device.is_of_account else "")
        try:
            self.chat.members.check_can_join(member_id, client, self.chat.people.role_of(member_id))
        except EntryRefused:
            return False
        return True

    def _holds(self, identity: Identity, session_id: str, admission: str) -> bool:
        if identity.generation is not None:
            time_left = self._sso_time_left(identity)
            is_in_time = time_left is None or time_left > timedelta()
            return is_in_time and self.accounts.is_current(identity.id, identity.generation)
        return self.accounts.account(identity.id) is None and self._admits(session_id, admission)

    def has_expired(self, session: Session) -> bool:
        """Whether nothing but time has ended the session: the single sign-on provider may still know the member."""
        account = self.accounts.account(session.identity.id) if session.identity else None
        return account is not None and not account.has_password and self.time_left(session) == 0

    def time_left(self, session: Session) -> float | None:
        """Return the seconds until the single sign-on provider must be asked again, None if it needn't be."""
        identity = session.identity
        if not identity or not identity.is_account or not self.accounts.is_current(identity.id, identity.generation):
            return None
        time_left = self._sso_time_left(identity)
        return None if time_left is None else max(0.0, time_left.total_seconds())

    def _sso_time_left(self, identity: Identity) -> timedelta | None:
        sso_at = None if identity.sso_at is None else datetime.fromtimestamp(identity.sso_at, UTC)
        return self.invitations.policy.sso_time_left(sso_at, datetime.now(UTC))

    def is_admitted(self, session: Session) -> bool:
        """Tell whether the access policy admits the session as a guest."""
        return self._admits(session.id, session.admission)

    def _admits(self, session_id: str, admission: str) -> bool:
        policy = self.invitations.policy
        return policy.admits_guests and admission == policy.admission(session_id)

    def client_identity(self, session: Session, address: str) -> ClientIdentity:
        """Identify the client for sanctions; the account counts only while signed in."""
        identity = session.identity
        is_signed_in = identity and identity.is_account and self.is_current(session, identity)
        return ClientIdentity(session.browser_id, address, identity.id if identity and is_signed_in else "")
