"""Questions that wait for an answer: a new name, and whether to wipe the history. Built when they are asked."""

from nicegui import events

from chat import words
from chat.errors import ChatError, NameRefused
from chat.ui import browser
from chat.ui.join import NameForm
from chat.ui.theme import Tag
from chat.ui.visit import Visit


class RenameDialog:
    """Asks for another name."""

    def __init__(self, visit: Visit, home: Tag) -> None:
        self._visit = visit
        self._dialog = _Dialog("rename-dialog", home)

    def open(self) -> None:
        """Ask."""
        _, member = self._visit._, self._visit.member
        if not member:
            return
        with self._dialog.build(_("Change name")):
            self._form = NameForm(self._visit, _("Save"), member.name)
            with self._form.buttons:
                self._dialog.build_cancel(_("Cancel"))
        browser.on(self._form.form, "submit", browser.FIELD, self._rename)
        self._dialog.show()

    def _rename(self, event: events.GenericEventArguments) -> None:
        if not self._visit.member:
            return
        try:
            self._visit.chat.rename(self._visit.member.id, event.args)
        except NameRefused as problem:
            self._form.refuse(problem)
        else:
            self._dialog.close()


class ClearDialog:
    """Asks before the history is wiped."""

    def __init__(self, visit: Visit, home: Tag) -> None:
        self._visit = visit
        self._dialog = _Dialog("clear-dialog", home)

    def open(self) -> None:
        """Ask."""
        _ = self._visit._
        with self._dialog.build(_("Clear the history?")):
            Tag("p", text=_("All messages are deleted for everyone and from the disk. This can't be undone."))
            self._reason = Tag("p", {"class": "reason", "role": "alert"})
            with Tag("div", {"class": "buttons"}):
                Tag("button", {"type": "button", "class": "danger"}, _("Clear history")).on("click", self._clear)
                self._dialog.build_cancel(_("Cancel"), autofocus="")
        self._dialog.show()

    async def _clear(self) -> None:
        if not self._visit.member:
            return
        try:
            await self._visit.chat.clear(self._visit.member.id)
        except ChatError as problem:
            self._reason.show(words.error(self._visit._, problem))
        else:
            self._dialog.close()


class _Dialog:
    """A modal `<dialog>` in `home`, fresh each time."""

    def __init__(self, name: str, home: Tag) -> None:
        self._name = name
        self._home = home
        self._element: Tag | None = None

    def build(self, heading: str) -> Tag:
        if self._element:
            self._element.delete()
        with self._home:
            self._element = Tag("dialog", {"id": self._name, "aria-labelledby": f"{self._name}-heading"})
        with self._element:
            Tag("h2", {"id": f"{self._name}-heading"}, heading)
        return self._element

    def build_cancel(self, name: str, **attributes: str) -> None:
        Tag("button", {"type": "button", "command": "close", "commandfor": self._name, **attributes}, name)

    def show(self) -> None:
        if self._element:
            self._element.run_method("showModal")

    def close(self) -> None:
        if self._element:
            self._element.run_method("close")
