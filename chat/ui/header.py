"""The bar at the top, and the menu."""

from nicegui import events

from chat.commands import Reply
from chat.events import Fact, MemberChanged
from chat.members import Member
from chat.ui import browser, frame
from chat.ui.composer import Composer
from chat.ui.dialogs import ClearDialog, RenameDialog
from chat.ui.live import Live
from chat.ui.theme import Scheme, Tag
from chat.ui.visit import Visit


def build(visit: Visit) -> None:
    """The bar."""
    Live(visit.board.region, "bar", "header", {"class": "bar"})


class Menu:
    """The menu, which also takes the commands of all other buttons that are HTML only."""

    def __init__(self, visit: Visit, style: Tag, composer: Composer, rename: RenameDialog, clear: ClearDialog) -> None:
        self._visit = visit
        self._style = style
        self._element = Tag("div", {"id": frame.MENU, "popover": "auto", "class": "menu"})
        self._commands = {
            "--rename": rename.open,
            "--clear": clear.open,
            "--help": lambda: composer.answer(Reply("help")),
            "--close-answer": composer.close_answer,
            "--leave": visit.leave,
        }
        self._element.on("command", self._run, args=["command"])
        browser.on(self._element, "change", browser.VALUE, self._set_scheme)
        if visit.member:
            self._show(visit.member)
        visit.client.on_delete(visit.chat.subscribe(self._on_fact, MemberChanged))

    def _show(self, member: Member) -> None:
        self._element.set("innerHTML", frame.menu(self._visit._, member, self._visit.scheme))

    def _run(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case {"command": str() as command} if command in self._commands:
                self._element.run_method("hidePopover")
                self._commands[command]()

    def _set_scheme(self, event: events.GenericEventArguments) -> None:
        if event.args in list(Scheme):
            self._visit.scheme = Scheme(event.args)
            self._style.show(self._visit.css)

    def _on_fact(self, fact: Fact) -> None:
        if isinstance(fact, MemberChanged) and self._visit.member and fact.member.id == self._visit.member.id:
            self._show(fact.member)
