"""What all pages share."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from starlette.requests import Request

from chat.branding import Brand
from chat.domain.errors import EntryRefused, NameRefused
from chat.domain.moderation.sanctions import ClientIdentity
from chat.domain.users import Member, Role
from chat.state.accounts import AccountService
from chat.state.chat import Chat
from chat.state.invitations import InvitationService
from chat.ui.components.notifier import Notifications
from chat.ui.room_view import RoomViews
from chat.web.security.client_address import rate_limit_key
from chat.web.sessions import Identity, Session, Sessions

if TYPE_CHECKING:
    from chat.ui.page_context import PageContext


@dataclass(frozen=True, slots=True)
class AppContext:
    """What all pages share: the chat, its accounts, its sessions, and its room in every language."""

    chat: Chat
    accounts: AccountService
    invitations: InvitationService
    sessions: Sessions
    boards: RoomViews
    alerts: Notifications
    brand: Brand
    pages: set["PageContext"] = field(default_factory=set)

    def recall(self, session: Session, where: ClientIdentity) -> Member | None:
        """Who the session's person is; None for strangers and those who were signed out.

        Raises `NameRefused`, `EntryRefused`.
        """
        identity = session.identity
        if identity is None:
            return None
        if not self.is_current(session, identity):
            if identity.is_account and self.accounts.account(identity.id):
                self.sessions.refuse("signed-out", session)
            return None
        account = self.accounts.account(identity.id)
        here = self.chat.room.members.get(identity.id)
        role = account.role if account else here.role if here else Role.GUEST
        self.chat.check_can_join(identity.id, where, role)
        if here and (account is None or here.role is not Role.GUEST):
            return here
        name = self.chat.check_name(identity.id, account.name if account else identity.name)
        return Member(identity.id, name, role)

    def client_identity(self, session: Session, address: str) -> ClientIdentity:
        """Where the session's person comes from."""
        identity = session.identity
        is_signed_in = identity and identity.is_account and self.is_current(session, identity)
        return ClientIdentity(session.mark, address, identity.id if identity and is_signed_in else "")

    def is_current(self, session: Session, identity: Identity) -> bool:
        """Whether somebody may still be who they say: an account takes signing in, a guest an open door."""
        if identity.generation is not None:
            return self.accounts.is_current(identity.id, identity.generation)
        return self.accounts.account(identity.id) is None and self.is_admitted(session)

    def is_admitted(self, session: Session) -> bool:
        """Whether the door is open for this session's person as a guest."""
        door = self.invitations.door
        return door.admits_guests and session.admission == door.admission(session.id)

    def open_pages(self, address: str) -> tuple[int, int]:
        """How many pages are at an address (as in `client_address.rate_limit_key`), and how many never had a socket."""
        pages = [visit for visit in self.pages if visit.where.address == address]
        return len(pages), sum(not visit.had_socket for visit in pages)

    def caller(self, request: Request) -> Member | None:
        """Who makes the current request; None for those who have not joined, or may not come in."""
        session = self.sessions.current()
        try:
            return self.recall(session, self.client_identity(session, rate_limit_key(request.scope)))
        except (EntryRefused, NameRefused):
            return None
