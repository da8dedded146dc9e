"""The access of a page: its member, until it is revoked."""

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from urllib.parse import quote

from nicegui import Client

from chat.domain.errors import AccountRefused, ChatError, EntryRefused, NameRefused
from chat.domain.users import Member
from chat.framework.clients import disconnect_soon, forget_on_disconnect
from chat.framework.live_region import leave_regions
from chat.ui.app_context import AppContext
from chat.ui.sign_in_flow import SignInFlow
from chat.web.session import Session


class PageAccess:
    """Authenticates the session of a page, and revokes the page when its member may no longer act.

    `refusal` says why there is no member. A revoked page loads again where it is if `reloads_in_place`, otherwise at
    the lobby. The chat knows the page by its `connection_id`, as long as it is in this process.
    """

    def __init__(self, app: AppContext, client: Client, connection_id: str, session: Session, flow: SignInFlow) -> None:
        self._app = app
        self.connection_id = connection_id
        self._client = client
        self._session = session
        self._flow = flow
        self._ends: list[Callable[[], None]] = []
        self.client_identity = flow.client_identity
        self.reloads_in_place = False
        self.member: Member | None = None
        self.refusal: ChatError | None = None
        try:
            self.authenticate()
        except (EntryRefused, NameRefused) as problem:
            self.refusal = problem
        if key := session.pop_refusal():
            self.refusal = AccountRefused(key)

    @property
    def session_id(self) -> str:
        return self._session.id

    @property
    def signed_in_at(self) -> datetime:
        return self._session.signed_in_at

    def authenticate(self) -> Member | None:
        """Check the session again: it may have been revoked since the page was loaded.

        Raises `NameRefused`, `EntryRefused`.
        """
        self.member = self._app.authenticator.authenticate(self._session, self.client_identity)
        return self.member

    def update_member(self, member: Member) -> None:
        """Act under the member's new name or role."""
        self.member = member
        if self._session.identity:
            self._session.identity = replace(self._session.identity, name=member.name)

    @property
    def has_expired(self) -> bool:
        """Whether to ask the single sign-on provider again, which may sign the member in without a question."""
        return self._app.authenticator.has_expired(self._session)

    @property
    def renewal_path(self) -> str:
        """The path that leads to the provider and back to this page."""
        return f"/sso?back={quote(self._flow.path)}"

    def time_left(self) -> float | None:
        """Return the seconds until the session expires, None if it doesn't."""
        return self._app.authenticator.time_left(self._session)

    def is_signed_out(self) -> bool:
        identity = self._session.identity
        return identity is None or not self._app.authenticator.is_current(self._session, identity)

    async def sign_out(self) -> None:
        """Sign out in every tab of the browser, and leave the chat unless the member is there with another one."""
        chat, browser_id = self._app.chat, self._session.browser_id
        chat.push_devices.forget(browser_id)
        self._session.leave()
        await self._app.sessions.wait_until_shared()
        if self.member and chat.people.presence.is_connected_outside(self.member.id, browser_id):
            self._app.pages.end_signed_out(self.session_id)
        elif self.member:
            chat.members.leave(self.member.id)

    def on_revoke(self, end: Callable[[], None]) -> None:
        """Call `end` when the page is revoked."""
        self._ends.append(end)

    def close(self) -> None:
        """Called when the page is gone."""
        self._ends.clear()

    def revoke(self) -> None:
        """Reload the page and stop serving it, even if the client ignores the reload."""
        member, self.member = self.member, None
        if not self._flow.is_entering:  # otherwise it is being redirected already
            place = self._flow.path if self.reloads_in_place else "/"
            self._client.open(self.renewal_path if self.has_expired else place)
            forget_on_disconnect(self._client)
        for end in self._ends:
            end()
        leave_regions(self._client)
        disconnect_soon(self._client)
        if member:
            self._app.chat.members.disconnect(member.id, self.connection_id)

    def revoke_previous_pages(self) -> None:
        """Revoke the pages of the session that this one replaced.

        Before this page is connected, the browser may not have the new cookie.
        """
        previous_id, self._session.previous_id = self._session.previous_id, None
        if previous_id:
            for page in self._app.pages.of_session(previous_id):
                page.access.revoke()
