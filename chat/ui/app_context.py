"""The context that all pages share."""

import asyncio
from dataclasses import dataclass, field

from chat.config.branding import Brand
from chat.state.accounts.accounts import AccountService
from chat.state.accounts.invitations import InvitationService
from chat.state.accounts.password_resets import PasswordResetService
from chat.state.chat import Chat
from chat.state.pushes.push_notifications import PushNotifications
from chat.ui.notifications import Notifications
from chat.ui.page_registry import PageRegistry
from chat.ui.views.chat_view import ChatViews
from chat.ui.views.room_view import RoomViews
from chat.web.authentication import Authenticator
from chat.web.push.on_demand import PushOnDemand
from chat.web.push.payload import PushPayloads
from chat.web.sessions import Sessions


@dataclass(frozen=True, slots=True)
class Pushing:
    """The services for pushes, in a chat that has them."""

    service: PushOnDemand
    notifications: PushNotifications
    payloads: PushPayloads


@dataclass(frozen=True, slots=True)
class AppContext:
    """The services behind the pages, and the open pages themselves."""

    chat: Chat
    accounts: AccountService
    password_resets: PasswordResetService
    invitations: InvitationService
    sessions: Sessions
    authenticator: Authenticator
    chat_views: ChatViews
    room_views: RoomViews
    notifications: Notifications
    pages: PageRegistry
    brand: Brand
    switch_turn: asyncio.Lock = field(default_factory=asyncio.Lock)  # one page shows another room at a time
    pushing: Pushing | None = None

    def announce_restart(self) -> None:
        """Show on all pages that the server is about to restart."""
        for view in self.chat_views:
            view.announce_restart()
