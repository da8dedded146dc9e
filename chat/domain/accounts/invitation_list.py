"""All invitations: decides changes, and applies the events."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from chat.domain.accounts.events import InvitationCreated, InvitationEvent, InvitationRevoked, InvitationUsed
from chat.domain.accounts.invitations import MAX_HOURS, MAX_INVITATIONS, Invitation, digest_of
from chat.domain.errors import AccountRefused
from chat.domain.users import Role, UserRef


class Invitations:
    """Invitations by id. Decisions change nothing; `apply` does."""

    def __init__(self, invitations: Iterable[Invitation] = ()) -> None:
        self._by_id = {invitation.id: invitation for invitation in invitations}

    def __iter__(self) -> Iterator[Invitation]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)

    def open(self, now: datetime) -> list[Invitation]:
        """Return the invitations that have not expired, newest first."""
        return sorted((i for i in self if i.until > now), key=lambda i: (i.created, i.id), reverse=True)

    def find(self, token: object, now: datetime) -> Invitation:
        """Return the open invitation with this secret; raises `AccountRefused`."""
        digest = digest_of(token) if isinstance(token, str) else ""
        found = self._by_id.get(digest[:8])
        if found is None or found.digest != digest or found.until <= now:
            raise AccountRefused("invitation-over")
        return found

    # Decisions.

    def create(
        self, actor: UserRef, token: str, hours: int, now: datetime, role: Role = Role.MEMBER
    ) -> InvitationCreated:
        """Create an invitation with `token`, a secret of at least 128 bits; raises `AccountRefused`."""
        if not 1 <= hours <= MAX_HOURS:
            raise AccountRefused("invitation-hours", limit=MAX_HOURS)
        if len(self.open(now)) >= MAX_INVITATIONS:
            raise AccountRefused("invitations-full", limit=MAX_INVITATIONS)
        digest = digest_of(token)
        until = now + timedelta(hours=hours)
        return InvitationCreated(actor, now, Invitation(digest[:8], digest, actor, now, until, role=role))

    def revoke(self, actor: UserRef, invitation_id: object, now: datetime) -> InvitationRevoked:
        """Revoke an invitation; raises `AccountRefused` if there is none with this id."""
        if not isinstance(invitation_id, str) or invitation_id not in self._by_id:
            raise AccountRefused("invitation-over")
        return InvitationRevoked(actor, now, invitation_id)

    # Events.

    def apply(self, event: InvitationEvent) -> bool:
        """Apply an event. Return whether anything changed."""
        match event:
            case InvitationCreated(invitation=invitation) if invitation.id not in self._by_id:
                still_open = {i.id: i for i in self if i.until > invitation.created}
                self._by_id = still_open | {invitation.id: invitation}
            case InvitationUsed(invitation_id=used) if used in self._by_id:
                if self._by_id[used].is_single_use:
                    del self._by_id[used]
                else:
                    self._by_id[used] = replace(self._by_id[used], uses=self._by_id[used].uses + 1)
            case InvitationRevoked(invitation_id=revoked) if revoked in self._by_id:
                del self._by_id[revoked]
            case _:
                return False
        return True

    def restore(self, other: "Invitations") -> None:
        """Replace everything by the content of another list."""
        self._by_id = other._by_id.copy()

    def copy(self) -> "Invitations":
        """Return a copy for trying out a change."""
        return Invitations(self)
