"""Where people write: the typing line, answers only for them, the field and the button."""

from functools import cached_property

from nicegui import events

from chat.domain.commands.registry import Prompt, Reply
from chat.domain.errors import ChatError, NotHere
from chat.domain.events import Event, HistoryCleared, MessageDeleted, MessageEdited
from chat.domain.messages.message import Message, is_message_id
from chat.domain.permissions import can_edit
from chat.framework.elements import HtmlElement
from chat.framework.live_region import LiveSlot
from chat.i18n import phrases as words
from chat.ui import browser
from chat.ui.components.completion_list import Completion
from chat.ui.dialogs.dialog import Dialogs
from chat.ui.html import chrome as frame
from chat.ui.html import message as message_html
from chat.ui.html.roster import QUIET
from chat.ui.page_context import PageContext

REPLY, EDIT = "reply-", "edit-"
CHANGES = MessageEdited, MessageDeleted, HistoryCleared


class Composer:
    """Sends what is written. What is refused comes back into the field, with the reason above it.

    What is written may be about a message: a reply to it (`reply-ID`), or its new text (`edit-ID`). The page keeps that
    with the text, so that it is not lost when the line is.
    """

    def __init__(self, page: PageContext, dialogs: Dialogs) -> None:
        self._page = page
        self._dialogs = dialogs
        self._conversation = page.chat.room.conversation
        self._subject = ""
        self._is_text_back = self._is_answering = False
        tr, owner = page.tr, page.member.id if page.member else ""
        with LiveSlot(page.room_view.region, "mode", tag="footer", attributes={"class": "composer"}) as self._footer:
            self._form = form = HtmlElement("form", {"id": "composer", "data-owner": owner}, html=frame.field(tr))
            typing = {"class": "typing", **QUIET, "aria-label": tr("Typing")}
            LiveSlot(page.room_view.region, "typing", attributes=typing)
        self._completion = Completion(page, self._footer)
        browser.on(form, "keydown", browser.KEYS, self._press)
        browser.on(form, "input", browser.TYPED, self._typed, throttle=1.0)
        browser.on(form, "keep", browser.KEEP)
        browser.on(form, "input", browser.COMPLETE, self._completion.suggest)
        browser.on(form, "resend", browser.COMPLETE, self._completion.suggest)
        browser.on(form, "submit", browser.SEND, self._send)
        browser.on(form, "resend", browser.RESEND, self._send)
        browser.on(form, "vnodeMounted", browser.RESTORE, self._resume)

    @cached_property
    def _answer(self) -> HtmlElement:
        """Answers for this person only; built when there is one."""
        with self._footer:
            answer = HtmlElement("div", {"class": "answer", "role": "status", "aria-label": self._page.tr("Answer")})
        answer.move(target_index=0)
        return answer

    @cached_property
    def _about(self) -> HtmlElement:
        """What message is answered or edited; shown by the style sheet while the form says that one is."""
        with self._footer:
            about = HtmlElement("div", {"class": "about"})
        about.move(target_index=self._footer.default_slot.children.index(self._form))
        self._page.client.on_delete(self._page.chat.subscribe(self._on_event, *CHANGES))
        return about

    @cached_property
    def _reason(self) -> HtmlElement:
        """Why something was refused; built when something is."""
        with self._footer:
            reason = HtmlElement("p", {"class": "reason", "role": "alert"})
        reason.move(target_index=self._footer.default_slot.children.index(self._form))
        return reason

    def reply(self, message: Message) -> None:
        """What is written next answers `message`."""
        about = f"{REPLY}{message.id}"
        self._show_about(about)
        browser.compose(self._page.client, about)

    def edit(self, message: Message) -> None:
        """What is in the field becomes the text of `message`."""
        about = f"{EDIT}{message.id}"
        self._show_about(about)
        text = self._conversation.text_with_current_names(message)
        browser.compose(self._page.client, about, f"/{text}" if text.startswith("/") else text)

    def cancel_reply(self) -> None:
        """Neither answer nor edit."""
        browser.cancel_reply(self._page.client)

    def answer(self, reply: Reply) -> None:
        """Show an answer that only this person sees."""
        lines = words.reply(self._page.tr, reply, message_html.isolated)
        self._answer.set("innerHTML", frame.answer(self._page.tr, lines))
        self._answer.set("hidden", None)
        self._is_answering = True

    def close_answer(self) -> None:
        """Hide the answer again."""
        self._answer.set("hidden", True)
        self._is_answering = False
        browser.refocus(self._page.client)

    def refuse(self, problem: ChatError, *, is_text_back: bool = False) -> None:
        """Say why something was refused; if its text is in the field again, until that is put right."""
        self._is_text_back = is_text_back
        self._reason.show(words.error(self._page.tr, problem))

    def clear_error(self) -> None:
        """The person went on: say no more of what was refused, unless its text is in the field."""
        if "_reason" in vars(self) and not self._is_text_back:
            self._reason.show("")

    def _press(self, event: events.GenericEventArguments) -> None:
        if event.args == "escape":
            self._close()
        elif event.args == "edit" and self._page.member:
            member = self._page.member
            own = (m for m in reversed(self._conversation.history) if can_edit(member, m))
            if message := next(own, None):
                self.edit(message)

    def _close(self) -> None:
        """Close what is open: one thing with each press of the key."""
        if self._completion.close():
            return
        if self._is_answering:
            self.close_answer()
            return
        self._is_text_back = False
        self.clear_error()
        self.cancel_reply()

    def _typed(self, event: events.GenericEventArguments) -> None:
        beginning = event.args if isinstance(event.args, str) else ""
        if self._page.member:
            is_command = beginning.lstrip().startswith("/") and not beginning.startswith("//")
            self._page.chat.type(self._page.member.id, bool(beginning.strip()) and not is_command)

    def _resume(self, event: events.GenericEventArguments) -> None:
        """The page was loaded again while something about a message was being written."""
        if isinstance(event.args, str):
            self._show_about(event.args)

    def _show_about(self, about: str) -> None:
        self._subject = about
        tr, message = self._page.tr, self._conversation.history.get(_id(about))
        if message is None:
            head, text = "", tr("The message was deleted.")
        elif about.startswith(EDIT):
            head, text = tr("Editing your message"), self._conversation.text_with_current_names(message)
        else:
            head = tr("Replying to %(name)s", name=message_html.isolated(message.name))
            text = self._conversation.text_with_current_names(message)
        self._about.set("innerHTML", frame.about(tr, head, text))

    def _on_event(self, event: Event) -> None:
        match event:
            case HistoryCleared():
                self._show_about(self._subject)
            case MessageEdited(message=message_id) | MessageDeleted(message=message_id):
                if message_id == _id(self._subject):
                    self._show_about(self._subject)

    async def _send(self, event: events.GenericEventArguments) -> None:
        self._completion.close()
        match event.args:
            case [str() as message_id, str() as text, str() as about, *seen] if is_message_id(message_id):
                await self._settle(message_id, text, about, seen == [True])

    async def _settle(self, message_id: str, text: str, about: str, seen: bool) -> None:
        client = self._page.client
        try:
            outcome = await self._post(message_id, text, about)
        except ChatError as problem:
            again = problem.key not in {"reply-gone", "message-gone"}
            if again and about and not self._subject:  # written before the page was loaded again
                self._show_about(about)
            browser.restore_text(client, message_id, again=again)
            self.refuse(problem, is_text_back=True)
            return
        browser.settle(client, message_id)
        self._is_text_back = self._is_text_back and not seen
        self.clear_error()
        match outcome:
            case Reply():
                self.answer(outcome)
            case Prompt(topic="clear"):
                self._dialogs.clear()
            case Prompt(topic="search", answer=query):
                self._dialogs.search(query)

    async def _post(self, message_id: str, text: str, about: str) -> Reply | Prompt | None:
        chat, member = self._page.chat, self._page.member
        if member is None:
            raise NotHere
        if about.startswith(EDIT):
            await chat.edit(member.id, about.removeprefix(EDIT), text)
            return None
        reply_to = about.removeprefix(REPLY) if about.startswith(REPLY) else None
        return await chat.post(member.id, text, message_id, reply_to)


def _id(about: str) -> str:
    return about.removeprefix(REPLY).removeprefix(EDIT)
