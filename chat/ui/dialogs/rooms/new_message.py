"""The dialog that begins a direct message: chooses the people it is for, by name."""

from collections.abc import Iterable

from markupsafe import Markup
from nicegui import events

from chat.domain.commands.completion import complete
from chat.domain.errors import ChatError, CommandRefused, RoomRefused
from chat.domain.rooms.directory.room_info import MAX_DIRECT
from chat.domain.users import UserRef
from chat.framework.elements import HtmlElement
from chat.ui import browser
from chat.ui.browser.dialogs.asking import ask_by_click, emit_value
from chat.ui.browser.dialogs.picking import emit_dropped, emit_picked, give_back, show_found, steer
from chat.ui.browser.holding import give_up
from chat.ui.dialogs.dialog import Dialog
from chat.ui.html.escaping import concat
from chat.ui.html.person import chip, found_row

FOUND = "found"
MAX_FOUND = 50


class NewMessage:
    """Enter takes the selected person and then, with nothing typed, shows the room of those chosen."""

    def __init__(self, dialog: Dialog) -> None:
        self._dialog = dialog
        self._page = dialog.page
        self._chosen: list[UserRef] = []
        self._query = ""
        dialog.openers["message"] = self.open

    def open(self, *chosen: str) -> None:
        """Open, with the people chosen who have these ids."""
        tr = self._page.tr
        found = map(self._page.chat.people.find_user, chosen)
        self._chosen, self._query = [user for user in found if user], ""
        with self._dialog.open("message", tr("New message"), "message", *chosen) as self._close:
            with HtmlElement("div", {"class": "picker"}):
                self._chips = HtmlElement("span", {"class": "chips"})
                field = HtmlElement("input", self._field_attributes())
            listbox = {"id": FOUND, "class": "found-people", "role": "listbox", "aria-label": tr("Suggestions")}
            self._found = HtmlElement("ul", listbox)
            self._error = HtmlElement("p", {"class": "reason", "role": "alert"})
            with HtmlElement("div", {"class": "buttons"}):
                self._button = HtmlElement("button", {"type": "button", "class": "primary"}, tr("Message"))
                self._dialog.build_close_button(tr("Cancel"))
        browser.on(field, "input", emit_value, self._on_input)
        browser.on(field, "keydown", steer, self._on_key, is_asked=True)
        browser.on(self._found, "click", emit_picked, self._on_picked)
        browser.on(self._chips, "click", emit_dropped, self._on_dropped)
        browser.on(self._button, "click", ask_by_click, lambda _: self._write(), is_asked=True)
        self._show()

    def _field_attributes(self) -> dict[str, object]:
        label = self._page.tr("People")
        return {
            "role": "combobox",
            "aria-autocomplete": "list",
            "aria-controls": FOUND,
            "aria-expanded": "true",
            "aria-label": label,
            "placeholder": label,
            "autocomplete": "off",
            "autofocus": "",
            "dir": "auto",
            "spellcheck": "false",
        }

    # From the browser.

    def _on_input(self, event: events.GenericEventArguments) -> None:
        self._query = event.args if isinstance(event.args, str) else ""
        self._error.show("")
        self._show()

    async def _on_key(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case ["enter", str() as typed, str() as member_id]:
                await self._enter(typed, member_id)
            case ["backspace", *_]:
                self._set_chosen(self._chosen[:-1])

    def _on_picked(self, event: events.GenericEventArguments) -> None:
        self._choose(event.args)

    def _on_dropped(self, event: events.GenericEventArguments) -> None:
        self._drop(event.args)

    async def _enter(self, typed: str, member_id: str) -> None:
        name = typed.strip()
        best = [user.id for user in self._matching(typed)] if name else []
        if member_id or best:
            self._choose(member_id or best[0])
        elif name:
            self._query = typed
            self._show()
            browser.call(self._page.client, give_back, typed)
            self._show_error(self._not_found(name))
        elif self._chosen:
            await self._write()

    def _not_found(self, name: str) -> ChatError:
        if self._is_full():
            return RoomRefused("direct-size", limit=MAX_DIRECT)
        return CommandRefused("nobody-called", name=name[:32])

    async def _write(self) -> None:
        close = self._close
        try:
            room = await self._page.chat.direct_rooms.open(self._page.member_id, [user.id for user in self._chosen])
            close()
            await self._page.open_room(room.id)
        except ChatError as problem:
            self._show_error(problem)

    def _choose(self, member_id: object) -> None:
        user = next((user for user in self._candidates() if user.id == member_id), None)
        if user:
            self._set_chosen([*self._chosen, user])

    def _drop(self, member_id: object) -> None:
        self._set_chosen([user for user in self._chosen if user.id != member_id], self._query)

    def _set_chosen(self, users: list[UserRef], query: str = "") -> None:
        self._chosen, self._query = users, query
        self._dialog.keep("message", *(user.id for user in users))
        self._error.show("")
        self._show()

    def _show_error(self, problem: ChatError) -> None:
        self._error.show(self._page.error_message(problem))
        browser.call(self._page.client, give_up)

    # What is shown.

    def _candidates(self) -> list[UserRef]:
        """Return the people who may be chosen: present ones before absent account holders."""
        people, taken = self._page.chat.people, {self._page.member_id, *(user.id for user in self._chosen)}
        if self._is_full():
            return []
        away = people.absent_members() if people.accounts.get(self._page.member_id) else []
        return [member.ref for member in (*people.roster(), *away) if member.id not in taken]

    def _is_full(self) -> bool:
        return len(self._chosen) >= MAX_DIRECT - 1

    def _matching(self, query: str) -> list[UserRef]:
        by_id = {user.id: user for user in self._candidates()}
        _, options = complete(f"@{query}", by_id.values(), (), _no_emojis, can_mention_everyone=False, limit=MAX_FOUND)
        return [by_id[option.key] for option in options]

    def _show(self) -> None:
        tr = self._page.tr
        self._chips.set("innerHTML", concat(chip(tr, user) for user in self._chosen))
        self._found.set("innerHTML", self._rows(self._matching(self._query)))
        self._found.set("data-query", self._query)
        self._button.set("disabled", None if self._chosen else True)
        browser.call(self._page.client, show_found)

    def _rows(self, users: Iterable[UserRef]) -> Markup:
        tr, people = self._page.tr, self._page.chat.people
        is_typed = bool(self._query.strip())
        return concat(
            found_row(tr, people, user, number, is_selected=is_typed and not number)
            for number, user in enumerate(users)
        )


def _no_emojis(_word: str, _limit: int) -> list[tuple[str, str]]:
    return []
