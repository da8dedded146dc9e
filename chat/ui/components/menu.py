"""The bar at the top, and the menu."""

from collections.abc import Awaitable, Callable
from typing import Protocol

from nicegui import events

from chat.domain.accounts.events import MemberRenamed, RoleChanged
from chat.domain.accounts.preferences import ColorScheme
from chat.domain.commands.replies import HelpReply
from chat.domain.users import Member
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.browser.asking import emit_choice, emit_command, focus_command, set_theme_color, watch
from chat.ui.components.room_panel import RoomPanel
from chat.ui.dialogs.account import AccountDialogs
from chat.ui.dialogs.room import RoomDialogs
from chat.ui.dialogs.room_settings import has_room_settings
from chat.ui.html.buttons import MENU
from chat.ui.html.menu import menu
from chat.ui.page_context import PageContext


def build_bar(page: PageContext) -> None:
    LiveSlot(page.chat_view.region, "bar", tag="header", attributes={"class": "bar"})


class ShowsRoom(Protocol):
    """The page, as the menu sees it (a `RoomPage`)."""

    panel: RoomPanel


class Menu:
    """The menu, which also receives the commands of all other buttons that are HTML only."""

    def __init__(self, page: PageContext, shows: ShowsRoom, *, dialogs: RoomDialogs, account: AccountDialogs) -> None:
        self._page = page
        self._shows = shows
        self._element = HtmlElement("div", {"id": MENU, "popover": "auto", "class": "menu"})
        self._items: dict[str, Callable[[], None]] = {
            "--rename": account.rename,
            "--sign-up": account.sign_up,
            "--sign-in": account.sign_in,
            "--account": account.account,
            "--search": dialogs.search,
            "--help": self._show_help,
            "--keys": dialogs.keys,
            "--settings": dialogs.settings,
            "--room": dialogs.room_settings,
            "--new-room": dialogs.new_room,
            "--mute": lambda: self._set_muted(True),
            "--unmute": lambda: self._set_muted(False),
            "--clear": dialogs.clear,
            "--leave": account.leave,
            "--sign-out": page.leave,
        }
        browser.on(self._element, "command", emit_command, self._run)
        browser.on(self._element, "vnodeMounted", watch, self._on_document_event)
        browser.on(self._element, "change", emit_choice, self._choose)
        self._element.on("toggle", self.refresh, args=[])
        if page.member:
            self._show(page.member)
        page.client.on_delete(page.chat.subscribe(self._on_event, MemberRenamed, RoleChanged))

    def refresh(self) -> None:
        """Show what may have changed: the color scheme in another tab, and what can be done with the shown room."""
        page, member = self._page, self._page.member
        if member is None:
            return
        if self._scheme is not page.preferences.scheme:
            self._show(member)
            self._show_theme_color()
        elif self._has_room_settings is not has_room_settings(page, member):
            self._show(member)

    def _show(self, member: Member) -> None:
        self._scheme = self._page.preferences.scheme
        self._has_room_settings = has_room_settings(self._page, member)
        items = menu(
            self._page.tr,
            member,
            self._scheme,
            has_account=self._page.sign_in_flow.account is not None,
            has_room_settings=self._has_room_settings,
        )
        self._element.set("innerHTML", items)

    def _run(self, event: events.GenericEventArguments) -> Awaitable[None] | None:
        match event.args:
            case [str() as command, *_] if command in self._items:
                self._element.run_method("hidePopover")
                self._items[command]()
            case [str() as command, str() as value, str() as message_id] if command in self._shows.panel.commands:
                return self._shows.panel.commands[command](value, message_id)
        return None

    def _on_document_event(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case "hidden" | "visible":
                self._page.is_visible = event.args == "visible"
                self._shows.panel.messages.set_page_visible(self._page.is_visible)
            case "keys" | "search":
                self._items[f"--{event.args}"]()

    def _show_help(self) -> None:
        if member := self._page.member:
            about_room = self._page.chat.room_commands.applicable(member, self._page.room.id)
            self._shows.panel.composer.answer.show(HelpReply(member.role, about_room))

    def _choose(self, event: events.GenericEventArguments) -> None:
        self._page.set_preference(event.args)
        self._show_theme_color()

    def _show_theme_color(self) -> None:
        scheme = self._page.preferences.scheme
        tags = self._page.brand.themes(None if scheme is ColorScheme.SYSTEM else scheme)
        browser.call(self._page.client, set_theme_color, tags)

    def _set_muted(self, on: bool) -> None:
        self._page.set_preference(["muted", on])
        browser.call(self._page.client, focus_command, "--unmute" if on else "--mute")

    def _on_event(self, event: MemberRenamed | RoleChanged) -> None:
        member = self._page.chat.people.members.get(event.member_id)
        if member and member.id == self._page.member_id:
            self._show(member)
