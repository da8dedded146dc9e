"""Where people write: the typing line, answers only for them, the field and the button."""

from functools import cached_property

from nicegui import events

from chat import words
from chat.commands import Question, Reply
from chat.errors import ChatError
from chat.messages import is_message_id
from chat.ui import browser, fragments, frame
from chat.ui.dialogs import ClearDialog
from chat.ui.live import Live
from chat.ui.theme import Tag
from chat.ui.visit import Visit


class Composer:
    """Sends what is written. What is refused comes back into the field, with the reason above it."""

    def __init__(self, visit: Visit, clear_dialog: ClearDialog) -> None:
        self._visit = visit
        self._clear_dialog = clear_dialog
        _ = visit._
        with Tag("footer", {"class": "composer"}) as self._footer:
            self._form = form = Tag("form", {"id": "composer"}, html=frame.field(_))
            typing = {"class": "typing", "role": "status", "aria-label": _("Typing")}
            Live(visit.board.region, "typing", attributes=typing)
        browser.on(form, "keydown", browser.ENTER)
        browser.on(form, "input", browser.DRAFT, self._typed, throttle=1.0)
        browser.on(form, "submit", browser.SEND, self._send)
        browser.on(form, "resend", browser.RESEND, self._send)
        browser.on(form, "vnodeMounted", browser.RESTORE)

    @cached_property
    def _answer(self) -> Tag:
        """Answers for this person only; built when there is one."""
        with self._footer:
            answer = Tag("div", {"class": "answer", "role": "status", "aria-label": self._visit._("Answer")})
        answer.move(target_index=0)
        return answer

    @cached_property
    def _reason(self) -> Tag:
        """Why something was refused; built when something is."""
        with self._footer:
            reason = Tag("p", {"class": "reason", "role": "alert"})
        reason.move(target_index=self._footer.default_slot.children.index(self._form))
        return reason

    def _typed(self, event: events.GenericEventArguments) -> None:
        beginning = event.args if isinstance(event.args, str) else ""
        if self._visit.member:
            is_command = beginning.lstrip().startswith("/") and not beginning.startswith("//")
            self._visit.chat.type(self._visit.member.id, bool(beginning.strip()) and not is_command)

    async def _send(self, event: events.GenericEventArguments) -> None:
        match event.args:
            case [str() as message_id, str() as text, *seen] if is_message_id(message_id) and self._visit.member:
                await self._post(self._visit.member.id, message_id, text, seen == [True])

    async def _post(self, member_id: str, message_id: str, text: str, seen: bool) -> None:
        client = self._visit.client
        try:
            outcome = await self._visit.chat.post(member_id, text, message_id)
        except ChatError as problem:
            browser.give_back(client, message_id)
            self._reason.show(words.error(self._visit._, problem))
            return
        browser.settle(client, message_id)
        if seen:
            self._reason.show("")
        match outcome:
            case Reply():
                self.answer(outcome)
            case Question():
                self._clear_dialog.open()

    def answer(self, reply: Reply) -> None:
        """Show an answer that only this person sees."""
        lines = words.reply(self._visit._, reply, fragments.isolated)
        self._answer.set("innerHTML", frame.answer(self._visit._, lines))
        self._answer.set("hidden", None)

    def close_answer(self) -> None:
        """Hide the answer again."""
        self._answer.set("hidden", True)
