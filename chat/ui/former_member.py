"""The member who was last in the chat with this browser, and may return."""

from contextlib import suppress

from nicegui import ui

from chat.text.nicknames import parse_nickname
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.browser.composing.owning import forget_member
from chat.web.identity import Identity
from chat.web.session import Session


class FormerMember:
    """The last member of one session: still in the chat, or gone."""

    def __init__(self, app: AppContext, session: Session) -> None:
        self._app = app
        self._session = session

    @property
    def name(self) -> str | None:
        last = self._last
        return last.name if last else None

    @property
    def has_account(self) -> bool:
        """Whether the member has an account, which they left or were signed out of."""
        last = self._last
        return last is not None and last.is_account and self._app.accounts.account(last.id) is not None

    def guest_id(self, name: object) -> str | None:
        """Return the id of the guest who left in this browser, if this is their name: nobody else gets it."""
        former = self._session.former_identity
        if former is None or former.is_account or self._app.accounts.account(former.id):
            return None
        return former.id if parse_nickname(name).key == parse_nickname(former.name).key else None

    async def forget_unless(self, member_id: str) -> None:
        """Delete the former member's texts in this browser, unless this member is the same."""
        former = self._session.former_identity
        if former and former.id != member_id:
            with suppress(TimeoutError):
                await browser.result_of(ui.context.client, forget_member, former.id)

    @property
    def _last(self) -> Identity | None:
        return self._session.identity or self._session.former_identity
