"""Invitations: links by which people may sign up where the door is closed. They expire and can be revoked."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from hashlib import sha256

from chat.domain.errors import AccountRefused
from chat.domain.users import Member, Role

HOURS = 7 * 24
HOURS_LIMIT = 90 * 24
INVITATIONS_LIMIT = 200


@dataclass(frozen=True, slots=True)
class Invitation:
    """A link that somebody made. Only a digest of what is secret in it is kept; `id` is for lists.

    Who signs up by it gets `role`.
    """

    id: str
    digest: str
    by: str
    name: str
    created: datetime
    until: datetime
    uses: int = 0
    role: Role = Role.MEMBER


@dataclass(frozen=True, slots=True)
class InvitationCreated:
    """Somebody made an invitation."""

    invitation: Invitation


@dataclass(frozen=True, slots=True)
class InvitationUsed:
    """Somebody signed up by the invitation with this id."""

    invitation: str


@dataclass(frozen=True, slots=True)
class InvitationRevoked:
    """The invitation with this id opens nothing any more."""

    invitation: str


InvitationEvent = InvitationCreated | InvitationUsed | InvitationRevoked


class Invitations:
    """All invitations. Decisions change nothing; `apply` does."""

    def __init__(self, invitations: Iterable[Invitation] = ()) -> None:
        self._all = {invitation.id: invitation for invitation in invitations}

    def __iter__(self) -> Iterator[Invitation]:
        return iter(self._all.values())

    def __len__(self) -> int:
        return len(self._all)

    def open(self, now: datetime) -> list[Invitation]:
        """Those that still open the door, the newest first."""
        return sorted((i for i in self if i.until > now), key=lambda i: (i.created, i.id), reverse=True)

    # Decisions.

    def invite(
        self, member: Member, token: str, hours: int, now: datetime, role: Role = Role.MEMBER
    ) -> InvitationCreated:
        """Make a link with `token` (a secret of at least 128 bits) for some hours; raises `AccountRefused`."""
        if not 1 <= hours <= HOURS_LIMIT:
            raise AccountRefused("invitation-hours", limit=HOURS_LIMIT)
        if len(self.open(now)) >= INVITATIONS_LIMIT:
            raise AccountRefused("invitations-full", limit=INVITATIONS_LIMIT)
        digest = _digest(token)
        until = now + timedelta(hours=hours)
        return InvitationCreated(Invitation(digest[:8], digest, member.id, member.name, now, until, role=role))

    def find(self, token: object, now: datetime) -> Invitation:
        """The invitation with this secret; raises `AccountRefused` where there is none, or none any more."""
        digest = _digest(token) if isinstance(token, str) else ""
        found = self._all.get(digest[:8])
        if found is None or found.digest != digest or found.until <= now:
            raise AccountRefused("invitation-over")
        return found

    def revoke(self, invitation_id: object) -> InvitationRevoked:
        """Close what an invitation opened; raises `AccountRefused` for one that is not there."""
        if not isinstance(invitation_id, str) or invitation_id not in self._all:
            raise AccountRefused("invitation-over")
        return InvitationRevoked(invitation_id)

    # Facts.

    def apply(self, event: InvitationEvent) -> bool:
        """Take in a fact; returns whether something is new."""
        match event:
            case InvitationCreated(invitation=invitation):
                if invitation.id in self._all:
                    return False
                self._all = {i.id: i for i in self if i.until > invitation.created} | {invitation.id: invitation}
            case InvitationUsed(invitation=known) if known in self._all:
                self._all[known] = replace(self._all[known], uses=self._all[known].uses + 1)
            case InvitationRevoked(invitation=known) if known in self._all:
                del self._all[known]
            case _:
                return False
        return True


def _digest(token: str) -> str:
    return sha256(token.encode(errors="replace")).hexdigest()
