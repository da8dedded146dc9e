"""Questions that wait for an answer: a new name, and whether to wipe the history."""

from nicegui import events

from chat import words
from chat.errors import ChatError, NameRefused
from chat.events import Fact, MemberChanged
from chat.ui import browser
from chat.ui.join import NameForm
from chat.ui.theme import Tag
from chat.ui.visit import Visit

RENAME = "rename-dialog"
CLEAR = "clear-dialog"


class RenameDialog:
    """Asks for another name."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        assert visit.member
        with _dialog(RENAME, visit._("Change name")) as self._dialog:
            self._form = NameForm(visit, visit._("Save"), visit.member.name)
            with self._form.buttons:
                _cancel(visit, RENAME)
        browser.on(self._form.form, "submit", browser.FIELD, self._rename)
        visit.client.on_delete(visit.chat.subscribe(self._on_fact))

    def _rename(self, event: events.GenericEventArguments) -> None:
        if not self._visit.member:
            return
        try:
            self._visit.chat.rename(self._visit.member.id, event.args)
        except NameRefused as problem:
            self._form.refuse(problem)
        else:
            self._form.refuse(None)
            self._dialog.run_method("close")

    def _on_fact(self, fact: Fact) -> None:
        if isinstance(fact, MemberChanged) and self._visit.member and fact.member.id == self._visit.member.id:
            self._form.suggest(fact.member.name)


class ClearDialog:
    """Asks before the history is wiped."""

    def __init__(self, visit: Visit) -> None:
        self._visit = visit
        with _dialog(CLEAR, visit._("Clear the history?")) as self._dialog:
            Tag("p", text=visit._("All messages are deleted for everyone and from the disk. This can't be undone."))
            self._reason = Tag("p", {"class": "reason", "role": "alert"})
            with Tag("div", {"class": "buttons"}):
                Tag("button", {"type": "button", "class": "danger"}, visit._("Clear history")).on("click", self._clear)
                _cancel(visit, CLEAR)

    def ask(self) -> None:
        """Open the dialog."""
        self._dialog.run_method("showModal")

    async def _clear(self) -> None:
        if not self._visit.member:
            return
        try:
            await self._visit.chat.clear(self._visit.member.id)
        except ChatError as problem:
            self._reason.show(words.error(self._visit._, problem))
        else:
            self._reason.show("")
            self._dialog.run_method("close")


def _dialog(name: str, heading: str) -> Tag:
    dialog = Tag("dialog", {"id": name, "aria-labelledby": f"{name}-heading"})
    with dialog:
        Tag("h2", {"id": f"{name}-heading"}, heading)
    return dialog


def _cancel(visit: Visit, dialog: str) -> None:
    Tag("button", {"type": "button", "command": "close", "commandfor": dialog}, visit._("Cancel"))
