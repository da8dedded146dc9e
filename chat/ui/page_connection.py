"""Keeps a page's member in the room while the page is connected."""

from collections.abc import Awaitable, Callable

from chat.domain.accounts.events import AccountChanged, AccountDeleted, MemberRenamed, PasswordResetUsed, RoleChanged
from chat.domain.errors import EntryRefused, NameRefused
from chat.domain.events import Event
from chat.domain.people.events import MemberLeft
from chat.domain.rooms.reloads import StateReloaded
from chat.ui import browser
from chat.ui.browser.composing.sent_texts import resend_now
from chat.ui.browser.resuming import resume_page
from chat.ui.page_context import PageContext
from chat.ui.views.live_view import OwnNodes

CHANGES = (MemberRenamed, RoleChanged, MemberLeft)
CHANGES_OF_ACCOUNT = (AccountChanged, AccountDeleted, PasswordResetUsed, StateReloaded)


async def enter_room(page: PageContext, own_nodes: OwnNodes) -> None:
    """Send the page the shown room now, and every change from now on, unless its member was removed meanwhile."""
    if page.may_see_room:
        await page.shown.view.enter(page.client, own_nodes)


class PageConnection:
    """Joins the chat on every connect, and revokes the page once its member may not stay.

    `own_nodes` returns the nodes that only this page shows. `on_ready` is called after (re)connecting, once the
    snapshot was sent.
    """

    def __init__(self, page: PageContext, own_nodes: OwnNodes, on_ready: Callable[[], Awaitable[None]]) -> None:
        self._page = page
        self._own_nodes = own_nodes
        self._on_ready = on_ready
        client = page.client
        client.on_connect(self._connect)
        client.on_disconnect(self._disconnect)
        client.on_delete(self._disconnect)
        client.on_delete(page.chat.subscribe(self._on_event, *CHANGES, member_id=page.member_id))
        client.on_delete(page.chat.subscribe(self._on_event, *CHANGES_OF_ACCOUNT))

    async def _connect(self) -> None:
        page = self._page
        try:
            if member := page.access.authenticate():
                identity, signed_in_at = page.access.client_identity, page.access.signed_in_at
                page.chat.members.connect(member, page.connection_id, identity, signed_in_at=signed_in_at)
        except (EntryRefused, NameRefused):
            page.access.member = None
        if not page.member:
            page.access.revoke()
            return
        page.access.revoke_previous_pages()
        await enter_room(page, self._own_nodes)  # first: the bar moves if the room's name comes later
        await page.chat_view.enter(page.client)
        await self._on_ready()
        if page.record.was_open:
            browser.call(page.client, resume_page)
        browser.call(page.client, resend_now)

    def _disconnect(self) -> None:
        # A new socket may be connected before the old one is closed.
        if self._page.member and not self._page.client.has_socket_connection:
            self._page.save_last_seen_if_viewing()
            self._page.chat.members.disconnect(self._page.member.id, self._page.connection_id)

    def _is_left_with_the_chat(self, member_id: str) -> bool:
        """Tell whether the member, a guest, can't come back to the shown room."""
        is_guest = self._page.accounts.account(member_id) is None
        return is_guest and self._page.chat.directory.is_private(self._page.room.id)

    def _on_event(self, event: Event) -> None:
        match event:
            case MemberRenamed() | RoleChanged():
                member = self._page.chat.people.members.get(self._page.member_id)
                if member:
                    self._page.access.update_member(member)
                    self._page.style.show_member(member)
            case MemberLeft(member=member) if member.id == self._page.member_id:
                if self._page.client.has_socket_connection:
                    if event.is_by_choice and self._is_left_with_the_chat(member.id):
                        self._page.path = "/"
                    self._page.access.revoke()
            case StateReloaded():
                self._page.access.revoke()
            case AccountChanged(account=member) | AccountDeleted(account=member) | PasswordResetUsed(actor=member):
                if member.id == self._page.member_id and self._page.access.is_signed_out():
                    self._page.access.revoke()
