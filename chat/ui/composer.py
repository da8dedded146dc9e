"""Where people write: the typing line, answers only for them, the field and the button."""

from nicegui import events

from chat import words
from chat.commands import Question, Reply
from chat.errors import ChatError
from chat.messages import is_message_id
from chat.ui import browser, fragments
from chat.ui.dialogs import ClearDialog
from chat.ui.live import Live
from chat.ui.theme import Tag, icon_button
from chat.ui.visit import Visit


class Composer:
    """Sends what is written. What is refused comes back into the field, with the reason above it."""

    def __init__(self, visit: Visit, clear_dialog: ClearDialog) -> None:
        self._visit = visit
        self._clear_dialog = clear_dialog
        _ = visit._
        with Tag("footer", {"class": "composer"}):
            answer = {"class": "answer", "role": "status", "aria-label": _("Answer"), "hidden": True}
            with Tag("div", answer) as self._answer:
                self._lines = Tag("div", {"class": "lines"})
                icon_button("x", _("Close")).on("click", lambda: self._answer.set("hidden", True))
            self._reason = Tag("p", {"class": "reason", "role": "alert"})
            with Tag("form", {"id": "composer"}) as form:
                field = Tag("textarea", _field(_("Message"), _("Write a message…")))
                icon_button("send", _("Send"), {"type": "submit", "class": "icon icon-send primary"})
            with Tag("div", {"class": "typing", "role": "status", "aria-label": _("Typing")}):
                Live(visit.board.region, "typing")
        browser.on(field, "keydown", browser.ENTER)
        browser.on(field, "input", browser.DRAFT, self._typed, throttle=1.0)
        browser.on(form, "submit", browser.SEND, self._send)
        browser.on(form, "resend", browser.RESEND, self._send)
        browser.on(form, "vnodeMounted", browser.RESTORE)

    def _typed(self, event: events.GenericEventArguments) -> None:
        beginning = event.args if isinstance(event.args, str) else ""
        if self._visit.member:
            is_command = beginning.lstrip().startswith("/") and not beginning.startswith("//")
            self._visit.chat.type(self._visit.member.id, bool(beginning.strip()) and not is_command)

    async def _send(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str() as message_id, str() as text] if is_message_id(message_id) and self._visit.member:
                await self._post(self._visit.member.id, message_id, text)

    async def _post(self, member_id: str, message_id: str, text: str) -> None:
        client = self._visit.client
        try:
            outcome = await self._visit.chat.post(member_id, text, message_id)
        except ChatError as problem:
            browser.give_back(client, message_id)
            self._reason.show(words.error(self._visit._, problem))
            return
        browser.settle(client, message_id)
        if self._reason.props.get("textContent"):
            self._reason.show("")
        match outcome:
            case Reply():
                self.answer(outcome)
            case Question():
                self._clear_dialog.ask()

    def answer(self, reply: Reply) -> None:
        """Show an answer that only this person sees."""
        self._lines.set("innerHTML", "\n".join(words.reply(self._visit._, reply, fragments.isolated)))
        self._answer.set("hidden", None)


def _field(name: str, placeholder: str) -> dict[str, object]:
    return {
        "name": "message",
        "rows": 1,
        "dir": "auto",
        "autofocus": "",
        "autocomplete": "off",
        "aria-label": name,
        "placeholder": placeholder,
    }
