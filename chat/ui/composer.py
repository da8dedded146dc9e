"""Where people write: the typing line, answers only for them, the field and the button."""

from functools import cached_property

from nicegui import events

from chat import words
from chat.calls import Question, Reply
from chat.errors import ChatError, NotHere
from chat.messages import Message, is_message_id
from chat.roles import may_edit
from chat.ui import browser, frame, message_html
from chat.ui.completion import Completion
from chat.ui.dialogs import Dialogs
from chat.ui.live import Live
from chat.ui.people_nodes import QUIET
from chat.ui.theme import Tag
from chat.ui.visit import Visit

REPLY, EDIT = "reply-", "edit-"


class Composer:
    """Sends what is written. What is refused comes back into the field, with the reason above it.

    What is written may be about a message: a reply to it (`reply-ID`), or its new text (`edit-ID`). The page keeps that
    with the text, so that it is not lost when the line is.
    """

    def __init__(self, visit: Visit, dialogs: Dialogs) -> None:
        self._visit = visit
        self._dialogs = dialogs
        _, owner = visit._, visit.member.id if visit.member else ""
        with Tag("footer", {"class": "composer"}) as self._footer:
            Live(visit.board.region, "mode", attributes={"class": "mode"})
            self._form = form = Tag("form", {"id": "composer", "data-owner": owner}, html=frame.field(_))
            typing = {"class": "typing", **QUIET, "aria-label": _("Typing")}
            Live(visit.board.region, "typing", attributes=typing)
        self._completion = Completion(visit, self._footer)
        browser.on(form, "keydown", browser.KEYS, self._press)
        browser.on(form, "input", browser.DRAFT, self._typed, throttle=1.0)
        browser.on(form, "input", browser.COMPLETE, self._completion.suggest)
        browser.on(form, "resend", browser.COMPLETE, self._completion.suggest)
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
    def _about(self) -> Tag:
        """What message is answered or edited; shown by the style sheet while the form says that one is."""
        with self._footer:
            about = Tag("div", {"class": "about"})
        about.move(target_index=self._footer.default_slot.children.index(self._form))
        return about

    @cached_property
    def _reason(self) -> Tag:
        """Why something was refused; built when something is."""
        with self._footer:
            reason = Tag("p", {"class": "reason", "role": "alert"})
        reason.move(target_index=self._footer.default_slot.children.index(self._form))
        return reason

    def reply(self, message: Message) -> None:
        """What is written next answers `message`."""
        head = self._visit._("Replying to %(name)s", name=message_html.isolated(message.name))
        self._about.set("innerHTML", frame.about(self._visit._, head, message))
        browser.compose(self._visit.client, f"{REPLY}{message.id}")

    def edit(self, message: Message) -> None:
        """What is in the field becomes the text of `message`."""
        self._about.set("innerHTML", frame.about(self._visit._, self._visit._("Editing your message"), message))
        text = f"/{message.text}" if message.text.startswith("/") else message.text
        browser.compose(self._visit.client, f"{EDIT}{message.id}", text)

    def dismiss(self) -> None:
        """Neither answer nor edit."""
        browser.dismiss(self._visit.client)

    def answer(self, reply: Reply) -> None:
        """Show an answer that only this person sees."""
        lines = words.reply(self._visit._, reply, message_html.isolated)
        self._answer.set("innerHTML", frame.answer(self._visit._, lines))
        self._answer.set("hidden", None)

    def close_answer(self) -> None:
        """Hide the answer again."""
        self._answer.set("hidden", True)

    def refuse(self, problem: ChatError) -> None:
        """Say why something was refused."""
        self._reason.show(words.error(self._visit._, problem))

    def _press(self, event: events.GenericEventArguments) -> None:
        if event.args == "escape" and not self._completion.close():
            self.dismiss()
        elif event.args == "edit" and self._visit.member:
            member = self._visit.member
            own = (m for m in reversed(self._visit.chat.room.conversation.history) if may_edit(member, m))
            if message := next(own, None):
                self.edit(message)

    def _typed(self, event: events.GenericEventArguments) -> None:
        beginning = event.args if isinstance(event.args, str) else ""
        if self._visit.member:
            is_command = beginning.lstrip().startswith("/") and not beginning.startswith("//")
            self._visit.chat.type(self._visit.member.id, bool(beginning.strip()) and not is_command)

    async def _send(self, event: events.GenericEventArguments) -> None:
        self._completion.close()
        match event.args:
            case [str() as message_id, str() as text, str() as about, *seen] if is_message_id(message_id):
                await self._settle(message_id, text, about, seen == [True])

    async def _settle(self, message_id: str, text: str, about: str, seen: bool) -> None:
        client = self._visit.client
        try:
            outcome = await self._post(message_id, text, about)
        except ChatError as problem:
            browser.give_back(client, message_id, again=problem.key not in {"reply-gone", "message-gone"})
            self.refuse(problem)
            return
        browser.settle(client, message_id)
        if seen:
            self._reason.show("")
        match outcome:
            case Reply():
                self.answer(outcome)
            case Question(topic="clear"):
                self._dialogs.clear()
            case Question(topic="search", answer=query):
                self._dialogs.search(query)

    async def _post(self, message_id: str, text: str, about: str) -> Reply | Question | None:
        chat, member = self._visit.chat, self._visit.member
        if member is None:
            raise NotHere
        if about.startswith(EDIT):
            await chat.edit(member.id, about.removeprefix(EDIT), text)
            return None
        reply_to = about.removeprefix(REPLY) if about.startswith(REPLY) else None
        return await chat.post(member.id, text, message_id, reply_to)
