"""The page of a member: the frame that stays, and in it the panel of one room, which others take the place of."""

import asyncio
from contextlib import suppress
from dataclasses import replace
from typing import Literal
from weakref import proxy

from nicegui import background_tasks, events

from chat.domain.accounts.events import MemberRenamed
from chat.domain.commands.replies import LostRoomReply
from chat.domain.errors import ChatError
from chat.domain.events import Event
from chat.domain.rooms.directory.room_info import LOBBY
from chat.domain.rooms.events import MemberRemoved, RoomDeleted, RoomRenamed
from chat.domain.rooms.room import Room
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot, Node
from chat.ui import browser
from chat.ui.browser.composing.writing import written_in
from chat.ui.browser.listening import start_page
from chat.ui.browser.messages.acting import focus_room, refocus
from chat.ui.browser.navigation.linking import follow_address, show_address
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
from chat.ui.names import show_title
from chat.ui.page_connection import PageConnection, enter_room
from chat.ui.page_context import PageContext
from chat.web.addresses import find_room, link_token, room_path

AddressChange = Literal["push", "replace", "keep"]
"""What happens to the address in the browser, which can go back to the one before only after a push."""

PAUSE = 0.3  # seconds after a refusal
CHANGES = (MemberRemoved, MemberRenamed, RoomDeleted, RoomRenamed)


class RoomPage:
    """Builds the page, and shows other rooms in it."""

    def __init__(self, page: PageContext) -> None:
        self._page = page
        page.switcher = self
        page.access.reloads_in_place = True
        self._turn = asyncio.Lock()  # one switch at a time
        self._address_turn = asyncio.Lock()
        self._asked: object = None  # the newest address
        with HtmlElement("div", {"class": "room"}) as frame:
            browser.on(frame, "vnodeMounted", start_page)
            browser.on(frame, "vnodeMounted", follow_address, self.open_address, is_asked=True)
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
            self._sidebar = Sidebar(page, self.open_address)
            self._menu = Menu(page, proxy(self), dialogs=self._dialogs, account=AccountDialogs(dialog))
        self._frame = frame
        self.panel = self._build_panel()
        page.record.build_in_order(dialog=dialog.reopen, answer=self.panel.composer.answer.reopen)
        show_title(page)
        PageConnection(page, self._own_nodes, self._on_ready)
        page.client.on_delete(page.chat.subscribe(self._on_event, *CHANGES))
        page.record.former.clear()  # other panels begin anew

    async def open(self, room_id: object, message_id: str = "", address: AddressChange = "push") -> None:
        """Show a room, at a message if one is given, under its address. Raises `RoomRefused`."""
        page = self._page
        async with self._turn, page.chat.door.look_into(page.member_id, room_id) as room:
            is_other = room is not page.room and page.member is not None and not page.client.is_deleted
            if is_other:
                async with page.app.switch_turn:
                    await asyncio.sleep(0)  # whatever else is ready runs first
                    self._show(room, address)
                await enter_room(page, self._own_nodes)
            panel = self.panel
        if is_other:  # now that others have their turn: a browser may take its time, or never answer
            await panel.messages.on_ready()
        if message_id and panel is self.panel:
            await panel.go_to(message_id, "message-missing")

    def show_preferences(self) -> None:
        """Show which rooms the member wants to know of."""
        self._badges.show()

    def unload_earlier(self) -> None:
        """Remove earlier messages from a page that has gathered many."""
        self.panel.messages.unload_earlier()

    async def open_address(self, event: events.GenericEventArguments) -> None:
        """Show what an address names, of a link or as the member goes back or forward; or the room with a person.

        Of those that are asked for while one is being shown, only the last is.
        """
        self._asked = args = event.args
        async with self._address_turn:
            if self._asked is args and not await self._open_address(args):
                await asyncio.sleep(PAUSE)

    async def _open_address(self, args: object) -> bool:
        page = self._page
        try:
            match args:
                case [str() as path, str() as message_id, "push" | "replace" | "keep" as address] if page.member:
                    page.chat.door.count_switch(page.member_id)
                    found = find_room(page.chat.directory, page.member_id, path)
                    await self.open(found.id, message_id, address)
                case ["person", str() as member_id] if page.member:
                    await page.open_direct([member_id])
        except ChatError as problem:
            self._show_address("replace")  # it is another one after going back or forward
            self.panel.composer.problem.show(problem)
            return False
        return True

    def _show(self, room: Room, address: AddressChange) -> None:
        page, names = self._page, {*self._page.shown.view.region.snapshot(), *self._own_nodes()}
        page.save_last_seen_if_viewing()
        page.shown.view.region.remove(page.client)
        self.panel.element.delete()
        page.show_room(room)
        page.record.keep(answer=[])
        self.panel = self._build_panel(is_switched=True)
        self._show_address(address)
        self._badges.show()
        self._sidebar.direct_rooms.show()
        page.shown.view.region.send_to(page.client, dict.fromkeys(names))

    def _build_panel(self, *, is_switched: bool = False) -> RoomPanel:
        page = self._page
        with self._frame, page.record.numbering("panel"):
            panel = RoomPanel(page, self._dialogs, self._moderation, is_switched=is_switched)
        panel.element.move(target_index=self._place)
        return panel

    def _show_address(self, change: AddressChange) -> None:
        path = room_path(self._page.room_info)
        self._page.path = f"/{path}"
        if change != "keep":
            browser.call(self._page.client, show_address, path, change == "push")
        show_title(self._page)
        self._menu.refresh()

    def _own_nodes(self) -> dict[str, Node | None]:
        return self.panel.messages.earlier.pager.nodes()

    async def _on_ready(self) -> None:
        await self.panel.messages.on_ready()
        if token := link_token(self._page.path):
            await self._follow_link(token)

    async def _follow_link(self, token: str) -> None:
        """Make the member one of the private room that a link leads to, and show the room."""
        try:
            room = await self._page.chat.room_links.follow(self._page.member_id, token)
        except ChatError as problem:
            self._show_address("replace")
            self.panel.composer.problem.show(problem)
        else:
            await self.open(room.id, address="replace")

    def _on_event(self, event: Event) -> None:
        page = self._page
        match event:
            case RoomRenamed(room_id=self._page.room.id) if self._page.member:
                self._show_address("replace")
            case MemberRenamed(member_id=member_id) if page.room.is_direct and page.member:
                if member_id in page.room_info.members:
                    self._show_address("keep")
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
                    self._show_address("keep")

    async def _leave(self) -> None:
        """Show the lobby, as the member may no longer see this room."""
        self._dialogs.close()
        await self.open(LOBBY, address="replace")
        browser.call(self._page.client, focus_room)

    async def _leave_lost(self, reply: LostRoomReply) -> None:
        """Show the lobby, why, and what was being written."""
        room_id, written = self._page.room.id, ""
        await self._leave()
        with suppress(TimeoutError):  # the page is offline
            written = await browser.call(self._page.client, written_in, room_id)
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
