"""Invitations and access as a use case."""

import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from chat.domain.accounts.access_policy import AccessPolicy
from chat.domain.accounts.events import InvitationCreated, InvitationEvent, InvitationUsed
from chat.domain.accounts.invitation_list import Invitations
from chat.domain.accounts.invitations import DEFAULT_HOURS
from chat.domain.client_identity import ClientIdentity
from chat.domain.permissions import Permission, require
from chat.domain.users import Member, Role, UserRef
from chat.state import clock
from chat.state.pipeline.event_pipeline import EventPipeline
from chat.storage.base import StateStore

SECRET_BYTES = 16
OPERATOR = UserRef("", "")  # creates the first invitation; not a member


class InvitationService:
    """Creates, uses and revokes invitations, and enforces the access policy. Refusals are raised as a `ChatError`."""

    def __init__(
        self, policy: AccessPolicy, store: StateStore[Invitations, InvitationEvent], pipeline: EventPipeline
    ) -> None:
        self.policy = policy
        self._pipeline = pipeline
        pipeline.attach(InvitationEvent, policy.invitations.apply, store, policy.invitations.restore)

    async def create(self, member: Member, hours: int = DEFAULT_HOURS) -> str:
        """Create an invitation. Return the secret of its link."""
        require(member.role, Permission.INVITE)
        token = secrets.token_urlsafe(SECRET_BYTES)
        invitations = self.policy.invitations
        await self._pipeline.decide(lambda: invitations.create(member.ref, token, hours, clock.now()))
        return token

    def create_for_owner(self, token: str) -> None:
        """Create the invitation for the first account. It is not stored; each start creates a new one."""
        invitations = self.policy.invitations
        invitations.apply(invitations.create(OPERATOR, token, DEFAULT_HOURS, clock.now(), Role.OWNER))

    async def revoke(self, member: Member, invitation_id: object) -> None:
        require(member.role, Permission.INVITE)
        await self._pipeline.decide(lambda: self.policy.invitations.revoke(member.ref, invitation_id, clock.now()))

    @asynccontextmanager
    async def using(self, token: str) -> AsyncIterator[Role]:
        """Yield the role that this invitation gives; count it as used if the context succeeds.

        Consume single-use invitations up front (two people may race); restore on failure. Raises `AccountRefused`.
        """
        invitations, now = self.policy.invitations, clock.now()
        found = invitations.find(token, now)
        if found.is_single_use:
            invitations.apply(InvitationUsed(found.id, now))
        try:
            yield found.role
        except BaseException:
            if found.is_single_use:
                invitations.apply(InvitationCreated(OPERATOR, now, found))
            raise
        await self._pipeline.submit(InvitationUsed(found.id, clock.now()))

    def check_guest(self, client_identity: ClientIdentity, password: object) -> None:
        """Raise `CommandRefused` or `AccountRefused` unless a guest with this room password may join."""
        self.policy.check_guest(client_identity, password if isinstance(password, str) else "", clock.now())

    def check_sign_up(self, client_identity: ClientIdentity, secret: object) -> None:
        """Raise `CommandRefused` or `AccountRefused` unless this password or invitation allows signing up."""
        self.policy.check_sign_up(client_identity, secret if isinstance(secret, str) else "", clock.now())
