"""The door: who may come in, and by what."""

from datetime import datetime
from enum import StrEnum

from chat.domain.accounts.invitations import Invitations
from chat.domain.accounts.shared_password import SharedPassword
from chat.domain.errors import AccountRefused
from chat.domain.moderation.sanctions import ClientIdentity, identifiers, shared_identifiers


class AccessMode(StrEnum):
    """For whom the door is open."""

    OPEN = "open"
    """Everybody; guests are welcome."""
    PASSWORD = "password"
    """Those who know the password of the room."""
    INVITE = "invite"
    """Those with an account, which takes an invitation to make."""
    SSO = "sso"
    """Those whom a provider of single sign-on knows."""


class AccessPolicy:
    """Decides who may come in as a guest, and who may sign up. Holders of accounts always may come in."""

    def __init__(self, access: AccessMode, shared_password: SharedPassword, invitations: Invitations) -> None:
        self.access = access
        self.invitations = invitations
        self._shared_password = shared_password

    @property
    def admits_guests(self) -> bool:
        """Whether one can come in without an account."""
        return self.access in {AccessMode.OPEN, AccessMode.PASSWORD}

    @property
    def knows_passwords(self) -> bool:
        """Whether accounts have a password of their own."""
        return self.access is not AccessMode.SSO

    @property
    def asks_for_password(self) -> bool:
        """Whether there is a password of the room."""
        return self.access is AccessMode.PASSWORD

    def admission(self, session: str) -> str:
        """What is remembered in a session that knew the password of the room; with another password it is another."""
        return self._shared_password.digest(session) if self.asks_for_password else ""

    def check_guest(self, client_identity: ClientIdentity, password: str, now: datetime) -> None:
        """Return if a guest with this password of the room may come in; raises `CommandRefused`, `AccountRefused`."""
        if not self.admits_guests:
            raise AccountRefused("account-needed")
        if self.asks_for_password:
            self._shared_password.verify(
                client_identity.session, password, now, shared_identifiers(identifiers("", client_identity))
            )

    def check_sign_up(self, client_identity: ClientIdentity, secret: str, now: datetime) -> None:
        """Return if somebody may make an account with this password of the room, or by this invitation; raises."""
        if self.access is AccessMode.INVITE:
            self.invitations.find(secret, now)
        else:
            self.check_guest(client_identity, secret, now)
