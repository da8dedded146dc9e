"""The page for moderators: members, reports, bans and mutes, invitations, and the audit log."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import get_args

from fastapi import Depends, HTTPException, Request
from nicegui import Client, background_tasks, events, ui

from chat.domain.accounts.events import AccountEvent, InvitationEvent
from chat.domain.audit import AuditEntry
from chat.domain.errors import ChatError
from chat.domain.messages.events import HistoryCleared, MessageDeleted, MessageEdited, MessagesPurged
from chat.domain.moderation.events import ModerationEvent
from chat.domain.people.events import MemberJoined, MemberLeft
from chat.domain.permissions import Permission, has_permission, require
from chat.domain.rooms.events import DirectoryEvent
from chat.domain.rooms.moderation.moderation_actions import ModerationAction, ResolveReports, UnbanMember, UnmuteMember
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.i18n import phrases
from chat.ui import browser
from chat.ui.app_context import AppContext
from chat.ui.browser.commanding import emit_command
from chat.ui.browser.dialogs.asking import copy, watch_visibility
from chat.ui.browser.page import start
from chat.ui.browser.sectioning import note_control, return_to_control
from chat.ui.components.notifier import PageNotifier
from chat.ui.components.report_badge import ReportBadge
from chat.ui.components.sign_in_reminder import SignInReminder
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.moderation import ModerationDialogs
from chat.ui.dialogs.rooms.room_settings import RoomSettings
from chat.ui.document_head import open_page
from chat.ui.html import moderation as moderation_html
from chat.ui.html.buttons import MENU
from chat.ui.page_connection import PageConnection
from chat.ui.page_context import PageContext

AUDIT_ENTRIES = 100
DELAY = 0.3  # seconds; changes within them are shown together

CHANGES = (
    *get_args(ModerationEvent),
    *get_args(AccountEvent),
    *get_args(DirectoryEvent),
    *get_args(InvitationEvent),
    HistoryCleared,
    MemberJoined,
    MemberLeft,
    MessageDeleted,
    MessageEdited,
    MessagesPurged,
)


class ModerationPage:
    """Renders everything again after a change, and asks the domain to decide on every command."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        self._invitations = page.app.invitations
        self._new_link = ""
        self._timer: asyncio.TimerHandle | None = None
        with HtmlElement("div", {"class": "admin"}) as parent:
            browser.on(parent, "vnodeMounted", start)
            HtmlElement("h1", text=page.tr("Moderation"))
            with HtmlElement("div", {"class": "links"}):
                HtmlElement("a", {"href": "./"}, page.tr("Back to chat"))
                settings = HtmlElement(
                    "button", {"type": "button"}, phrases.with_dots(page.tr, page.tr("Room settings"))
                )
            self._error = HtmlElement("p", {"class": "reason", "role": "alert"})
            self._sections = HtmlElement("div", {"class": "sections"})
            commands = HtmlElement("div", {"id": MENU})
        dialog = Dialog(page, parent)
        settings.on("click", RoomSettings(dialog).open)
        PageNotifier(page, parent)
        ReportBadge(page, parent)
        SignInReminder(page, parent)
        self._dialogs = ModerationDialogs(dialog)
        browser.on(commands, "vnodeMounted", watch_visibility, self._note_visibility)
        browser.on(commands, "command", emit_command, self._run, is_asked=True)
        browser.on(self._sections, "click", copy)
        browser.on(self._sections, "focusin", note_control)
        browser.on(self._sections, "vnodeUpdated", return_to_control)
        dialog.reopen()
        page.client.on_delete(page.chat.subscribe(self._on_change, *CHANGES))

    @property
    def _commands(self) -> dict[str, Callable[[str], Awaitable[object] | None]]:
        page, chat = self._page, self._page.chat

        async def perform(action: ModerationAction) -> None:
            await chat.moderation.perform(page.member_id, page.room.id, action)

        return {
            "--person": self._dialogs.moderate,
            "--resolve": lambda key: perform(ResolveReports(_message_id(key), room_id=_room_id(key))),
            "--delete-reported": lambda key: chat.messages.delete_reported(
                page.member_id, _room_id(key), _message_id(key)
            ),
            "--unban": lambda member_id: perform(UnbanMember(member_id)),
            "--unmute": lambda member_id: perform(UnmuteMember(member_id)),
            "--invite": lambda _: self._invite(),
            "--revoke": self._revoke,
        }

    def _note_visibility(self, event: events.GenericEventArguments) -> None:
        self._page.set_visible(event.args != "hidden")

    async def show(self) -> None:
        """Render the current state; leave the page if the member is no longer a moderator."""
        try:
            reported = await self._page.chat.moderation.reported_messages(self._page.member_id)
            entries = await self._audit_entries()
        except ChatError:
            self._page.client.open("/")
            return
        policy = self._invitations.policy
        html = moderation_html.sections(self._page, policy, self._new_link, reported, entries)
        self._sections.set("innerHTML", html)

    async def _audit_entries(self) -> list[AuditEntry]:
        """Raises `NotHere`, `NotAllowed`."""
        role = self._member.role
        require(role, Permission.HANDLE_REPORTS)
        if not has_permission(role, Permission.SEE_AUDIT):
            return []
        return await self._page.chat.moderation.recent_audit_entries(self._page.member_id, AUDIT_ENTRIES)

    @property
    def _member(self) -> Member:
        """The member with their current role; raises `NotHere`."""
        return self._page.chat.people.member(self._page.member_id)

    async def _run(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str() as command, str() as value, *_] if command in self._commands:
                try:
                    outcome = self._commands[command](value)
                    if outcome is not None:
                        await outcome
                except ChatError as problem:
                    self._error.show(self._page.error_message(problem))
                else:
                    self._error.show("")
                    await self.show()

    async def _invite(self) -> None:
        token = await self._invitations.create(self._member)
        self._new_link = self._page.url(f"/invite/{token}")

    async def _revoke(self, invitation_id: str) -> None:
        await self._invitations.revoke(self._member, invitation_id)
        self._new_link = ""

    def _on_change(self, _event: object) -> None:
        if self._timer is None:
            self._timer = asyncio.get_running_loop().call_later(DELAY, self._show_changes)

    def _show_changes(self) -> None:
        self._timer = None
        if self._page.client.has_socket_connection:
            background_tasks.create(self.show(), name="show moderation page")


def _room_id(key: str) -> str:
    """Return the id of the room in the value of a report's button."""
    return key.partition("/")[0]


def _message_id(key: str) -> str:
    return key.partition("/")[2]


def register(app: AppContext, version: str) -> None:
    """Serve the page at `/moderation`; `version` is that of the style sheet."""

    async def check(request: Request) -> None:
        # Before the page is built: NiceGUI would build it even for a redirect.
        member = app.authenticator.current_member(request)
        if member is None and app.authenticator.has_expired(app.sessions.current()):
            raise HTTPException(303, headers={"Location": "./sso?back=/moderation"})
        if member is None or not has_permission(member.role, Permission.HANDLE_REPORTS):
            raise HTTPException(303, headers={"Location": "./"})

    @ui.page("/moderation", title=app.brand.title, dependencies=[Depends(check)])
    def moderation(client: Client) -> None:
        page = open_page(app, client, version)
        PageConnection(page, dict, ModerationPage(page).show)
