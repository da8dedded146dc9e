"""Invitations: links that let people sign up if access is by invitation. They expire and can be revoked."""

from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256

from chat.domain.users import Role, UserRef

DEFAULT_HOURS = 7 * 24
MAX_HOURS = 90 * 24
MAX_INVITATIONS = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """A sign-up link. Only a digest of its secret is kept; `id` is for lists. New members get `role`."""

    id: str
    digest: str
    created_by: UserRef
    created: datetime
    until: datetime
    uses: int = 0
    role: Role = Role.MEMBER

    @property
    def is_single_use(self) -> bool:
        return self.role is Role.OWNER


def digest_of(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
