"""The bar at the top, and the menu."""

from collections.abc import Awaitable

from nicegui import events

from chat.domain.accounts.preferences import ColorScheme
from chat.domain.commands import everyone as commands
from chat.domain.events import Event, MemberChanged
from chat.domain.users import Member, Role
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.ui import browser
from chat.ui.components.composer import Composer
from chat.ui.components.message_actions import Action, Actions
from chat.ui.components.message_list import MessageList
from chat.ui.dialogs.dialog import Dialogs
from chat.ui.html import chrome as frame
from chat.ui.html.message import MENU
from chat.ui.page_context import PageContext


def build(visit: PageContext) -> None:
    """The bar."""
    LiveSlot(visit.board.region, "bar", tag="header", attributes={"class": "bar"})


class Menu:
    """The menu, which also takes the commands of all other buttons that are HTML only."""

    def __init__(
        self, visit: PageContext, log: MessageList, composer: Composer, dialogs: Dialogs, actions: Actions
    ) -> None:
        self._visit = visit
        self._element = HtmlElement("div", {"id": MENU, "popover": "auto", "class": "menu"})
        self._items = {
            "--rename": dialogs.rename,
            "--sign-up": dialogs.sign_up,
            "--sign-in": dialogs.sign_in,
            "--account": dialogs.account,
            "--search": dialogs.search,
            "--help": lambda: composer.answer(commands.help_for(visit.member.role if visit.member else Role.GUEST)),
            "--keys": dialogs.keys,
            "--settings": dialogs.settings,
            "--mute": lambda: self._mute(True),
            "--unmute": lambda: self._mute(False),
            "--clear": dialogs.clear,
            "--leave": visit.leave,
        }
        self._log = log
        self._actions: dict[str, Action] = {
            "--close-answer": lambda *_: composer.close_answer(),
            "--dismiss": lambda *_: composer.dismiss(),
            "--load": lambda value, _: log.load(value),
            **actions.commands,
        }
        browser.on(self._element, "command", browser.COMMAND, self._run)
        browser.on(self._element, "vnodeMounted", browser.WATCH, self._watch)
        browser.on(self._element, "keydown", browser.OPEN_LIST)
        browser.on(self._element, "change", browser.CHOICE, self._choose)
        self._element.on("toggle", self._renew, args=[])
        if visit.member:
            self._show(visit.member)
        visit.client.on_delete(visit.chat.subscribe(self._on_event, MemberChanged))

    def _show(self, member: Member) -> None:
        has_account = self._visit.entrance.account is not None
        self._scheme = self._visit.preferences.scheme
        self._element.set("innerHTML", frame.menu(self._visit._, member, self._scheme, has_account=has_account))

    def _run(self, event: events.GenericEventArguments) -> Awaitable[None] | None:
        match event.args:
            case [str() as command, *_] if command in self._items:
                self._element.run_method("hidePopover")
                self._items[command]()
            case [str() as command, str() as value, str() as message_id] if command in self._actions:
                return self._actions[command](value, message_id)
        return None

    def _watch(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case "hidden" | "visible":
                self._log.set_visible(event.args == "visible")
            case "keys" | "search":
                self._items[f"--{event.args}"]()

    def _choose(self, event: events.GenericEventArguments) -> None:
        self._visit.prefer(event.args)
        self._paint()

    def _renew(self) -> None:
        """Light or dark may have been chosen in another tab."""
        if self._visit.member and self._scheme is not self._visit.preferences.scheme:
            self._show(self._visit.member)
            self._paint()

    def _paint(self) -> None:
        scheme = self._visit.preferences.scheme
        browser.theme(self._visit.client, self._visit.brand.themes(None if scheme is ColorScheme.SYSTEM else scheme))

    def _mute(self, on: bool) -> None:
        self._visit.prefer(["muted", on])
        browser.focus_command(self._visit.client, "--unmute" if on else "--mute")

    def _on_event(self, event: Event) -> None:
        if isinstance(event, MemberChanged) and self._visit.member and event.member.id == self._visit.member.id:
            self._show(event.member)
