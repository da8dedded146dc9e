"""The list of what may follow what is being typed: people after `@`, commands after `/`, emoji after `:`."""

from functools import cached_property
from html import escape

from nicegui import events

from chat.domain.commands.completion import Option, complete
from chat.domain.commands.everyone import COMMANDS, allowed
from chat.domain.messages.mentions import ALL
from chat.domain.permissions import Permission, has_permission
from chat.framework.elements import HtmlElement, RawElement
from chat.text import emoji as emojis
from chat.ui import browser
from chat.ui.html.message import avatar, isolated
from chat.ui.page_context import PageContext


class Completion:
    """The list above the field; built when there is something to offer for the first time."""

    def __init__(self, page: PageContext, home: RawElement) -> None:
        self._page = page
        self._home = home
        self._is_open = False

    @cached_property
    def _list(self) -> HtmlElement:
        attributes = {
            "id": "completion",
            "role": "listbox",
            "aria-label": self._page.tr("Suggestions"),
            "tabindex": 0,
        }
        with self._home:
            listbox = HtmlElement("ul", attributes)
        browser.on(listbox, "click", browser.CHOOSE)
        return listbox

    def suggest(self, event: events.GenericEventArguments) -> None:
        """Show what fits the end of what stands before the caret, which begins at a place in the field (UTF-16)."""
        match event.args:
            case [str() as before, int() as start] if self._page.member:
                room, member = self._page.chat.room, self._page.member
                word, options = complete(
                    before,
                    room.roster(),
                    allowed(member.role),
                    emojis.suggest,
                    can_mention_everyone=has_permission(member.role, Permission.MENTION_EVERYONE),
                    limit=len(COMMANDS),
                )
                if word.startswith("/") and start:
                    options = []
                self._show(word, options, start + _units(before) - _units(word))

    def close(self) -> bool:
        """Hide the list; returns whether it was open."""
        was_open = self._is_open
        if was_open:
            self._show("", [], 0)
        return was_open

    def _show(self, word: str, options: list[Option], start: int) -> None:
        if not options and not self._is_open:
            return
        self._is_open = bool(options)
        place = f'data-start={start} data-word="{escape(word)}"'
        # What is typed in full already is not chosen: Enter sends it.
        chosen = None if options and options[0].typed.casefold() == word.casefold() else 0
        rows = (self._row(i, option, i == chosen, place) for i, option in enumerate(options))
        self._list.set("innerHTML", "".join(rows))
        browser.point(self._page.client)

    def _row(self, number: int, option: Option, is_chosen: bool, place: str) -> str:
        chosen = f"aria-selected={str(is_chosen).lower()}"
        what = f'data-text="{escape(option.text)}" data-typed="{escape(option.typed)}"'
        attributes = f"id=option-{number} role=option {chosen} {place} {what}"
        return f"<li {attributes}>{self._label(option)}</li>"

    def _label(self, option: Option) -> str:
        tr = self._page.tr
        match option.kind:
            case "command":
                command = COMMANDS[option.key]
                usage, summary = escape(tr(command.usage)), escape(tr(command.summary))
                return f"<b>{isolated(f'/{command.name}')} {usage}</b><small>{summary}</small>"
            case "member" if option.key == ALL:
                everyone = escape(tr("Everyone in the room"))
                return f"<b>{isolated(option.label)}</b><small>{everyone}</small>"
            case "member":
                name = option.label.removeprefix("@")
                return f"{avatar(option.key, name)}<b>{isolated(name)}</b>"
            case _:
                return f"<b>{isolated(option.label)}</b>"


def _units(text: str) -> int:
    return len(text.encode("utf-16-le", "surrogatepass")) // 2
