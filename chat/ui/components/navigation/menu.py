"""The bar at the top, and the menu."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from typing import Protocol

from markupsafe import Markup
from nicegui import events

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.accounts.preference_choices import ColorScheme
from chat.domain.commands.replies import HelpReply
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.commanding import emit_command, focus_command
from chat.ui.browser.dialogs.asking import emit_choice, set_theme_color, watch
from chat.ui.browser.messages.copying import say_all_read
from chat.ui.components.room_panel import RoomPanel
from chat.ui.dialogs.account import AccountDialogs
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.dialogs.rooms.room_settings import has_room_settings
from chat.ui.html.buttons import MENU
from chat.ui.html.menu import menu, room_items
from chat.ui.page_context import PageContext
from chat.ui.places import has_rooms
from chat.ui.preference_choice import choose
from chat.web.paths import room_path


def build_bar(page: PageContext) -> None:
    LiveSlot(page.chat_view.region, "bar", tag="header", attributes={"class": "bar"})


class ShowsRoom(Protocol):
    """The page, as the menu sees it (a `RoomPage`)."""

    panel: RoomPanel

    async def close_direct(self, room_id: str) -> None:
        """Take a direct room off the list."""


class Menu:
    """The menu, which also receives the commands of all other buttons that are HTML only."""

    def __init__(self, page: PageContext, shows: ShowsRoom, *, dialogs: RoomDialogs, account: AccountDialogs) -> None:
        self._page = page
        self._shows = shows
        self._element = HtmlElement("div", {"id": MENU, "popover": "auto", "class": "menu"})
        self._dialogs, self._account = dialogs, account
        browser.on(self._element, "command", emit_command, self._run, is_asked=True)
        browser.on(self._element, "vnodeMounted", watch, self._on_document_event, is_asked=True)
        browser.on(self._element, "change", emit_choice, self._choose)
        self._element.on("toggle", self.refresh, args=[])
        if page.member:
            self._show(page.member)
        page.client.on_delete(page.chat.subscribe(self._on_event, MemberRenamed, RoleChanged))

    @property
    def _items(self) -> dict[str, Callable[[], Awaitable[None] | None]]:
        return {
            "--rename": self._account.rename,
            "--sign-up": self._account.sign_up,
            "--sign-in": self._account.sign_in,
            "--account": self._account.account,
            "--new-message": self._dialogs.new_message,
            "--search": self._dialogs.search,
            "--mentions": self._dialogs.mentions,
            "--read-all": self._mark_all_read,
            "--help": self._show_help,
            "--keys": self._dialogs.keys,
            "--settings": self._dialogs.settings,
            "--room": self._dialogs.room_settings,
            "--new-room": self._dialogs.new_room,
            "--mute": lambda: self._set_muted(True),
            "--unmute": lambda: self._set_muted(False),
            "--clear": self._dialogs.clear,
            "--leave": self._account.leave,
            "--sign-out": self._page.leave,
        }

    def refresh(self) -> None:
        """Show what may have changed: the room, choices made in another tab, whether there are more rooms."""
        member = self._page.member
        if member and self._shown != self._state(member):
            before = self._shown
            self._show(member)
            if before[0] is not self._shown[0]:
                self._show_theme_color()

    def _state(self, member: Member) -> tuple[ColorScheme, Markup, bool]:
        page, room = self._page, self._page.room_info
        level, has_files = page.preferences.levels.get(room.id), page.chat.uploads.is_on
        items = room_items(page.tr, room_path(room), level, has_level=has_rooms(page), has_files=has_files)
        return page.preferences.scheme, items, has_room_settings(page, member)

    def _show(self, member: Member) -> None:
        self._shown = scheme, items, has_settings = self._state(member)
        html = menu(
            self._page.tr,
            member,
            scheme,
            items,
            has_account=self._page.sign_in_flow.account is not None,
            has_room_settings=has_settings,
            is_direct=self._page.room.is_direct,
        )
        self._element.set("innerHTML", html)

    def _run(self, event: events.GenericEventArguments) -> Awaitable[None] | None:
        match event.args:
            case [str() as command, *_] if command in self._items:
                self._element.run_method("hidePopover")
                return self._items[command]()
            case ["--close-direct", str() as room_id, *_]:
                return self._shows.close_direct(room_id)
            case [str() as command, str() as value, str() as message_id] if command in self._shows.panel.commands:
                return self._shows.panel.commands[command](value, message_id)
        return None

    def _on_document_event(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case "hidden" | "visible":
                self._page.set_visible(event.args == "visible")
                self._shows.panel.messages.set_page_visible(self._page.is_visible)
            case "keys" | "search":
                self._items[f"--{event.args}"]()
            case "read":
                self._mark_all_read()

    def _mark_all_read(self) -> None:
        self._page.chat.unread.mark_all_read(self._page.member_id)
        browser.call(self._page.client, say_all_read)

    def _show_help(self) -> None:
        if member := self._page.member:
            about_room = self._page.chat.room_commands.applicable(member, self._page.room.id)
            self._shows.panel.composer.answer.show(HelpReply(member.role, about_room))

    def _choose(self, event: events.GenericEventArguments) -> None:
        choose(self._page, event.args)
        self._show_theme_color()

    def _show_theme_color(self) -> None:
        scheme = self._page.preferences.scheme
        tags = self._page.brand.themes(None if scheme is ColorScheme.SYSTEM else scheme)
        browser.call(self._page.client, set_theme_color, tags)

    def _set_muted(self, on: bool) -> None:
        self._page.change_preferences(replace(self._page.preferences, muted=on))
        browser.call(self._page.client, focus_command, "--unmute" if on else "--mute")

    def _on_event(self, event: MemberRenamed | RoleChanged) -> None:
        member = self._page.chat.people.members.get(event.member_id)
        if member and member.id == self._page.member_id:
            self._show(member)
