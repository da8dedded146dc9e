"""The page of a member: a frame that stays, and in it the panel of one room, which is replaced to show another."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from weakref import proxy

from nicegui import background_tasks, events

from chat.domain.accounts.events import MemberRenamed
from chat.domain.commands.replies import LostRoomReply
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.people.events import MemberLeft
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.events import MemberRemoved, RoomDeleted, RoomRenamed
from chat.domain.rooms.room import Room
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot, Node
from chat.ui import browser
from chat.ui.browser.composing.writing import written_in
from chat.ui.browser.listening import start_page
from chat.ui.browser.messages.acting import focus_room, refocus
from chat.ui.browser.navigation.linking import follow_url, show_url
from chat.ui.components.navigation import menu
from chat.ui.components.navigation.menu import Menu
from chat.ui.components.navigation.sidebar import Sidebar
from chat.ui.components.navigation.unread_badges import UnreadBadges
from chat.ui.components.notifier import PageNotifier
from chat.ui.components.push_renewal import PushRenewal
from chat.ui.components.report_badge import ReportBadge
from chat.ui.components.room_panel import RoomPanel
from chat.ui.components.sign_in_reminder import SignInReminder
from chat.ui.dialogs.account import AccountDialogs
from chat.ui.dialogs.dialog import Dialog
from chat.ui.dialogs.moderation import ModerationDialogs
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.link_opener import LinkOpener, UrlChange
from chat.ui.names import show_title
from chat.ui.page_connection import PageConnection, enter_room
from chat.ui.page_context import PageContext
from chat.ui.weakly import weakly
from chat.web.paths import link_token, room_path

CHANGES = (MemberRemoved, MemberRenamed, RoomDeleted, RoomRenamed)


class RoomPage:
    """Builds the page, and shows other rooms in it."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        page.switcher = self
        page.access.reloads_in_place = True
        self._turn = asyncio.Lock()  # one switch at a time
        self._links = LinkOpener(page, weakly(self.open), weakly(self.show_problem))
        with HtmlElement("div", {"class": "room"}) as frame:
            browser.on(frame, "vnodeMounted", start_page)
            browser.on(frame, "vnodeMounted", follow_url, self.open_link, is_asked=True)
            menu.build_bar(page)
            LiveSlot(page.chat_view.region, "lost", "day", "picture", attributes={"class": "live"})
            dialog = Dialog(page, frame)
            self._dialogs, self._moderation = RoomDialogs(dialog), ModerationDialogs(dialog)
            PageNotifier(page, frame)
            PushRenewal(page)
            SignInReminder(page, frame)
            ReportBadge(page, frame)
            self._badges = UnreadBadges(page)
            self._place = len(frame.default_slot.children)  # of the panel
            self._sidebar = Sidebar(page, self.open_link)
            self._menu = Menu(page, proxy(self), dialogs=self._dialogs, account=AccountDialogs(dialog))
        self._frame = frame
        self.panel = self._build_panel()
        page.record.build_in_order(dialog=dialog.reopen, **self.panel.parts)
        show_title(page)
        PageConnection(page, self._own_nodes, self._on_ready)
        page.client.on_delete(page.chat.subscribe(self._on_event, *CHANGES))
        page.record.former.clear()  # other panels begin anew

    async def open(self, room_id: object, message_id: str = "", url_change: UrlChange = "push") -> None:
        """Show a room, at a message if one is given, under its URL. Raises `RoomRefused`."""
        page = self._page
        async with self._turn, page.chat.room_access.view(page.member_id, room_id) as room:
            is_other = room is not page.room
            if is_other:
                async with page.app.switch_turn:
                    await asyncio.sleep(0)  # whatever else is ready runs first
                    page.chat.directory.room_for(page.member_id, room.id)  # the member may have lost it meanwhile
                    is_other = page.member is not None and not page.client.is_deleted
                    if is_other:
                        self._show(room, url_change)
            if is_other:
                await enter_room(page, self._own_nodes)
            panel = self.panel
        if is_other:  # now that others have their turn: a browser may take its time, or never answer
            await panel.messages.on_ready()
        if message_id and panel is self.panel:
            await panel.go_to(message_id, "message-missing")

    def show_preferences(self) -> None:
        """Show the unread rooms by the changed preferences."""
        self._badges.show()

    def unload_earlier(self) -> None:
        """Remove earlier messages from a page that has gathered many."""
        self.panel.messages.unload_earlier()

    async def open_link(self, event: events.GenericEventArguments) -> None:
        """Show the target of a link, also after going back or forward, or the direct room with a person."""
        await self._links.open(event.args)

    def show_problem(self, problem: ChatError) -> None:
        """Show why a link can't be followed, and the URL of the shown room again."""
        self._show_url("replace")  # it is another one after going back or forward
        self.panel.composer.problem.show(problem)

    def _show(self, room: Room, url_change: UrlChange) -> None:
        page, names = self._page, {*self._page.shown.view.region.snapshot(), *self._own_nodes()}
        page.save_last_seen_if_viewing()
        page.shown.view.region.remove(page.client)
        self.panel.element.delete()
        page.show_room(room)
        page.record.keep(**dict.fromkeys(self.panel.parts))
        self.panel = self._build_panel(is_switched=True)
        self._show_url(url_change)
        self._badges.show()
        self._sidebar.direct_rooms.show()
        page.shown.view.region.send_to(page.client, dict.fromkeys(names))

    def _build_panel(self, *, is_switched: bool = False) -> RoomPanel:
        page = self._page
        with self._frame, page.record.numbering("panel"):
            panel = RoomPanel(page, self._dialogs, self._moderation, is_switched=is_switched)
        panel.element.move(target_index=self._place)
        if page.room.is_direct:  # only then: in a large chat, people leave all the time
            page.shown.subscribe(self._on_event, MemberLeft, everywhere=True)
        return panel

    def _show_url(self, change: UrlChange) -> None:
        path = room_path(self._page.room_info)
        self._page.path = f"/{path}"
        if change != "keep":
            browser.call(self._page.client, show_url, path, change == "push")
        show_title(self._page)
        self._menu.refresh()

    def _own_nodes(self) -> dict[str, Node | None]:
        return self.panel.messages.earlier.pager.nodes()

    async def _on_ready(self) -> None:
        await self.panel.messages.on_ready()
        if token := link_token(self._page.path):
            await self._follow_link(token)

    async def _follow_link(self, token: str) -> None:
        """Add the member to the private room that a link leads to, and show the room."""
        try:
            room = await self._page.chat.room_links.follow(self._page.member_id, token)
            await self.open(room.id, url_change="replace")
        except ChatError as problem:
            self.show_problem(problem)

    def _on_event(self, event: Event) -> None:
        page = self._page
        match event:
            case RoomRenamed(room_id=self._page.room.id) if self._page.member:
                self._show_url("replace")
            case MemberRenamed() | MemberLeft() if page.room.is_direct and page.member:
                if event.member_id in page.room_info.members:  # who left may have deleted their account
                    self._show_url("keep")
            case RoomDeleted(room_id=self._page.room.id):
                background_tasks.create(self._leave_lost(LostRoomReply()), name="leave a room that ended")
            case MemberRemoved(room_id=self._page.room.id, actor=actor, target=target) if page.member:
                if target.id == self._page.member_id:
                    page.shown.view.region.remove(page.client)
                    room = page.chat.directory.get(event.room_id)
                    is_removed = room is not None and actor.id != target.id
                    leaving = self._leave_lost(LostRoomReply(room.name)) if room and is_removed else self._leave()
                    background_tasks.create(leaving, name="leave a room")
                elif page.room.is_direct:
                    self._show_url("keep")

    async def _leave(self) -> None:
        """Show the lobby, as the member may no longer see this room."""
        self._dialogs.close()
        await self.open(LOBBY, url_change="replace")
        browser.call(self._page.client, focus_room)

    async def _leave_lost(self, reply: LostRoomReply) -> None:
        """Show the lobby with the reason, and the draft of the lost room."""
        room_id, written = self._page.room.id, ""
        await self._leave()
        with suppress(TimeoutError):  # the page is offline
            written = await browser.result_of(self._page.client, written_in, room_id)
        self.panel.composer.answer.show(replace(reply, text=written if isinstance(written, str) else ""))

    async def close_direct(self, room_id: str) -> None:
        """Take a direct room off the list; the lobby takes its place if it is shown."""
        page = self._page
        try:
            if page.room.id == room_id:
                await self.open(LOBBY)
            await page.chat.direct_rooms.close(page.member_id, room_id)
            browser.call(page.client, refocus)
        except ChatError as problem:
            self.panel.composer.problem.show(problem)
