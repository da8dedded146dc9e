"""The page for moderators: people, reports, what is in force, invitations, and the audit log."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import get_args

from fastapi import Depends, HTTPException, Request
from nicegui import Client, events, ui

from chat.domain.accounts.invitations import HOURS
from chat.domain.audit import Entry
from chat.domain.errors import ChatError
from chat.domain.events import MemberChanged, MemberJoined, MemberLeft, MessageDeleted, MessageEdited
from chat.domain.moderation.events import ModerationEvent
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.dialogs.dialog import Dialogs
from chat.ui.dialogs.moderation import Moderation
from chat.ui.document_head import open_page
from chat.ui.html import moderation as admin_html
from chat.ui.html.message import MENU
from chat.ui.page_connection import PageConnection
from chat.ui.page_context import PageContext

SHOWN = 100
SOON = 0.3  # seconds; many changes are one


class Admin:
    """One open page. It shows what is known when something changes, and asks the desk for all that is to be done."""

    def __init__(self, page: PageContext, app: AppContext) -> None:
        self._page = page
        self._keeper = app.invitations
        self._link = ""
        self._soon: asyncio.TimerHandle | None = None
        with HtmlElement("div", {"class": "admin"}) as home:
            HtmlElement("h1", text=page.tr("Moderation"))
            HtmlElement("a", {"href": "/", "class": "back"}, page.tr("Back to the chat"))
            self._problem = HtmlElement("p", {"class": "reason", "role": "alert"})
            self._sections = HtmlElement("div", {"class": "sections"})
            self._taker = HtmlElement("div", {"id": MENU})
        dialogs = Dialogs(page, home)
        self._commands: dict[str, Callable[[str], Awaitable[None] | None]] = {
            "--person": Moderation(page, dialogs).person,
            "--settle": lambda value: self._page.chat.moderation.resolve(self._member_id, value),
            "--delete-reported": lambda value: self._page.chat.delete(self._member_id, value),
            "--unban": lambda value: self._page.chat.moderation.unban(self._member_id, value),
            "--unmute": lambda value: self._page.chat.moderation.unmute(self._member_id, value),
            "--invite": lambda _: self._invite(),
            "--revoke": self._revoke,
        }
        browser.on(self._taker, "command", browser.COMMAND, self._run)
        browser.on(self._sections, "click", browser.COPY)
        kinds = (*get_args(ModerationEvent), MemberJoined, MemberLeft, MemberChanged, MessageDeleted, MessageEdited)
        page.client.on_delete(page.chat.subscribe(self._on_change, *kinds))
        page.client.on_delete(page.accounts.subscribe(self._on_change))

    @property
    def _member_id(self) -> str:
        return self._page.member_id

    async def show(self) -> None:
        """Show what is known now."""
        try:
            acts = await self._acts()
        except ChatError:  # they are no moderator any more, or left meanwhile
            self._page.client.open("/")
            return
        html = admin_html.sections(self._page, self._keeper.door, self._link, acts)
        self._sections.set("innerHTML", html)

    async def _acts(self) -> list[Entry]:
        """What the audit log says to whoever may see it; raises `NotHere`, `NotAllowed`."""
        role = self._member.role
        require(role, Permission.HANDLE_REPORTS)
        # Whoever reads here reads nothing in the room.
        self._page.chat.set_viewing_latest(self._member_id, self._page.client.id, False)
        return (
            await self._page.chat.moderation.recent_audit_entries(self._member_id, SHOWN)
            if has_permission(role, Permission.SEE_AUDIT)
            else []
        )

    @property
    def _member(self) -> Member:
        """Who asks, as they are now; raises `NotHere`."""
        return self._page.chat.room.member(self._member_id)

    async def _run(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str() as command, str() as value, *_] if command in self._commands:
                try:
                    outcome = self._commands[command](value)
                    if outcome is not None:
                        await outcome
                except ChatError as problem:
                    self._problem.show(self._page.error_message(problem))
                else:
                    self._problem.show("")
                    await self.show()

    async def _invite(self) -> None:
        token = await self._keeper.invite(self._member, HOURS)
        self._link = f"{str(self._page.client.request.base_url).rstrip('/')}/invite/{token}"

    async def _revoke(self, invitation_id: str) -> None:
        await self._keeper.revoke(self._member, invitation_id)
        self._link = ""

    def _on_change(self, _: object) -> None:
        if self._soon is None:
            self._soon = asyncio.get_running_loop().call_later(SOON, self._show_soon)

    def _show_soon(self) -> None:
        self._soon = None
        if self._page.client.has_socket_connection:
            asyncio.get_running_loop().create_task(self.show())


def register(app: AppContext, version: int) -> None:
    """Serve the page at `/moderation`."""

    async def check(request: Request) -> None:
        # First: a page that is not shown is not built.
        member = app.authenticator.current_member(request)
        if member is None or not has_permission(member.role, Permission.HANDLE_REPORTS):
            raise HTTPException(303, headers={"Location": "/"})

    @ui.page("/moderation", title=app.brand.title, dependencies=[Depends(check)])
    def moderation(client: Client) -> None:
        page = open_page(app, client, version)
        PageConnection(page, dict, Admin(page, app).show)
