"""The doorkeeper: asks who comes what the door asks, and keeps the invitations on disk and in the audit log."""

import asyncio
import secrets
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime

from chat.domain.accounts.access_policy import AccessPolicy
from chat.domain.accounts.invitations import (
    HOURS,
    InvitationCreated,
    InvitationEvent,
    InvitationRevoked,
    Invitations,
    InvitationUsed,
)
from chat.domain.audit import Entry
from chat.domain.errors import AccountsUnwritable
from chat.domain.moderation.events import UserRef
from chat.domain.moderation.sanctions import ClientIdentity
from chat.domain.permissions import Permission, require
from chat.domain.rooms.room import LOBBY
from chat.domain.users import Member, Nickname, Role
from chat.storage.json_files.invitations import InvitationsFile
from chat.storage.json_files.moderation import ModerationStore


class InvitationService:
    """One per running chat. What it lets nobody do raises a `ChatError`, and changes nothing."""

    def __init__(self, door: AccessPolicy, file: InvitationsFile, records: ModerationStore) -> None:
        self.door = door
        self._file = file
        self._records = records
        self._turn = asyncio.Lock()

    async def invite(self, member: Member, hours: int) -> str:
        """Make an invitation; returns what is secret in its link. Raises `ChatError`."""
        require(member.role, Permission.INVITE)
        token = secrets.token_urlsafe(16)
        event = self.door.invitations.invite(member, token, hours, _now())
        await self._note(member, "invite", event.invitation.id, event.invitation.until)
        await self._commit(event)
        return token

    def invite_owner(self) -> str:
        """Make the invitation of the first account; it is not kept, a restart makes another."""
        token, nobody = secrets.token_urlsafe(16), Member("", Nickname("", ""))
        self.door.invitations.apply(self.door.invitations.invite(nobody, token, HOURS, _now(), Role.OWNER))
        return token

    async def revoke(self, member: Member, invitation_id: object) -> None:
        """Close what an invitation opened. Raises `ChatError`."""
        require(member.role, Permission.INVITE)
        event = self.door.invitations.revoke(invitation_id)
        await self._note(member, "revoke", event.invitation)
        await self._commit(event)

    @asynccontextmanager
    async def using(self, token: str) -> AsyncIterator[Role]:
        """The role that this invitation gives whoever signs up in the context. Raises `AccountRefused`.

        One that is good once is taken first, as two may come by it at the same time, and is back where that fails.
        """
        found = self.door.invitations.find(token, _now())
        once = found.role is Role.OWNER
        used = InvitationRevoked(found.id) if once else InvitationUsed(found.id)
        if once:
            self.door.invitations.apply(used)
        try:
            yield found.role
        except BaseException:
            if once:
                self.door.invitations.apply(InvitationCreated(found))
            raise
        await self._commit(used)

    def check_guest(self, client_identity: ClientIdentity, password: object) -> None:
        """Return if a guest may come in; raises `CommandRefused`, `AccountRefused`."""
        self.door.check_guest(client_identity, password if isinstance(password, str) else "", _now())

    def check_sign_up(self, client_identity: ClientIdentity, secret: object) -> None:
        """Return if somebody may make an account; raises `CommandRefused`, `AccountRefused`."""
        self.door.check_sign_up(client_identity, secret if isinstance(secret, str) else "", _now())

    async def _note(self, by: Member, act: str, what: str, until: datetime | None = None) -> None:
        await self._records.note(Entry(_now(), LOBBY, UserRef(by.id, by.name), act, until=until, what=what))

    async def _commit(self, event: InvitationEvent) -> None:
        async with self._turn:
            after = Invitations(self.door.invitations)
            after.apply(event)
            try:
                await asyncio.to_thread(self._file.save, list(after))
            except OSError:
                raise AccountsUnwritable from None
            self.door.invitations.apply(event)


def _now() -> datetime:
    return datetime.now(UTC)
