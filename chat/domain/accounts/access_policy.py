"""The access policy: joining as a guest, and signing up."""

from datetime import datetime, timedelta
from enum import StrEnum

from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.client_identity import ClientIdentity, identifiers, shared_identifiers
from chat.domain.errors import AccountRefused


class AccessMode(StrEnum):
    """The ways to restrict joining."""

    OPEN = "open"
    """Everyone; guests are welcome."""
    PASSWORD = "password"
    """Everyone with the room's password."""
    INVITE = "invite"
    """Account holders; signing up takes an invitation."""
    SSO = "sso"
    """Everyone the single sign-on provider signs in."""


class AccessPolicy:
    """Admits guests, and members who sign up. Account holders may always join, except where single sign-on is required.

    There, only members whom the provider signed in may join, for `sso_max_age`.
    """

    def __init__(
        self,
        mode: AccessMode,
        room_password: SharedPassword,
        invitations: Invitations,
        sso_max_age: timedelta = timedelta.max,
    ) -> None:
        self.mode = mode
        self.invitations = invitations
        self._sso_max_age = sso_max_age
        self._room_password = room_password

    @property
    def admits_guests(self) -> bool:
        return self.mode in {AccessMode.OPEN, AccessMode.PASSWORD}

    @property
    def has_account_passwords(self) -> bool:
        return self.mode is not AccessMode.SSO

    @property
    def needs_room_password(self) -> bool:
        return self.mode is AccessMode.PASSWORD

    def admission(self, session_id: str) -> str:
        """Return this session's proof of having entered the room password; it changes with the password."""
        return self._room_password.digest(session_id) if self.needs_room_password else ""

    def sso_time_left(self, sso_at: datetime | None, now: datetime) -> timedelta | None:
        """Return how long a session with an account is valid; None if it doesn't expire.

        `sso_at` is when the single sign-on provider signed the member in, None if it didn't.
        """
        if self.mode is not AccessMode.SSO:
            return None
        return self._sso_max_age - (now - sso_at) if sso_at else timedelta()

    def check_guest(self, client_identity: ClientIdentity, password: str, now: datetime) -> None:
        """Raise `AccountRefused` or `CommandRefused` unless a guest with this room password may join."""
        if not self.admits_guests:
            raise AccountRefused("account-needed")
        if self.needs_room_password:
            shared = shared_identifiers(identifiers("", client_identity))
            self._room_password.verify(client_identity.session, password, now, shared)

    def check_sign_up(self, client_identity: ClientIdentity, secret: str, now: datetime) -> None:
        """Raise `AccountRefused` or `CommandRefused` unless this room password or invitation allows signing up."""
        if self.mode is AccessMode.INVITE:
            self.invitations.find(secret, now)
        else:
            self.check_guest(client_identity, secret, now)
