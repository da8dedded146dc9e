"""Events of accounts, names, roles and invitations: frozen, in the past tense. Times are in UTC."""

from dataclasses import dataclass, field
from datetime import datetime

from chat.domain.accounts.account import Account
from chat.domain.accounts.invitations import Invitation
from chat.domain.accounts.password_resets import PasswordReset
from chat.domain.users import Nickname, Role, UserRef


@dataclass(frozen=True, slots=True)
class AccountCreated:
    """A member signed up."""

    account: Account


@dataclass(frozen=True, slots=True)
class AccountChanged:
    """An account's password or generation changed; `before` is the account before that."""

    before: Account
    account: Account


@dataclass(frozen=True, slots=True)
class AccountDeleted:
    """An account was deleted, and its name is free."""

    account: Account


@dataclass(frozen=True, slots=True)
class PasswordResetCreated:
    """An admin, or the operator, created a link with which a member chooses a new password."""

    actor: UserRef
    target: UserRef
    at: datetime
    reset: PasswordReset | None = None


@dataclass(frozen=True, slots=True)
class PasswordResetUsed:
    """A member chose a new password by a link, which ended all sessions. `password` is its hash."""

    actor: UserRef
    at: datetime
    password: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class MemberRenamed:
    """A member changed their name, and with it the name of their account, if they have one."""

    member_id: str
    before: Nickname
    nickname: Nickname
    at: datetime


@dataclass(frozen=True, slots=True)
class RoleChanged:
    """A present member or account holder got another role."""

    room_id: str
    actor: UserRef
    target: UserRef
    at: datetime
    before: Role
    role: Role

    @property
    def member_id(self) -> str:
        return self.target.id


@dataclass(frozen=True, slots=True)
class AvatarChanged:
    """A present member or account holder chose a picture of themselves, or one was removed: then it is empty."""

    actor: UserRef
    target: UserRef
    at: datetime
    picture: str = ""

    @property
    def member_id(self) -> str:
        return self.target.id


@dataclass(frozen=True, slots=True)
class InvitationCreated:
    """An admin created an invitation."""

    actor: UserRef
    at: datetime
    invitation: Invitation


@dataclass(frozen=True, slots=True)
class InvitationUsed:
    """A new member signed up with an invitation."""

    invitation_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """An admin revoked an invitation."""

    actor: UserRef
    at: datetime
    invitation_id: str


AccountEvent = (
    AccountCreated
    | AccountChanged
    | AccountDeleted
    | PasswordResetCreated
    | PasswordResetUsed
    | MemberRenamed
    | RoleChanged
    | AvatarChanged
)
InvitationEvent = InvitationCreated | InvitationUsed | InvitationRevoked
